//! One commit: facts, deadlines, events, notifications and deliveries of a batch of decisions, or nothing.

use super::batch::{Commit, Committed};
use super::cases::{Cases, versions};
use super::chain::{Entry, chain, give_number, unchained};
use super::database::Database;
use super::dialect::Engine;
use super::drafts;
use super::error::StoreError;
use super::forgetting;
use super::grouping;
use super::numbering::give_numbers;
use super::row::Row;
use super::search::{OpeningTexts, keep_decided};
use super::sets::{Conflict, ROWS, insert, insert_returning};
use super::statement::{Statement, Tx};
use super::tables::complaints::{ComplaintKey, ComplaintRow, Scheduled, candidates, waking};
use super::tables::counters::{Counter, raise};
use super::tables::deadlines::{self, DeadlineRow};
use super::tables::deliveries::DeliveryRow;
use super::tables::events::StoredEvent;
use super::tables::links::LinkRow;
use super::tables::notifications::{NotificationRow, gathered};
use super::tables::threads::ThreadRow;
use crate::complaint::{ComplaintId, GroupKey, Number};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The most times a batch is written anew while the database is busy.
const ATTEMPTS: u32 = 5;

/// What of a batch is made before anybody waits for the transaction in which it is written; what is not is made there.
#[derive(Clone, Debug, Default)]
pub(super) struct Beforehand {
    opening: OpeningTexts,
    /// By complaint and its version after the decision.
    events: HashMap<(ComplaintId, i64), Vec<StoredEvent>>,
}

impl Beforehand {
    async fn of(db: &Database, batch: &[Commit]) -> Result<Self, StoreError> {
        let made = batch.iter().map(|c| Ok(((c.case.id, c.case.version), made(db, c)?)));
        let events = made.collect::<Result<_, StoreError>>()?;
        Ok(Self { opening: OpeningTexts::of(&db.reader, batch).await?, events })
    }

    /// Returns the events of a decision, with the number that its complaint was given.
    fn events(
        &mut self,
        db: &Database,
        of: &Commit,
        numbers: &BTreeMap<ComplaintId, Number>,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let mut events = match self.events.remove(&(of.case.id, of.case.version)) {
            Some(events) => events,
            None => made(db, of)?,
        };
        if let Some(number) = numbers.get(&of.case.id) {
            events.iter_mut().for_each(|event| give_number(event, number));
        }
        Ok(events)
    }
}

/// Makes the events of a decision.
fn made(db: &Database, c: &Commit) -> Result<Vec<StoredEvent>, StoreError> {
    let decision = Some((c.case.id, c.case.version));
    unchained(db, &Entry { decision, at: c.at, ruleset: &c.ruleset, events: &c.events })
}

impl Cases {
    /// Writes the decisions whose complaint is still at the version they were computed on; the others
    /// are left out and must be decided again (docs/semantics.md 5.2). Is done again while the database says it is busy.
    pub async fn commit(&self, mut batch: Vec<Commit>) -> Result<Committed, StoreError> {
        let mut beforehand = Beforehand::of(&self.0, &batch).await?;
        for _ in 1..ATTEMPTS {
            // Where several write at once, one may have to give way in the middle.
            let again = (self.0.engine == Engine::Postgres).then(|| (batch.clone(), beforehand.clone()));
            (batch, beforehand) = match self.0.begin().await {
                Ok(tx) => match (self.commit_all(tx, batch, beforehand).await, again) {
                    (Err(StoreError::Busy), Some(again)) => again,
                    (committed, _) => return committed,
                },
                Err(StoreError::Busy) => (batch, beforehand),
                Err(e) => return Err(e),
            };
        }
        self.commit_all(self.0.begin().await?, batch, beforehand).await
    }

    async fn commit_all(
        &self,
        mut tx: Tx,
        mut batch: Vec<Commit>,
        beforehand: Beforehand,
    ) -> Result<Committed, StoreError> {
        let committed = self.commit_in(&mut tx, &mut batch, beforehand).await?;
        // The batch is dropped when others may write again.
        self.0.finish(tx).await?;
        Ok(committed)
    }

    /// Writes them in a transaction in which something else is written too. The trail is appended here: what comes behind it
    /// waits for nobody. What is left of the batch was written.
    pub(super) async fn commit_in(
        &self,
        tx: &mut Tx,
        batch: &mut Vec<Commit>,
        beforehand: Beforehand,
    ) -> Result<Committed, StoreError> {
        batch.sort_by_key(|c| c.case.id);
        self.one_after_the_other(tx, batch).await?;
        link_candidates(tx, batch).await?;
        if batch.iter().any(Commit::is_to_be_numbered) {
            // A number is given once it is certain that the row which has it is written, and that row is written once.
            self.leave_out_changed(tx, batch).await?;
        }
        let numbers = give_numbers(&self.0, tx, batch).await?;
        let written = self.write_complaints(tx, batch).await?;
        if numbers.keys().any(|id| !written.contains(id)) {
            return Err(StoreError::Busy);
        }
        batch.retain(|c| written.contains(&c.case.id));
        consume_triggers(tx, batch).await?;
        remove_drafts(tx, batch).await?;
        wake_others(tx, batch).await?;
        self.write_beside(tx, (batch, beforehand), &numbers).await?;
        Ok(Committed { written, numbers })
    }

    /// Writes the first decisions on complaints whose ids were given in this transaction. Nobody else has them, so their
    /// numbers are given before their rows are written, and each is written once.
    pub(super) async fn commit_new(
        &self,
        tx: &mut Tx,
        mut batch: Vec<Commit>,
    ) -> Result<Committed, StoreError> {
        batch.sort_by_key(|c| c.case.id);
        self.one_after_the_other(tx, &batch).await?;
        let numbers = give_numbers(&self.0, tx, &mut batch).await?;
        insert(tx, self.rows(&batch)?, Conflict::Fails).await?;
        self.write_beside(tx, (&batch, Beforehand::default()), &numbers).await?;
        Ok(Committed { written: batch.iter().map(|c| c.case.id).collect(), numbers })
    }

    /// Writes what stands beside the rows of complaints.
    async fn write_beside(
        &self,
        tx: &mut Tx,
        (batch, mut beforehand): (&[Commit], Beforehand),
        numbers: &BTreeMap<ComplaintId, Number>,
    ) -> Result<(), StoreError> {
        self.write_deadlines(tx, batch).await?;
        write_links(tx, batch).await?;
        write_outbox(tx, batch).await?;
        write_groups(tx, batch).await?;
        keep_decided(tx, batch, &beforehand.opening).await?;
        let forgets = |c: &Commit| Some((c.case.id, c.at, c.forgets.clone()?));
        forgetting::begin(tx, batch.iter().filter_map(forgets)).await?;
        let mut events = Vec::new();
        for commit in batch {
            events.extend(beforehand.events(&self.0, commit, numbers)?);
        }
        chain(&self.0, tx, events).await
    }

    fn rows<'c>(&self, batch: &'c [Commit]) -> Result<Vec<ComplaintRow<'c>>, StoreError> {
        let rows = batch.iter().map(|c| {
            let (is_live, wake_at, tally) = (c.is_live, c.wake_at, c.tally.clone());
            let late_from = c.late_from;
            let scheduled = Scheduled { case: &c.case, is_live, wake_at, stamp: &c.stamp, tally, late_from };
            ComplaintRow::new(scheduled, &self.0.calendar)
        });
        rows.collect()
    }

    /// Leaves out whose complaint is at another version, and holds the others until the transaction ends.
    async fn leave_out_changed(&self, tx: &mut Tx, batch: &mut Vec<Commit>) -> Result<(), StoreError> {
        let ids: Vec<ComplaintId> = batch.iter().map(|c| c.case.id).collect();
        let there = versions((&mut *tx).into(), &ids, self.0.engine.for_update()).await?;
        batch.retain(|c| there.get(&c.case.id).is_none_or(|version| *version == c.case.version - 1));
        Ok(())
    }

    async fn write_complaints(
        &self,
        tx: &mut Tx,
        batch: &[Commit],
    ) -> Result<HashSet<ComplaintId>, StoreError> {
        let if_unchanged = Conflict::Updates {
            key: "id",
            columns: ComplaintRow::COLUMNS,
            only_if: Some("complaints.version = excluded.version - 1"),
        };
        let written: Vec<ComplaintKey> = insert_returning(tx, self.rows(batch)?, if_unchanged).await?;
        Ok(written.into_iter().map(|row| row.id).collect())
    }

    /// Lets changes of groups happen one after the other where several can write at once: who joins a group and who
    /// changes in it would not see each other. SQLite has one writer.
    async fn one_after_the_other(&self, tx: &mut Tx, batch: &[Commit]) -> Result<(), StoreError> {
        if self.0.engine == Engine::Postgres && batch.iter().any(|c| !c.concerns.is_empty()) {
            raise(tx, Counter::Regrouping, 1).await?;
        }
        Ok(())
    }

    async fn write_deadlines(&self, tx: &mut Tx, batch: &[Commit]) -> Result<(), StoreError> {
        let rows = batch
            .iter()
            .flat_map(|c| c.changed_deadlines().map(|d| DeadlineRow::new(&c.case, d, &self.0.calendar)));
        let rows: Vec<DeadlineRow> = rows.collect::<Result<_, _>>()?;
        let key = "complaint_id, name, instance";
        insert(tx, rows, Conflict::Updates { key, columns: deadlines::CHANGING, only_if: None }).await?;
        Ok(())
    }
}

/// Links a complaint that has a new complainant to that sender's others: a forwarded mail has no sender until
/// a person says who complains, then it is compared like any other.
async fn link_candidates(tx: &mut Tx, batch: &mut [Commit]) -> Result<(), StoreError> {
    for commit in batch.iter_mut().filter(|c| c.sender_changed) {
        let found = candidates(tx, &commit.case.complaint.complainant.email).await?;
        commit.add_candidates(found.into_iter().map(|link| link.other));
    }
    Ok(())
}

async fn write_links(tx: &mut Tx, batch: &[Commit]) -> Result<(), StoreError> {
    let links = batch.iter().filter(|c| c.concerns_others).flat_map(|c| LinkRow::of(&c.case));
    let latest = Conflict::Updates { key: "complaint_id, other_id", columns: &["kind"], only_if: None };
    insert(tx, links.collect(), latest).await?;
    Ok(())
}

async fn write_outbox(tx: &mut Tx, batch: &[Commit]) -> Result<(), StoreError> {
    let notifications = batch.iter().flat_map(|c| {
        let decision = Some((c.case.id, c.case.version));
        c.notifications.iter().map(move |n| NotificationRow::new(decision, c.at, n))
    });
    insert(tx, notifications.collect(), Conflict::Fails).await?;
    let gathered = batch.iter().flat_map(|c| gathered(&c.notifications));
    insert(tx, gathered.collect(), Conflict::Fails).await?;
    let deliveries = batch.iter().flat_map(|c| c.deliveries.iter().map(|d| DeliveryRow::new(d, c.at)));
    insert(tx, deliveries.collect(), Conflict::Fails).await?;
    let sent = batch.iter().flat_map(|c| {
        let ids = c.deliveries.iter().filter_map(|d| d.message_id.clone());
        ids.map(|message_id| ThreadRow { message_id, complaint_id: c.case.id })
    });
    insert(tx, sent.collect(), Conflict::Keeps("message_id")).await?;
    Ok(())
}

async fn consume_triggers(tx: &mut Tx, batch: &[Commit]) -> Result<(), StoreError> {
    let consumed: Vec<&String> = batch.iter().filter_map(|c| c.consumed.as_ref()).collect();
    for set in consumed.chunks(ROWS) {
        let these = Statement::new("DELETE FROM triggers WHERE id IN ").and_list(set.iter().copied());
        these.run(tx).await?;
    }
    Ok(())
}

async fn remove_drafts(tx: &mut Tx, batch: &[Commit]) -> Result<(), StoreError> {
    for commit in batch {
        if let Some(draft) = &commit.sent_draft {
            drafts::remove(tx, commit.case.id, draft).await?;
        }
    }
    Ok(())
}

/// Writes the groups of complaints that may be in others, and wakes those of groups that have changed.
async fn write_groups(tx: &mut Tx, batch: &[Commit]) -> Result<(), StoreError> {
    let regrouped: Vec<_> =
        batch.iter().filter(|c| c.is_regrouped).map(|c| (c.case.id, &c.case.complaint)).collect();
    grouping::regroup(tx, &regrouped).await?;
    let concerning: Vec<&Commit> = batch.iter().filter(|c| !c.concerns.is_empty()).collect();
    let Some(at) = concerning.iter().map(|c| c.at).max() else { return Ok(()) };
    let groups: HashSet<&GroupKey> = concerning.iter().flat_map(|c| &c.concerns).collect();
    let but = match &concerning[..] {
        [only] if !only.has_joined() => Some(only.case.id),
        _ => None,
    };
    grouping::wake(tx, &groups, at, but).await
}

/// Wakes the complaints that list a changed one.
async fn wake_others(tx: &mut Tx, batch: &[Commit]) -> Result<(), StoreError> {
    let changed: Vec<&Commit> = batch.iter().filter(|c| c.concerns_others).collect();
    for set in changed.chunks(ROWS) {
        let Some(at) = set.iter().map(|c| c.at).max() else { continue };
        waking(at)
            .and("is_live = 1 AND id IN (SELECT complaint_id FROM links WHERE other_id IN ")
            .and_list(set.iter().map(|c| c.case.id))
            .and(")")
            .run(tx)
            .await?;
    }
    Ok(())
}
