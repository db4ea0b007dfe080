//! The outbox: deliveries claimed with a lease, and what became of them.

use super::commit::{DELIVERY_COLUMNS, NOTIFICATION_COLUMNS, delivery_cells, notification_cells};
use super::intake::{add_trigger, wake};
use super::rows::{ROWS, insert, list};
use super::{NewDelivery, RenderedNotification, Store, StoreError};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Event};
use serde::Serialize;
use sqlx::Row;

/// A delivery that this process may attempt until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedDelivery {
    pub id: String,
    pub payload: String,
    /// Attempts including the one now due.
    pub attempts: i64,
    pub created_at: Moment,
}

/// What one attempt led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryResult {
    Accepted,
    /// Try again at this time.
    Retry {
        at: Moment,
        error: String,
    },
    /// Failed for good: a dead letter until somebody replays it.
    Dead {
        error: String,
    },
}

/// What a complaint is told of its letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingOutcome {
    pub complaint: ComplaintId,
    pub message: String,
    pub version: i64,
    pub ordinal: i64,
}

#[derive(Clone, Debug, Serialize)]
pub struct DeliverySummary {
    pub id: String,
    pub plugin: String,
    pub message: String,
    pub recipient: String,
    pub state: String,
    pub attempts: i64,
    pub last_error: Option<String>,
}

impl Store {
    /// Leases up to `limit` due deliveries of a plugin, in one statement, so that processes share them.
    pub async fn claim(
        &self,
        plugin: &str,
        now: Moment,
        lease_until: Moment,
        limit: usize,
    ) -> Result<Vec<ClaimedDelivery>, StoreError> {
        let sql = format!(
            "UPDATE deliveries SET lease_until = $1, attempts = attempts + 1 WHERE id IN \
             (SELECT id FROM deliveries WHERE state = 'queued' AND plugin = $2 AND next_at <= $3 AND lease_until <= $3 \
              ORDER BY next_at, id LIMIT $4{}) RETURNING id, payload, attempts, created_at",
            self.engine.skip_locked()
        );
        let mut tx = self.begin().await?;
        let query = sqlx::query(&sql)
            .bind(lease_until.millis())
            .bind(plugin.to_owned())
            .bind(now.millis())
            .bind(limit as i64);
        let rows = query.fetch_all(&mut *tx).await?;
        // A claim makes nothing due, so other processes need not look.
        tx.commit().await?;
        rows.iter()
            .map(|r| {
                Ok(ClaimedDelivery {
                    id: r.try_get(0)?,
                    payload: r.try_get(1)?,
                    attempts: r.try_get(2)?,
                    created_at: Moment::from_millis(r.try_get(3)?),
                })
            })
            .collect()
    }

    /// When the next delivery of any of these plugins is due.
    pub async fn next_delivery(&self, plugins: &[String]) -> Result<Option<Moment>, StoreError> {
        let mut least = None;
        for plugin in plugins {
            let sql = "SELECT MIN(CASE WHEN lease_until > next_at THEN lease_until ELSE next_at END) FROM deliveries \
                WHERE state = 'queued' AND plugin = $1";
            let next: Option<i64> =
                sqlx::query_scalar(sql).bind(plugin.clone()).fetch_one(&self.reader).await?;
            least = [least, next].into_iter().flatten().min();
        }
        Ok(least.map(Moment::from_millis))
    }

    /// Records what became of deliveries. A letter that was accepted or died becomes a trigger of its
    /// complaint in the same transaction; `content` words it.
    pub async fn record_results(
        &self,
        results: &[(String, DeliveryResult)],
        now: Moment,
        content: impl Fn(&PendingOutcome, &DeliveryResult) -> String,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let mut woken = Vec::new();
        for (id, result) in results {
            let (state, next, error) = match result {
                DeliveryResult::Accepted => ("accepted", now, None),
                DeliveryResult::Retry { at, error } => ("queued", *at, Some(error.clone())),
                DeliveryResult::Dead { error } => ("dead", now, Some(error.clone())),
            };
            let finished = (!matches!(result, DeliveryResult::Retry { .. })).then_some(now.millis());
            let sql = "UPDATE deliveries SET state = $1, next_at = $2, last_error = $3, finished_at = $4, lease_until = 0 \
                WHERE id = $5 AND state = 'queued'";
            let query =
                sqlx::query(sql).bind(state).bind(next.millis()).bind(error).bind(finished).bind(id.clone());
            let changed = query.execute(&mut *tx).await?.rows_affected();
            if changed == 0 || finished.is_none() {
                continue;
            }
            let sql = "SELECT n.complaint_id, n.message, n.version, n.ordinal FROM notifications n \
                JOIN deliveries d ON d.notification_id = n.id WHERE d.id = $1 AND d.is_letter = 1 \
                AND n.complaint_id IS NOT NULL";
            let Some(row) = sqlx::query(sql).bind(id.clone()).fetch_optional(&mut *tx).await? else {
                continue;
            };
            let outcome = PendingOutcome {
                complaint: ComplaintId(row.try_get(0)?),
                message: row.try_get(1)?,
                version: row.try_get(2)?,
                ordinal: row.try_get(3)?,
            };
            let text = content(&outcome, result);
            add_trigger(&mut tx, &format!("delivery {id}"), outcome.complaint, now, &text).await?;
            woken.push(outcome.complaint);
        }
        woken.sort();
        woken.dedup();
        wake(&mut tx, &woken, now).await?;
        self.finish(tx).await
    }

    /// Puts dead deliveries back in the queue, with a fresh round of attempts; how many there were.
    pub async fn replay(&self, ids: &[String], now: Moment) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let mut replayed = 0;
        for set in ids.chunks(ROWS) {
            let sql = format!(
                "UPDATE deliveries SET state = 'queued', attempts = 0, next_at = $1, finished_at = NULL \
                 WHERE state = 'dead' AND id IN ({})",
                list(1, set.len())
            );
            let query =
                set.iter().fold(sqlx::query(&sql).bind(now.millis()), |query, id| query.bind(id.clone()));
            replayed += query.execute(&mut *tx).await?.rows_affected();
        }
        self.finish(tx).await?;
        Ok(replayed)
    }

    /// Notifications that belong to no complaint: reports and alarms. Their event is part of the same commit.
    pub async fn commit_notifications(
        &self,
        at: Moment,
        notifications: &[RenderedNotification],
        deliveries: &[NewDelivery],
        events: &[Event],
        ruleset: &str,
        ran: Option<(&str, Moment)>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if let Some((schedule, nominal)) = ran {
            let row = super::rows::cells![schedule, nominal.millis()];
            let suffix = "ON CONFLICT (name) DO UPDATE SET last_nominal = excluded.last_nominal \
                WHERE schedules.last_nominal < excluded.last_nominal RETURNING name";
            if insert(&mut tx, "schedules (name, last_nominal)", vec![row], suffix).await?.is_empty() {
                // Another process has run it.
                return Ok(());
            }
        }
        let rows = notifications.iter().map(|n| notification_cells(None, 0, at, n)).collect();
        let fresh = "ON CONFLICT (id) DO NOTHING";
        insert(&mut tx, &format!("notifications ({NOTIFICATION_COLUMNS})"), rows, fresh).await?;
        let rows = deliveries.iter().map(|d| delivery_cells(d, at)).collect();
        insert(&mut tx, &format!("deliveries ({DELIVERY_COLUMNS})"), rows, fresh).await?;
        let entry = super::audit::Entry { complaint: None, version: 0, at, ruleset, number: None, events };
        self.append(&mut tx, &[entry]).await?;
        self.finish(tx).await
    }

    /// Deliveries in a state, newest first.
    pub async fn deliveries(
        &self,
        state: Option<&str>,
        limit: usize,
    ) -> Result<Vec<DeliverySummary>, StoreError> {
        let sql = "SELECT d.id, d.plugin, n.message, n.recipient, d.state, d.attempts, d.last_error FROM deliveries d \
            JOIN notifications n ON n.id = d.notification_id WHERE d.state = $1 OR $1 = '' \
            ORDER BY d.created_at DESC, d.id LIMIT $2";
        let query = sqlx::query(sql).bind(state.unwrap_or_default().to_owned()).bind(limit as i64);
        let rows = query.fetch_all(&self.reader).await?;
        rows.iter()
            .map(|r| {
                Ok(DeliverySummary {
                    id: r.try_get(0)?,
                    plugin: r.try_get(1)?,
                    message: r.try_get(2)?,
                    recipient: r.try_get(3)?,
                    state: r.try_get(4)?,
                    attempts: r.try_get(5)?,
                    last_error: r.try_get(6)?,
                })
            })
            .collect()
    }
}
