//! `Trail`: the handle of reading the audit events, and of whether their chain holds.

use super::chain::{Entry, Head, append};
use super::database::Database;
use super::error::StoreError;
use super::reconcile::{Disagreement, reconcile};
use super::statement::Statement;
use super::tables::events::StoredEvent;
use super::tables::meta::Meta;
use super::verifying::{Audit, Depth, verify};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Event};

/// The most events in one answer.
const EVENTS: i64 = 10_000;

/// The handle of the audit trail.
#[derive(Clone, Debug)]
pub struct Trail(pub(super) Database);

impl Trail {
    /// Returns the place of the newest event; 0 when there is none.
    pub async fn last_event(&self) -> Result<i64, StoreError> {
        let head: Option<Head> = Meta::AuditHead.read(&self.0.reader).await?;
        Ok(head.map_or(0, |head| head.seq))
    }

    /// Returns the moment of the newest event, behind which the clock may not fall; none before the first.
    pub async fn high_water(&self) -> Result<Option<Moment>, StoreError> {
        let sql = "SELECT at FROM events ORDER BY seq DESC LIMIT 1";
        Ok(Statement::new(sql).value("at", &self.0.reader).await?.map(Moment::from_millis))
    }

    /// Returns the latest time that was noted as seen; none before the first.
    pub async fn time_seen(&self) -> Result<Option<Moment>, StoreError> {
        Ok(Meta::TimeSeen.read(&self.0.reader).await?.map(Moment::from_millis))
    }

    /// Notes a time as seen.
    pub async fn note_time(&self, now: Moment) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Meta::TimeSeen.write(&mut tx, now.millis()).await?;
        Ok(tx.commit().await?)
    }

    /// Lets time go on from `now`, ahead or back, and records `event`, which is then the newest.
    pub async fn restart_time(&self, now: Moment, event: Event, ruleset: &str) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Meta::TimeSeen.write(&mut tx, now.millis()).await?;
        append(&self.0, &mut tx, &[Entry::alone(now, ruleset, &[event])]).await?;
        self.0.finish(tx).await
    }

    /// Reads the events of one complaint, oldest first.
    pub async fn events(&self, id: ComplaintId) -> Result<Vec<StoredEvent>, StoreError> {
        let of_complaint =
            Statement::select::<StoredEvent>("FROM events WHERE complaint_id = $1 ORDER BY seq");
        of_complaint.with(id).all(&self.0.reader).await
    }

    /// Reads the events after a place in the trail, oldest first, 10,000 at most.
    pub async fn events_after(&self, seq: i64) -> Result<Vec<StoredEvent>, StoreError> {
        let later = Statement::select::<StoredEvent>("FROM events WHERE seq > $1 ORDER BY seq LIMIT $2");
        later.with(seq).with(EVENTS).all(&self.0.reader).await
    }

    /// Counts the events out of which what was personal was taken, each of which a walk has looked at.
    pub async fn forgotten(&self) -> Result<i64, StoreError> {
        Statement::counting("events WHERE forgotten_by IS NOT NULL").count(&self.0.reader).await
    }

    /// Compares what the trail says happened with the facts as they stand; empty when they agree.
    pub async fn reconcile(&self) -> Result<Vec<Disagreement>, StoreError> {
        reconcile(&self.0).await
    }

    /// Walks the whole chain and says whether it holds.
    pub async fn verify(&self) -> Result<Audit, StoreError> {
        self.verify_to(Depth::Signatures).await
    }

    /// Walks the whole chain and says whether it holds, as far as somebody looks.
    pub async fn verify_to(&self, depth: Depth) -> Result<Audit, StoreError> {
        verify(&self.0, depth).await
    }

    /// Returns the place and the hash of the newest event, as `12 ab…`; that of nothing before the first.
    pub async fn head(&self) -> Result<String, StoreError> {
        let head: Option<Head> = Meta::AuditHead.read(&self.0.reader).await?;
        Ok(head.unwrap_or_else(Head::genesis).to_string())
    }

    /// Returns the moment of the first event; none before.
    pub async fn begun_at(&self) -> Result<Option<Moment>, StoreError> {
        let sql = "SELECT at FROM events ORDER BY seq LIMIT 1";
        Ok(Statement::new(sql).value("at", &self.0.reader).await?.map(Moment::from_millis))
    }
}
