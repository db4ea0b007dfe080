//! One commit: facts, deadlines, events, notifications and deliveries of a batch of decisions, or nothing.

use super::batch::{Commit, Committed};
use super::cases::{Cases, versions};
use super::chain::chain;
use super::column::Cell;
use super::dialect::Engine;
use super::drafts;
use super::error::StoreError;
use super::forgetting;
use super::grouping;
use super::numbering::give_numbers;
use super::ready::{Ready, commits};
use super::row::Row;
use super::search::keep_decided;
use super::sets::{Conflict, ROWS, insert, insert_cells, insert_cells_returning};
use super::statement::{Statement, Tx};
use super::tables::complaints::{ComplaintKey, ComplaintRow, candidates, waking};
use super::tables::counters::{Counter, raise};
use super::tables::deadlines::{self, DeadlineRow};
use super::tables::deliveries::DeliveryRow;
use super::tables::links::LinkRow;
use super::tables::notifications::{NotificationRow, gathered};
use super::tables::threads::ThreadRow;
use crate::complaint::{ComplaintId, GroupKey};
use std::collections::HashSet;

/// The most times a batch is written anew while the database is busy.
const ATTEMPTS: u32 = 5;

impl Cases {
    /// Writes the decisions whose complaint is still at the version they were computed on; the others
    /// are left out and must be decided again (docs/semantics.md 5.2). Is done again while the database says it is busy.
    pub async fn write(&self, mut batch: Vec<Ready>) -> Result<Committed, StoreError> {
        for _ in 1..ATTEMPTS {
            // Where several write at once, one may have to give way in the middle.
            let again = (self.0.engine == Engine::Postgres).then(|| batch.clone());
            batch = match self.0.begin().await {
                Ok(tx) => match (self.write_all(tx, batch).await, again) {
                    (Err(StoreError::Busy), Some(again)) => again,
                    (committed, _) => return committed,
                },
                Err(StoreError::Busy) => batch,
                Err(e) => return Err(e),
            };
        }
        self.write_all(self.0.begin().await?, batch).await
    }

    async fn write_all(&self, mut tx: Tx, mut batch: Vec<Ready>) -> Result<Committed, StoreError> {
        let committed = self.write_in(&mut tx, &mut batch).await?;
        // The batch is dropped when others may write again.
        self.0.finish(tx).await?;
        Ok(committed)
    }

    /// Writes them in a transaction in which something else is written too. The trail is appended here: what comes behind it
    /// waits for nobody. What is left of the batch was written.
    pub(super) async fn write_in(
        &self,
        tx: &mut Tx,
        batch: &mut Vec<Ready>,
    ) -> Result<Committed, StoreError> {
        batch.sort_by_key(|ready| ready.commit.case.id);
        self.one_after_the_other(tx, batch).await?;
        self.link_candidates(tx, batch).await?;
        if commits(batch).any(Commit::is_to_be_numbered) {
            // A number is given once it is certain that the row which has it is written, and that row is written once.
            self.leave_out_changed(tx, batch).await?;
        }
        let numbers = give_numbers(&self.0, tx, batch).await?;
        let written = self.write_complaints(tx, batch).await?;
        if numbers.keys().any(|id| !written.contains(id)) {
            return Err(StoreError::Busy);
        }
        batch.retain(|ready| written.contains(&ready.commit.case.id));
        consume_triggers(tx, batch).await?;
        remove_drafts(tx, batch).await?;
        wake_others(tx, batch).await?;
        self.write_beside(tx, batch).await?;
        Ok(Committed { written, numbers })
    }

    /// Writes the first decisions on complaints whose ids were given in this transaction. Nobody else has them, so their
    /// numbers are given before their rows are written, and each is written once.
    pub(super) async fn write_new(
        &self,
        tx: &mut Tx,
        mut batch: Vec<Ready>,
    ) -> Result<Committed, StoreError> {
        batch.sort_by_key(|ready| ready.commit.case.id);
        self.one_after_the_other(tx, &batch).await?;
        let numbers = give_numbers(&self.0, tx, &mut batch).await?;
        insert_cells(tx, ComplaintRow::TABLE, ComplaintRow::COLUMNS, rows(&mut batch)).await?;
        self.write_beside(tx, &mut batch).await?;
        Ok(Committed { written: commits(&batch).map(|c| c.case.id).collect(), numbers })
    }

    /// Writes what stands beside the rows of complaints.
    async fn write_beside(&self, tx: &mut Tx, batch: &mut [Ready]) -> Result<(), StoreError> {
        self.write_deadlines(tx, batch).await?;
        write_links(tx, batch).await?;
        write_outbox(tx, batch).await?;
        write_groups(tx, batch).await?;
        keep_decided(tx, batch.iter().map(|ready| (&ready.commit, &ready.opening[..]))).await?;
        let forgets = |c: &Commit| Some((c.case.id, c.at, c.forgets.clone()?));
        forgetting::begin(tx, commits(batch).filter_map(forgets)).await?;
        let events = batch.iter_mut().flat_map(|ready| std::mem::take(&mut ready.events));
        chain(&self.0, tx, events.collect()).await
    }

    /// Leaves out whose complaint is at another version, and holds the others until the transaction ends.
    async fn leave_out_changed(&self, tx: &mut Tx, batch: &mut Vec<Ready>) -> Result<(), StoreError> {
        let ids: Vec<ComplaintId> = commits(batch).map(|c| c.case.id).collect();
        let there = versions((&mut *tx).into(), &ids, self.0.engine.for_update()).await?;
        batch.retain(|Ready { commit: c, .. }| {
            there.get(&c.case.id).is_none_or(|version| *version == c.case.version - 1)
        });
        Ok(())
    }

    async fn write_complaints(
        &self,
        tx: &mut Tx,
        batch: &mut [Ready],
    ) -> Result<HashSet<ComplaintId>, StoreError> {
        let if_unchanged = Conflict::Updates {
            key: "id",
            columns: ComplaintRow::COLUMNS,
            only_if: Some("complaints.version = excluded.version - 1"),
        };
        let written: Vec<ComplaintKey> =
            insert_cells_returning::<ComplaintRow, _>(tx, rows(batch), if_unchanged).await?;
        Ok(written.into_iter().map(|row| row.id).collect())
    }

    /// Lets changes of groups happen one after the other where several can write at once: who joins a group and who
    /// changes in it would not see each other. SQLite has one writer.
    async fn one_after_the_other(&self, tx: &mut Tx, batch: &[Ready]) -> Result<(), StoreError> {
        if self.0.engine == Engine::Postgres && commits(batch).any(|c| !c.concerns.is_empty()) {
            raise(tx, Counter::Regrouping, 1).await?;
        }
        Ok(())
    }

    async fn write_deadlines(&self, tx: &mut Tx, batch: &[Ready]) -> Result<(), StoreError> {
        let rows = commits(batch)
            .flat_map(|c| c.changed_deadlines().map(|d| DeadlineRow::new(&c.case, d, &self.0.calendar)));
        let rows: Vec<DeadlineRow> = rows.collect::<Result<_, _>>()?;
        let key = "complaint_id, name, instance";
        insert(tx, rows, Conflict::Updates { key, columns: deadlines::CHANGING, only_if: None }).await?;
        Ok(())
    }

    /// Links a complaint that has a new complainant to that sender's others: a forwarded mail has no sender until
    /// a person says who complains, then it is compared like any other.
    async fn link_candidates(&self, tx: &mut Tx, batch: &mut [Ready]) -> Result<(), StoreError> {
        for ready in batch.iter_mut().filter(|ready| ready.commit.sender_changed) {
            let found = candidates(tx, &ready.commit.case.complaint.complainant.email).await?;
            ready.add_candidates(&self.0, found.into_iter().map(|link| link.other))?;
        }
        Ok(())
    }
}

fn rows(batch: &mut [Ready]) -> Vec<Vec<Cell>> {
    batch.iter_mut().map(|ready| std::mem::take(&mut ready.row)).collect()
}

async fn write_links(tx: &mut Tx, batch: &[Ready]) -> Result<(), StoreError> {
    let links = commits(batch).filter(|c| c.concerns_others).flat_map(|c| LinkRow::of(&c.case));
    let latest = Conflict::Updates { key: "complaint_id, other_id", columns: &["kind"], only_if: None };
    insert(tx, links.collect(), latest).await?;
    Ok(())
}

async fn write_outbox(tx: &mut Tx, batch: &[Ready]) -> Result<(), StoreError> {
    let notifications = commits(batch).flat_map(|c| {
        let decision = Some((c.case.id, c.case.version));
        c.notifications.iter().map(move |n| NotificationRow::new(decision, c.at, n))
    });
    insert(tx, notifications.collect(), Conflict::Fails).await?;
    let gathered = commits(batch).flat_map(|c| gathered(&c.notifications));
    insert(tx, gathered.collect(), Conflict::Fails).await?;
    let deliveries = commits(batch).flat_map(|c| c.deliveries.iter().map(|d| DeliveryRow::new(d, c.at)));
    insert(tx, deliveries.collect(), Conflict::Fails).await?;
    let sent = commits(batch).flat_map(|c| {
        let ids = c.deliveries.iter().filter_map(|d| d.message_id.clone());
        ids.map(|message_id| ThreadRow { message_id, complaint_id: c.case.id })
    });
    insert(tx, sent.collect(), Conflict::Keeps("message_id")).await?;
    Ok(())
}

async fn consume_triggers(tx: &mut Tx, batch: &[Ready]) -> Result<(), StoreError> {
    let consumed: Vec<&String> = commits(batch).filter_map(|c| c.consumed.as_ref()).collect();
    for set in consumed.chunks(ROWS) {
        let these = Statement::new("DELETE FROM triggers WHERE id IN ").and_list(set.iter().copied());
        these.run(tx).await?;
    }
    Ok(())
}

async fn remove_drafts(tx: &mut Tx, batch: &[Ready]) -> Result<(), StoreError> {
    for commit in commits(batch) {
        if let Some(draft) = &commit.sent_draft {
            drafts::remove(tx, commit.case.id, draft).await?;
        }
    }
    Ok(())
}

/// Writes the groups of complaints that may be in others, and wakes those of groups that have changed.
async fn write_groups(tx: &mut Tx, batch: &[Ready]) -> Result<(), StoreError> {
    let regrouped: Vec<_> =
        commits(batch).filter(|c| c.is_regrouped).map(|c| (c.case.id, &c.case.complaint)).collect();
    grouping::regroup(tx, &regrouped).await?;
    let concerning: Vec<&Commit> = commits(batch).filter(|c| !c.concerns.is_empty()).collect();
    let Some(at) = concerning.iter().map(|c| c.at).max() else { return Ok(()) };
    let groups: HashSet<&GroupKey> = concerning.iter().flat_map(|c| &c.concerns).collect();
    let but = match &concerning[..] {
        [only] if !only.has_joined() => Some(only.case.id),
        _ => None,
    };
    grouping::wake(tx, &groups, at, but).await
}

/// Wakes the complaints that list a changed one.
async fn wake_others(tx: &mut Tx, batch: &[Ready]) -> Result<(), StoreError> {
    let changed: Vec<&Commit> = commits(batch).filter(|c| c.concerns_others).collect();
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
