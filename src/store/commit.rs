//! One commit: facts, deadlines, events, notifications and deliveries of a batch of decisions, or nothing.

use super::audit::{AuditKey, Entry};
use super::deliveries::{DELIVERY_COLUMNS, delivery_cells};
use super::rows::{Cell, bind, cells, insert, list, placeholders};
use super::{Cursor, Engine, NewDelivery, Store, StoreError};
use crate::calendar::{Calendar, Moment};
use crate::complaint::{Case, ComplaintId, Deadline, Event, Number, Recipient, Source, new_candidates};
use sqlx::{Any, Row, Transaction};
use std::collections::{BTreeMap, HashSet};

/// A notification with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedNotification {
    /// Complaint id / version / ordinal.
    pub id: String,
    pub ordinal: u32,
    pub recipient: Recipient,
    /// The addresses it goes to; none makes it undeliverable.
    pub addresses: Vec<String>,
    pub message: String,
    pub language: String,
    pub source: Source,
    pub subject: String,
    pub body: String,
    pub is_deliverable: bool,
}

/// A mail to be kept with what it caused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMail {
    pub received_at: Moment,
    pub source: String,
    /// complaint, addition or automated.
    pub kind: String,
    pub message_id: String,
    pub body_hash: String,
    pub sender: String,
    pub subject: String,
    pub body: String,
    /// Names, types and digests, as JSON.
    pub attachments: String,
    /// What was odd about it, one remark a line.
    pub remarks: String,
    /// The byte of the body at which the quoted history begins.
    pub history_at: Option<i64>,
    pub raw: Vec<u8>,
    /// The place in a mailbox that has been taken in with this mail.
    pub cursor: Option<Cursor>,
}

/// One decision, ready to be written.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The case after the decision; its version is one more than what was loaded.
    pub case: Case,
    pub at: Moment,
    pub wake_at: Option<Moment>,
    pub is_live: bool,
    /// Ruleset and settings it was evaluated under.
    pub stamp: String,
    pub ruleset: String,
    pub events: Vec<Event>,
    pub deadlines: Vec<Deadline>,
    pub notifications: Vec<RenderedNotification>,
    pub deliveries: Vec<NewDelivery>,
    /// The trigger that this decision answers.
    pub consumed: Option<String>,
    /// Whether complaints that list this one must look again (semantics 2.6).
    pub concerns_others: bool,
    /// Whether it is somebody else's now, so that other complaints of that sender are candidates.
    pub sender_changed: bool,
}

impl Commit {
    /// Links other complaints of its sender that it does not have yet; it looks at them at once.
    pub fn add_candidates(&mut self, of_sender: impl IntoIterator<Item = ComplaintId>) {
        let links = &mut self.case.complaint.links;
        let new = new_candidates(self.case.id, links, of_sender);
        if !new.is_empty() {
            links.extend(new);
            self.concerns_others = true;
            self.wake_at = Some(self.at);
        }
    }

    /// Puts the number in every text that was written before it was known.
    pub fn give_number(&mut self, number: &Number, check_letters: &str) {
        self.case.complaint.number = Some(number.clone());
        let fill = |text: &mut String| {
            if text.contains(Number::PENDING) {
                *text = text
                    .replace(Number::PENDING, number.as_str())
                    .replace(Number::PENDING_CHECK, check_letters);
            }
        };
        for n in &mut self.notifications {
            fill(&mut n.subject);
            fill(&mut n.body);
        }
        for d in &mut self.deliveries {
            fill(&mut d.payload);
        }
    }
}

/// What became of a batch.
#[derive(Clone, Debug, Default)]
pub struct Committed {
    pub written: HashSet<ComplaintId>,
    /// Numbers given in this transaction.
    pub numbers: BTreeMap<ComplaintId, Number>,
}

impl Store {
    /// Writes the decisions whose complaint is still at the version they were computed on; the others
    /// are left out and must be decided again (semantics 5.2).
    pub async fn commit(&self, mut batch: Vec<Commit>) -> Result<Committed, StoreError> {
        batch.sort_by_key(|c| c.case.id);
        let mut tx = self.begin().await?;
        self.link_candidates(&mut tx, &mut batch).await?;
        let written = self.write_complaints(&mut tx, &batch).await?;
        batch.retain(|c| written.contains(&c.case.id));
        let numbers = give_numbers(&mut tx, &self.calendar, &self.key, &mut batch).await?;
        self.write_deadlines(&mut tx, &batch).await?;
        write_links(&mut tx, &batch).await?;
        write_outbox(&mut tx, &batch).await?;
        consume_triggers(&mut tx, &batch).await?;
        wake_others(&mut tx, &batch).await?;
        let entries: Vec<Entry> = batch.iter().map(|c| entry(c, &numbers)).collect();
        self.append(&mut tx, &entries).await?;
        self.finish(tx).await?;
        Ok(Committed { written, numbers })
    }

    /// A forwarded mail has no sender until a person says who complains; then it is compared like any other.
    async fn link_candidates(
        &self,
        tx: &mut Transaction<'static, Any>,
        batch: &mut [Commit],
    ) -> Result<(), StoreError> {
        for commit in batch.iter_mut().filter(|c| c.sender_changed) {
            let found = self.candidates(tx, &commit.case.complaint.complainant.email).await?;
            commit.add_candidates(found.into_iter().map(|l| l.other));
        }
        Ok(())
    }

    async fn write_complaints(
        &self,
        tx: &mut Transaction<'static, Any>,
        batch: &[Commit],
    ) -> Result<HashSet<ComplaintId>, StoreError> {
        let rows = batch.iter().map(|c| self.complaint_cells(c)).collect::<Result<Vec<_>, _>>()?;
        let updates: Vec<String> = COMPLAINT_COLUMNS
            .split(", ")
            .skip(1)
            .map(|column| format!("{column} = excluded.{column}"))
            .collect();
        let suffix = format!(
            "ON CONFLICT (id) DO UPDATE SET {} WHERE complaints.version = excluded.version - 1 RETURNING id",
            updates.join(", ")
        );
        let returned = insert(tx, &format!("complaints ({COMPLAINT_COLUMNS})"), rows, &suffix).await?;
        returned.iter().map(|r| Ok(ComplaintId(r.try_get(0)?))).collect()
    }

    fn complaint_cells(&self, commit: &Commit) -> Result<Vec<Cell>, StoreError> {
        let (case, c) = (&commit.case, &commit.case.complaint);
        let json =
            |value: Result<String, serde_json::Error>| value.map_err(|e| StoreError::corrupt("complaint", e));
        let received_on = self.calendar.day_of(c.received_at).map(|d| d.to_string()).unwrap_or_default();
        Ok(cells![
            case.id.0,
            c.intake_id.as_str(),
            c.number.as_ref().filter(|n| !n.is_pending()).map(|n| n.as_str().to_owned()),
            case.version,
            c.state.as_str(),
            commit.is_live,
            c.subject.as_str(),
            c.complainant.name.as_str(),
            c.complainant.email.as_str(),
            c.responsible.clone(),
            c.received_at.millis(),
            received_on,
            c.promised_by.map(|d| d.to_string()),
            c.decided_on.map(|d| d.to_string()),
            c.solution.clone(),
            c.agreement.as_ref().map(|a| a.as_str().to_owned()),
            c.description.clone(),
            commit.wake_at.map(Moment::millis),
            commit.stamp.as_str(),
            case.decided_at.millis(),
            json(serde_json::to_string(c))?,
            json(serde_json::to_string(&case.latches))?,
            json(serde_json::to_string(&case.suspensions))?,
            json(serde_json::to_string(&case.faults))?,
            Some(json(serde_json::to_string(&case.deadlines))?),
        ])
    }

    async fn write_deadlines(
        &self,
        tx: &mut Transaction<'static, Any>,
        batch: &[Commit],
    ) -> Result<(), StoreError> {
        let mut rows = Vec::new();
        for commit in batch {
            for d in &commit.deadlines {
                let is_current =
                    commit.case.deadlines.iter().any(|c| c.name == d.name && c.instance == d.instance);
                let due_on = self.calendar.day_of(d.due).map(|d| d.to_string()).unwrap_or_default();
                let ms = |m: Option<Moment>| m.map(Moment::millis);
                rows.push(cells![
                    commit.case.id.0,
                    d.name.as_str(),
                    d.instance,
                    is_current,
                    d.owner.as_str(),
                    ms(d.base),
                    d.span.clone(),
                    d.raw_end.millis(),
                    d.due.millis(),
                    due_on,
                    d.alarm_at.millis(),
                    d.rolled_because.clone(),
                    d.armed_at.millis(),
                    d.armed_by.name().unwrap_or_default(),
                    ms(d.met_at),
                    ms(d.cancelled_at),
                    ms(d.replaced_at),
                    ms(d.breached_at),
                    d.armed_by.to_json(),
                ]);
            }
        }
        let suffix = "ON CONFLICT (complaint_id, name, instance) DO UPDATE SET is_current = excluded.is_current, \
            met_at = excluded.met_at, cancelled_at = excluded.cancelled_at, replaced_at = excluded.replaced_at, \
            breached_at = excluded.breached_at";
        insert(tx, &format!("deadlines ({DEADLINE_COLUMNS})"), rows, suffix).await?;
        Ok(())
    }
}

pub(super) const COMPLAINT_COLUMNS: &str = "id, intake_id, number, version, state, is_live, subject, complainant_name, \
    complainant_email, responsible, received_at, received_on, promised_by, decided_on, solution, agreement, \
    description, wake_at, evaluated_under, decided_at, facts, latches, suspensions, faults, terms";

const DEADLINE_COLUMNS: &str = "complaint_id, name, instance, is_current, owner, base, span, raw_end, due, due_on, \
    alarm_at, rolled_because, armed_at, armed_by, met_at, cancelled_at, replaced_at, breached_at, source";

fn entry<'c>(commit: &'c Commit, numbers: &'c BTreeMap<ComplaintId, Number>) -> Entry<'c> {
    Entry {
        complaint: Some(commit.case.id),
        version: commit.case.version,
        at: commit.at,
        ruleset: &commit.ruleset,
        number: numbers.get(&commit.case.id),
        events: &commit.events,
    }
}

/// Raises counters by one each, in one statement; the new values in the order of the names.
pub(super) async fn raise_each(
    tx: &mut Transaction<'static, Any>,
    names: &[&str],
) -> Result<Vec<i64>, StoreError> {
    let rows = names.iter().map(|name| cells![*name, 1_i64]).collect();
    let suffix =
        "ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING name, value";
    let mut raised = BTreeMap::new();
    for row in insert(tx, "counters (name, value)", rows, suffix).await? {
        raised.insert(row.try_get::<String, _>(0)?, row.try_get::<i64, _>(1)?);
    }
    Ok(names.iter().map(|name| raised.get(*name).copied().unwrap_or_default()).collect())
}

/// Raises a counter by `n` within the transaction; the new value. Rolling back takes it back.
pub(super) async fn raise(tx: &mut Transaction<'static, Any>, name: &str, n: i64) -> Result<i64, StoreError> {
    let sql = "INSERT INTO counters (name, value) VALUES ($1, $2) \
        ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value";
    Ok(sqlx::query_scalar(sql).bind(name.to_owned()).bind(n).fetch_one(&mut **tx).await?)
}

/// Gives the numbers that were registered, by local year, and puts them where the decision left a mark.
async fn give_numbers(
    tx: &mut Transaction<'static, Any>,
    calendar: &Calendar,
    key: &AuditKey,
    batch: &mut [Commit],
) -> Result<BTreeMap<ComplaintId, Number>, StoreError> {
    let mut by_year: BTreeMap<i32, Vec<&mut Commit>> = BTreeMap::new();
    for commit in
        batch.iter_mut().filter(|c| c.case.complaint.number.as_ref().is_some_and(Number::is_pending))
    {
        let year = Number::year(commit.at, calendar).map_err(|e| StoreError::corrupt("date", e))?;
        by_year.entry(year).or_default().push(commit);
    }
    let mut numbers = BTreeMap::new();
    let mut rows = Vec::new();
    for (year, commits) in by_year {
        let count = commits.len() as i64;
        let last = raise(tx, &format!("number {year}"), count).await?;
        for (commit, sequence) in commits.into_iter().zip(last - count + 1..) {
            let number = Number::new(year, sequence);
            commit.give_number(&number, &key.check_letters(number.as_str()));
            let facts = serde_json::to_string(&commit.case.complaint)
                .map_err(|e| StoreError::corrupt("complaint", e))?;
            rows.push(cells![commit.case.id.0, number.as_str(), facts]);
            numbers.insert(commit.case.id, number);
        }
    }
    for set in rows.chunks(super::rows::ROWS) {
        let marks = placeholders(Engine::of_connection(tx), set.len(), 3);
        // PostgreSQL takes the types of the columns from the first row.
        let values = marks.replacen("($1,", "(CAST($1 AS BIGINT),", 1);
        let sql = format!(
            "UPDATE complaints SET number = v.column2, facts = v.column3 FROM (VALUES {values}) AS v \
             WHERE complaints.id = v.column1"
        );
        let query = set.iter().flatten().cloned().fold(sqlx::query(&sql), bind);
        query.execute(&mut **tx).await?;
    }
    Ok(numbers)
}

async fn write_links(tx: &mut Transaction<'static, Any>, batch: &[Commit]) -> Result<(), StoreError> {
    let links = batch
        .iter()
        .filter(|c| c.concerns_others)
        .flat_map(|c| c.case.complaint.links.iter().map(|l| cells![c.case.id.0, l.other.0, l.kind.as_str()]));
    let suffix = "ON CONFLICT (complaint_id, other_id) DO UPDATE SET kind = excluded.kind";
    insert(tx, "links (complaint_id, other_id, kind)", links.collect(), suffix).await?;
    Ok(())
}

async fn write_outbox(tx: &mut Transaction<'static, Any>, batch: &[Commit]) -> Result<(), StoreError> {
    let notifications = batch.iter().flat_map(|c| {
        c.notifications.iter().map(|n| notification_cells(Some(c.case.id), c.case.version, c.at, n))
    });
    insert(tx, &format!("notifications ({NOTIFICATION_COLUMNS})"), notifications.collect(), "").await?;
    let deliveries = batch.iter().flat_map(|c| c.deliveries.iter().map(|d| delivery_cells(d, c.at)));
    insert(tx, &format!("deliveries ({DELIVERY_COLUMNS})"), deliveries.collect(), "").await?;
    let sent = batch
        .iter()
        .flat_map(|c| c.deliveries.iter().filter_map(|d| Some(cells![d.message_id.clone()?, c.case.id.0])));
    insert(tx, "threads (message_id, complaint_id)", sent.collect(), "ON CONFLICT (message_id) DO NOTHING")
        .await?;
    Ok(())
}

pub(super) const NOTIFICATION_COLUMNS: &str = "id, complaint_id, version, ordinal, at, recipient, addresses, message, language, rule, subject, body, is_deliverable, source";

pub(super) fn notification_cells(
    complaint: Option<ComplaintId>,
    version: i64,
    at: Moment,
    n: &RenderedNotification,
) -> Vec<Cell> {
    cells![
        n.id.as_str(),
        complaint.map(|c| c.0),
        version,
        n.ordinal,
        at.millis(),
        n.recipient.as_str(),
        serde_json::json!(n.addresses).to_string(),
        n.message.as_str(),
        n.language.as_str(),
        n.source.name().map(str::to_owned),
        n.subject.as_str(),
        n.body.as_str(),
        n.is_deliverable,
        n.source.to_json(),
    ]
}

async fn consume_triggers(tx: &mut Transaction<'static, Any>, batch: &[Commit]) -> Result<(), StoreError> {
    let consumed: Vec<&String> = batch.iter().filter_map(|c| c.consumed.as_ref()).collect();
    for set in consumed.chunks(super::rows::ROWS) {
        let sql = format!("DELETE FROM triggers WHERE id IN ({})", list(0, set.len()));
        let query = set.iter().fold(sqlx::query(&sql), |query, id| query.bind((*id).clone()));
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// Wakes the complaints that list a changed one; the version goes up, so a decision under way notices.
async fn wake_others(tx: &mut Transaction<'static, Any>, batch: &[Commit]) -> Result<(), StoreError> {
    let changed: Vec<&Commit> = batch.iter().filter(|c| c.concerns_others).collect();
    for set in changed.chunks(super::rows::ROWS) {
        let Some(at) = set.iter().map(|c| c.at).max() else { continue };
        let sql = format!(
            "UPDATE complaints SET wake_at = $1, version = version + 1 WHERE is_live = 1 AND id IN \
             (SELECT complaint_id FROM links WHERE other_id IN ({}))",
            list(1, set.len())
        );
        let query = set.iter().fold(sqlx::query(&sql).bind(at.millis()), |query, c| query.bind(c.case.id.0));
        query.execute(&mut **tx).await?;
    }
    Ok(())
}
