//! `Missed`: the handle of what a plugin did not carry: events and notifications of the past, and the deliveries
//! that make up for them.

use super::chain::{Entry, append};
use super::database::Database;
use super::delivery_state::DeliveryState;
use super::error::StoreError;
use super::row::{Row, view};
use super::sets::{Conflict, ROWS, insert};
use super::statement::Statement;
use super::tables::deliveries::{DeliveryRow, NewDelivery};
use super::tables::events::StoredEvent;
use super::tables::notifications::{NotificationRow, SentNotification};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Event};
use std::collections::BTreeSet;

/// The most notifications that go by the fallback at once.
const FALLEN_BACK: i64 = 500;

/// The handle of what a plugin did not carry.
#[derive(Clone, Debug)]
pub struct Missed(pub(super) Database);

/// A choice of notifications that did not arrive.
#[derive(Clone, Copy, Debug)]
pub struct Stranded<'s> {
    /// The plugin that stands in, and that has carried none of them.
    pub fallback: &'s str,
    /// The plugins of mail, whose dead letters strand.
    pub mail: &'s [String],
    /// The plugins that deliver nothing now, so that what waits for them strands as well.
    pub failing: &'s [String],
    /// The earliest moment of the decisions that sent them.
    pub since: Moment,
}

impl Missed {
    /// Returns the complaints to which something happened since a moment.
    pub async fn complaints_since(&self, since: Moment) -> Result<Vec<ComplaintId>, StoreError> {
        let sql = "SELECT DISTINCT complaint_id FROM events WHERE complaint_id IS NOT NULL AND at >= $1 \
            ORDER BY complaint_id";
        let found: Vec<Touched> = Statement::new(sql).with(since).all(&self.0.reader).await?;
        Ok(found.into_iter().map(|row| row.complaint_id).collect())
    }

    /// Reads the events of complaints since a moment, in the order in which they happened.
    pub async fn events_since(
        &self,
        complaints: &[ComplaintId],
        since: Moment,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let mut events = Vec::new();
        for set in complaints.chunks(ROWS) {
            let later = Statement::select::<StoredEvent>("FROM events WHERE at >= $1 AND complaint_id IN ");
            let later = later.with(since).and_list(set.iter().copied()).and(" ORDER BY seq");
            events.extend(later.all::<StoredEvent>(&self.0.reader).await?);
        }
        Ok(events)
    }

    /// Reads the notifications since a moment, oldest first.
    pub async fn notifications_since(&self, since: Moment) -> Result<Vec<SentNotification>, StoreError> {
        let later = Statement::select::<NotificationRow>("FROM notifications WHERE at >= $1 ORDER BY at, id");
        let rows: Vec<NotificationRow> = later.with(since).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(SentNotification::from).collect())
    }

    /// Reads notifications to our own people that mail did not bring and the fallback does not carry yet.
    pub async fn stranded(&self, stranded: Stranded<'_>) -> Result<Vec<SentNotification>, StoreError> {
        let (dead, queued) = (DeliveryState::Dead.condition(), DeliveryState::Queued.condition());
        let columns = NotificationRow::columns();
        // One select for each state, since each has an index of its own.
        let of_plugin = "SELECT d.notification_id FROM deliveries d WHERE d.notification_id IS NOT NULL \
            AND d.is_letter = 0 AND d.plugin <> $2";
        let statement = Statement::new(format!(
            "SELECT {columns} FROM notifications WHERE at >= $1 AND id IN ({of_plugin} AND d.{dead} \
             AND d.finished_at >= $1 AND d.plugin IN "
        ));
        let statement = statement.with(stranded.since).with(stranded.fallback);
        let statement = statement
            .and_list(named(stranded.mail))
            .and(&format!(" UNION ALL {of_plugin} AND d.{queued} AND d.plugin IN "));
        let statement = statement.and_list(named(stranded.failing)).and(&format!(
            ") AND NOT EXISTS (SELECT 1 FROM deliveries f WHERE f.notification_id = notifications.id \
             AND f.plugin = $2) ORDER BY at, id LIMIT {FALLEN_BACK}"
        ));
        let rows: Vec<NotificationRow> = statement.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(SentNotification::from).collect())
    }

    /// Counts the deliveries that are not there yet.
    pub async fn absent(&self, deliveries: &[NewDelivery]) -> Result<u64, StoreError> {
        let ids: BTreeSet<&str> = deliveries.iter().map(|d| d.id.as_str()).collect();
        let ids: Vec<&str> = ids.into_iter().collect();
        let mut absent = ids.len() as u64;
        for set in ids.chunks(ROWS) {
            let present = Statement::counting("deliveries WHERE id IN ").and_list(set.iter().copied());
            absent = absent.saturating_sub(present.count(&self.0.reader).await?.unsigned_abs());
        }
        Ok(absent)
    }

    /// Adds deliveries that are not there yet, with what tells of it in the trail, and returns how many are new.
    pub async fn add(
        &self,
        deliveries: &[NewDelivery],
        event: impl FnOnce(u64) -> Option<Event>,
        ruleset: &str,
        now: Moment,
    ) -> Result<u64, StoreError> {
        let mut tx = self.0.begin().await?;
        let rows = deliveries.iter().map(|d| DeliveryRow::new(d, now)).collect();
        let added = insert(&mut tx, rows, Conflict::Keeps("id")).await?;
        if added == 0 {
            return Ok(0);
        }
        let told: Vec<Event> = event(added).into_iter().collect();
        append(&self.0, &mut tx, &Entry::alone(now, ruleset, &told)).await?;
        self.0.finish(tx).await?;
        Ok(added)
    }
}

/// Returns names for a list, which is never empty in SQL; no plugin has an empty name.
fn named(names: &[String]) -> impl Iterator<Item = &str> {
    names.iter().map(String::as_str).chain(names.is_empty().then_some(""))
}

view! {
    /// A complaint to which something happened.
    struct Touched in "events" as "event" ("complaint_id") {
        complaint_id: ComplaintId,
    }
}
