//! `Cases`: the handle of the one path: the complaints that are due, what they start from, and their commit.

use super::column::Json;
use super::database::Database;
use super::error::StoreError;
use super::processes::Share;
use super::row::{Row, view};
use super::sets::ROWS;
use super::statement::{On, Statement};
use super::tables::complaints::{Candidate, ComplaintKey, VersionRow, of_sender};
use super::tables::links::LinkRow;
use super::tables::triggers::TriggerRow;
use crate::calendar::Moment;
use crate::complaint::{Complaint, ComplaintId};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// The handle of complaints as cases: found here, loaded in `loading.rs`, written in `commit.rs`.
#[derive(Clone, Debug)]
pub struct Cases(pub(super) Database);

/// The triggers that wait for a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingTrigger {
    /// The id of the oldest trigger, which the commit that answers it consumes.
    pub id: String,
    /// The oldest trigger as JSON.
    pub content: String,
    /// The number that wait, this one included; at least 1.
    pub waiting: usize,
}

view! {
    struct FactsOf in "complaints" as "complaint" ("id") {
        id: ComplaintId,
        facts: Json<Complaint>,
    }
}

impl Cases {
    /// Returns the complaints of a share that are due at `now`, at most `limit`, most overdue first.
    pub async fn due(&self, share: Share, now: Moment, limit: usize) -> Result<Vec<ComplaintId>, StoreError> {
        let due = format!(
            "FROM complaints WHERE wake_at IS NOT NULL AND wake_at <= $1{} ORDER BY wake_at, id LIMIT $2",
            share.condition()
        );
        self.ids(Statement::select::<ComplaintKey>(&due).with(now).with(limit)).await
    }

    /// Returns the earliest moment at which a complaint of a share is due; none when none ever is.
    pub async fn next_wake(&self, share: Share) -> Result<Option<Moment>, StoreError> {
        let sql = format!(
            "SELECT wake_at FROM complaints WHERE wake_at IS NOT NULL{} ORDER BY wake_at LIMIT 1",
            share.condition()
        );
        Ok(Statement::new(sql).value("wake_at", &self.0.reader).await?.map(Moment::from_millis))
    }

    /// Returns at most `limit` live complaints of a share that were last evaluated under another stamp. Two ranges, so that
    /// the index answers at once.
    pub async fn stale(
        &self,
        share: Share,
        stamp: &str,
        limit: usize,
    ) -> Result<Vec<ComplaintId>, StoreError> {
        let mut found = Vec::new();
        for range in ["<", ">"] {
            let rest = format!(
                "FROM complaints WHERE is_live = 1 AND evaluated_under {range} $1{} \
                 ORDER BY evaluated_under, id LIMIT $2",
                share.condition()
            );
            let stale = Statement::select::<ComplaintKey>(&rest).with(stamp).with(limit - found.len());
            found.extend(self.ids(stale).await?);
        }
        Ok(found)
    }

    /// Returns at most `limit` complaints of a share that nothing was decided on yet, the oldest first.
    pub async fn undecided(&self, share: Share, limit: usize) -> Result<Vec<ComplaintId>, StoreError> {
        let undecided = format!(
            "FROM complaints WHERE is_live = 1 AND evaluated_under = ''{} ORDER BY id LIMIT $1",
            share.condition()
        );
        self.ids(Statement::select::<ComplaintKey>(&undecided).with(limit)).await
    }

    /// Returns the versions of complaints, which go up with everything that is decided or wakes them.
    pub async fn versions(&self, ids: &[ComplaintId]) -> Result<BTreeMap<ComplaintId, i64>, StoreError> {
        versions(On::Pool(&self.0.reader), ids, "").await
    }

    /// Counts the live complaints.
    pub async fn live(&self) -> Result<usize, StoreError> {
        let live = Statement::counting("complaints WHERE is_live = 1").count(&self.0.reader).await?;
        Ok(usize::try_from(live).unwrap_or(0))
    }

    /// Returns the newest complaints whose state is terminal, newest first.
    pub async fn newest_finished(&self, limit: usize) -> Result<Vec<ComplaintId>, StoreError> {
        let finished = "FROM complaints WHERE is_live = 0 ORDER BY id DESC LIMIT $1";
        self.ids(Statement::select::<ComplaintKey>(finished).with(limit)).await
    }

    /// Returns live complaints after `after` in id order, for the sweep's rotating sample.
    pub async fn live_after(&self, after: ComplaintId, limit: usize) -> Result<Vec<ComplaintId>, StoreError> {
        let later = "FROM complaints WHERE id > $1 AND is_live = 1 ORDER BY id LIMIT $2";
        self.ids(Statement::select::<ComplaintKey>(later).with(after).with(limit)).await
    }

    async fn ids(&self, statement: Statement) -> Result<Vec<ComplaintId>, StoreError> {
        let rows: Vec<ComplaintKey> = statement.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Finds a complaint by number or intake id, written exactly so.
    pub async fn find(&self, reference: &str) -> Result<Option<Candidate>, StoreError> {
        let named = Statement::select::<Candidate>("FROM complaints WHERE number = $1 OR intake_id = $1");
        named.with(reference).first(&self.0.reader).await
    }

    /// Finds a complaint by its key.
    pub async fn candidate(&self, id: ComplaintId) -> Result<Option<Candidate>, StoreError> {
        let this = Statement::select::<Candidate>("FROM complaints WHERE id = $1");
        this.with(id).first(&self.0.reader).await
    }

    /// Returns every trigger that waits, as JSON, by complaint and oldest first.
    pub async fn waiting_triggers(&self) -> Result<HashMap<ComplaintId, VecDeque<String>>, StoreError> {
        let waiting = Statement::select::<TriggerRow>("FROM triggers ORDER BY at, id");
        let mut found: HashMap<ComplaintId, VecDeque<String>> = HashMap::new();
        for row in waiting.all::<TriggerRow>(&self.0.reader).await? {
            found.entry(row.complaint_id).or_default().push_back(row.content);
        }
        Ok(found)
    }

    /// Returns which complaints list these: (who lists, whom).
    pub async fn listing(&self, ids: &[ComplaintId]) -> Result<Vec<(ComplaintId, ComplaintId)>, StoreError> {
        let mut found = Vec::new();
        for set in ids.chunks(ROWS) {
            let sql = format!("SELECT {} FROM links WHERE other_id IN ", LinkRow::columns());
            let listing = Statement::new(sql).and_list(set.iter().copied());
            let rows: Vec<LinkRow> = listing.all(&self.0.reader).await?;
            found.extend(rows.into_iter().map(|row| (row.complaint_id, row.other_id)));
        }
        Ok(found)
    }

    /// Returns the newest complaints of a sender, newest first, as a new complaint of that sender is linked to
    /// them.
    pub async fn of_sender(&self, email: &str) -> Result<Vec<ComplaintId>, StoreError> {
        let Some(same) = of_sender(email) else { return Ok(Vec::new()) };
        self.ids(same).await
    }

    /// Returns the complaints of which somebody sent a mail, by an address.
    pub async fn with_mail_of(&self, email: &str) -> Result<BTreeSet<ComplaintId>, StoreError> {
        let of = "SELECT complaint_id FROM mails WHERE sender = $1 AND complaint_id IS NOT NULL";
        let of: Vec<i64> = Statement::new(of).with(email).values("complaint_id", &self.0.reader).await?;
        Ok(of.into_iter().map(ComplaintId).collect())
    }

    /// Returns the complaints after one of them that may name an address, which is in lower case, anywhere in their facts, oldest
    /// first, at most `limit`: all that do, and others.
    pub async fn maybe_naming(
        &self,
        email: &str,
        after: ComplaintId,
        limit: usize,
    ) -> Result<Vec<(ComplaintId, Complaint)>, StoreError> {
        let naming = "FROM complaints WHERE id > $1 AND lower(facts) LIKE $2 ORDER BY id LIMIT $3";
        let naming = Statement::select::<FactsOf>(naming).with(after).with(pattern(email)).with(limit);
        let rows: Vec<FactsOf> = naming.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.facts.0)).collect())
    }

    /// Returns what waits for each of these complaints; those that nothing waits for are left out.
    pub async fn triggers(
        &self,
        ids: &[ComplaintId],
    ) -> Result<HashMap<ComplaintId, WaitingTrigger>, StoreError> {
        let mut found: HashMap<ComplaintId, WaitingTrigger> = HashMap::new();
        for set in ids.chunks(ROWS) {
            let sql = format!("SELECT {} FROM triggers WHERE complaint_id IN ", TriggerRow::columns());
            let waiting = Statement::new(sql).and_list(set.iter().copied()).and(" ORDER BY at, id");
            for row in waiting.all::<TriggerRow>(&self.0.reader).await? {
                let first = WaitingTrigger { id: row.id, content: row.content, waiting: 0 };
                found.entry(row.complaint_id).or_insert(first).waiting += 1;
            }
        }
        Ok(found)
    }
}

/// Returns the pattern of what may name an address. What JSON or an engine might write otherwise stands for anything.
fn pattern(email: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '-' | '+');
    let shown: String = email.chars().map(|c| if plain(c) { c } else { '%' }).collect();
    format!("%{shown}%")
}

/// Reads the versions of complaints; `lock` is what holds them until the transaction ends, or empty.
pub(super) async fn versions(
    mut on: On<'_>,
    ids: &[ComplaintId],
    lock: &str,
) -> Result<BTreeMap<ComplaintId, i64>, StoreError> {
    let mut versions = BTreeMap::new();
    for set in ids.chunks(ROWS) {
        let these = Statement::select::<VersionRow>("FROM complaints WHERE id IN ");
        let these = these.and_list(set.iter().copied()).and(" ORDER BY id").and(lock);
        let rows: Vec<VersionRow> = these.all(on.again()).await?;
        versions.extend(rows.into_iter().map(|row| (row.id, row.version)));
    }
    Ok(versions)
}
