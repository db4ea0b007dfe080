//! Deliveries as rows: how they enter the outbox, what people see of them, and another chance for dead letters.

use super::rows::{Cell, ROWS, cells, list};
use super::{Store, StoreError};
use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use serde::Serialize;
use sqlx::Row;
use sqlx::any::AnyRow;

/// A row for the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    pub id: String,
    /// None for an event that nobody was notified of.
    pub notification_id: Option<String>,
    pub complaint: Option<ComplaintId>,
    pub plugin: String,
    /// `notification.<message>` or `event.<kind>`.
    pub topic: String,
    pub recipient: String,
    /// Rises within a complaint.
    pub position: i64,
    /// What the channel sends, as JSON.
    pub payload: String,
    /// Whether its outcome is a fact of the complaint.
    pub is_letter: bool,
    /// The address whose cap on automated mail it counts towards.
    pub capped_address: Option<String>,
    /// Whether it is the first letter about a complaint, which the narrow cap lets through.
    pub is_first_letter: bool,
    /// Whether incoming mail caused it.
    pub is_reaction: bool,
    /// The message id under which a reply will come back.
    pub message_id: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct DeliverySummary {
    pub id: String,
    pub plugin: String,
    pub topic: String,
    pub recipient: String,
    pub state: String,
    pub attempts: i64,
    pub created_at: Moment,
    pub next_at: Moment,
    pub last_error: Option<String>,
}

/// One attempt, as it was logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempted {
    pub at: Moment,
    pub millis: i64,
    pub outcome: String,
    pub detail: String,
}

/// A delivery with its attempts and what is sent.
#[derive(Clone, Debug, Serialize)]
pub struct DeliveryDetails {
    #[serde(flatten)]
    pub summary: DeliverySummary,
    pub reference: Option<String>,
    pub payload: serde_json::Value,
    pub tried: Vec<Attempted>,
}

/// Which deliveries; empty texts and none mean all.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    pub state: String,
    pub plugin: String,
}

/// What waits for a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiting {
    pub plugin: String,
    pub queued: i64,
    pub dead: i64,
}

pub(super) const DELIVERY_COLUMNS: &str = "id, notification_id, complaint_id, plugin, topic, recipient, position, payload, \
    is_letter, capped_address, is_first_letter, is_reaction, state, attempts, next_at, lease_until, created_at";

pub(super) fn delivery_cells(d: &NewDelivery, at: Moment) -> Vec<Cell> {
    cells![
        d.id.as_str(),
        d.notification_id.clone(),
        d.complaint.map(|c| c.0),
        d.plugin.as_str(),
        d.topic.as_str(),
        d.recipient.as_str(),
        d.position,
        d.payload.as_str(),
        d.is_letter,
        d.capped_address.clone(),
        d.is_first_letter,
        d.is_reaction,
        "queued",
        0_i64,
        at.millis(),
        0_i64,
        at.millis(),
    ]
}

const SUMMARY: &str =
    "d.id, d.plugin, d.topic, d.recipient, d.state, d.attempts, d.created_at, d.next_at, d.last_error";

fn summary(r: &AnyRow) -> Result<DeliverySummary, StoreError> {
    Ok(DeliverySummary {
        id: r.try_get(0)?,
        plugin: r.try_get(1)?,
        topic: r.try_get(2)?,
        recipient: r.try_get(3)?,
        state: r.try_get(4)?,
        attempts: r.try_get(5)?,
        created_at: Moment::from_millis(r.try_get(6)?),
        next_at: Moment::from_millis(r.try_get(7)?),
        last_error: r.try_get(8)?,
    })
}

impl Store {
    /// Deliveries, newest first.
    pub async fn deliveries(
        &self,
        filter: &DeliveryFilter,
        limit: usize,
    ) -> Result<Vec<DeliverySummary>, StoreError> {
        let sql = format!(
            "SELECT {SUMMARY} FROM deliveries d WHERE (d.state = $1 OR $1 = '') AND (d.plugin = $2 OR $2 = '') \
             ORDER BY d.created_at DESC, d.id LIMIT $3"
        );
        let query =
            sqlx::query(&sql).bind(filter.state.clone()).bind(filter.plugin.clone()).bind(limit as i64);
        query.fetch_all(&self.reader).await?.iter().map(summary).collect()
    }

    /// One delivery with everything that was tried.
    pub async fn delivery(&self, id: &str) -> Result<Option<DeliveryDetails>, StoreError> {
        let sql = format!(
            "SELECT {SUMMARY}, d.payload, COALESCE(c.number, c.intake_id) FROM deliveries d \
             LEFT JOIN complaints c ON c.id = d.complaint_id WHERE d.id = $1"
        );
        let row = sqlx::query(&sql).bind(id.to_owned()).fetch_optional(&self.reader).await?;
        let Some(row) = row else { return Ok(None) };
        let payload: String = row.try_get(9)?;
        let sql = "SELECT at, millis, outcome, detail FROM delivery_attempts WHERE delivery_id = $1 ORDER BY at LIMIT 200";
        let tried = sqlx::query(sql).bind(id.to_owned()).fetch_all(&self.reader).await?;
        let attempted = |r: &AnyRow| -> Result<Attempted, StoreError> {
            Ok(Attempted {
                at: Moment::from_millis(r.try_get(0)?),
                millis: r.try_get(1)?,
                outcome: r.try_get(2)?,
                detail: r.try_get(3)?,
            })
        };
        Ok(Some(DeliveryDetails {
            summary: summary(&row)?,
            reference: row.try_get(10)?,
            payload: serde_json::from_str(&payload).unwrap_or(serde_json::Value::String(payload)),
            tried: tried.iter().map(attempted).collect::<Result<_, _>>()?,
        }))
    }

    /// What waits for each plugin, and what was given up.
    pub async fn waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        let sql = "SELECT plugin, state, COUNT(*) FROM deliveries WHERE state = 'queued' OR state = 'dead' \
            GROUP BY plugin, state ORDER BY plugin";
        let mut found: Vec<Waiting> = Vec::new();
        for row in sqlx::query(sql).fetch_all(&self.reader).await? {
            let (plugin, state, count): (String, String, i64) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            if found.last().is_none_or(|w| w.plugin != plugin) {
                found.push(Waiting { plugin, queued: 0, dead: 0 });
            }
            if let Some(last) = found.last_mut() {
                *if state == "dead" { &mut last.dead } else { &mut last.queued } += count;
            }
        }
        Ok(found)
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

    /// Puts everything back that died at or after a moment, of one plugin or (empty) of all.
    pub async fn replay_since(&self, since: Moment, plugin: &str, now: Moment) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE deliveries SET state = 'queued', attempts = 0, next_at = $1, finished_at = NULL \
            WHERE state = 'dead' AND finished_at >= $2 AND (plugin = $3 OR $3 = '')";
        let query = sqlx::query(sql).bind(now.millis()).bind(since.millis()).bind(plugin.to_owned());
        let replayed = query.execute(&mut *tx).await?.rows_affected();
        self.finish(tx).await?;
        Ok(replayed)
    }
}
