//! The outbox: deliveries claimed with a lease, and what became of them. Both are written in sets.

use super::commit::{NOTIFICATION_COLUMNS, notification_cells};
use super::deliveries::{DELIVERY_COLUMNS, delivery_cells};
use super::health::{health_of, set_health};
use super::intake::wake;
use super::rows::{ROWS, bind, cells, insert, list, placeholders};
use super::{Engine, Health, NewDelivery, RenderedNotification, Store, StoreError};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Event};
use sqlx::{Any, Row, Transaction};
use std::collections::HashMap;

/// A delivery that this process may attempt until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedDelivery {
    pub id: String,
    pub payload: String,
    /// Attempts including the one now due.
    pub attempts: i64,
    pub created_at: Moment,
    pub is_letter: bool,
    pub capped_address: Option<String>,
    pub is_first_letter: bool,
    pub is_reaction: bool,
    pub lease_until: Moment,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'c> {
    pub plugin: &'c str,
    pub now: Moment,
    pub lease_until: Moment,
    pub limit: usize,
    /// Whether a delivery waits for the earlier ones of its complaint.
    pub ordered: bool,
}

/// What was got: nothing while the plugin pauses or is switched off.
#[derive(Clone, Debug, Default)]
pub struct Claimed {
    pub health: Health,
    pub deliveries: Vec<ClaimedDelivery>,
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
    /// Not attempted; it counts as no attempt.
    Held {
        until: Moment,
        why: String,
    },
    /// Failed for good: a dead letter until somebody replays it.
    Dead {
        error: String,
    },
}

/// A delivery, what became of it, and the line for its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub id: String,
    pub is_letter: bool,
    pub result: DeliveryResult,
    pub at: Moment,
    pub millis: i64,
    /// What the target answered; empty for what was not attempted.
    pub detail: String,
}

/// What a complaint is told of its letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingOutcome {
    pub complaint: ComplaintId,
    pub message: String,
    pub version: i64,
    pub ordinal: i64,
}

impl Store {
    /// Leases due deliveries of a plugin, in one statement, so that processes share them.
    pub async fn claim(&self, claim: Claim<'_>) -> Result<Claimed, StoreError> {
        let in_order = match claim.ordered {
            false => "",
            true => {
                " AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.plugin = d.plugin AND e.state = 'queued' \
                  AND e.complaint_id = d.complaint_id AND e.position < d.position)"
            }
        };
        let sql = format!(
            "UPDATE deliveries SET lease_until = $1, attempts = attempts + 1 WHERE id IN \
             (SELECT d.id FROM deliveries d WHERE d.state = 'queued' AND d.plugin = $2 AND d.next_at <= $3 \
              AND d.lease_until <= $3{in_order} ORDER BY d.next_at, d.created_at, d.position LIMIT $4{}) \
             RETURNING id, payload, attempts, created_at, is_letter, capped_address, is_first_letter, \
             is_reaction, position",
            self.engine.skip_locked()
        );
        let mut tx = self.begin().await?;
        let health = health_of(&mut tx, claim.plugin).await?;
        if health.disabled_at.is_some() || health.paused_until.is_some_and(|p| p > claim.now) {
            return Ok(Claimed { health, deliveries: Vec::new() });
        }
        let query = sqlx::query(&sql)
            .bind(claim.lease_until.millis())
            .bind(claim.plugin.to_owned())
            .bind(claim.now.millis())
            .bind(claim.limit as i64);
        let rows = query.fetch_all(&mut *tx).await?;
        // A claim makes nothing due, so other processes need not look.
        tx.commit().await?;
        let mut deliveries = Vec::with_capacity(rows.len());
        for r in &rows {
            let delivery = ClaimedDelivery {
                id: r.try_get(0)?,
                payload: r.try_get(1)?,
                attempts: r.try_get(2)?,
                created_at: Moment::from_millis(r.try_get(3)?),
                is_letter: r.try_get::<i64, _>(4)? == 1,
                capped_address: r.try_get(5)?,
                is_first_letter: r.try_get::<i64, _>(6)? == 1,
                is_reaction: r.try_get::<i64, _>(7)? == 1,
                lease_until: claim.lease_until,
            };
            deliveries.push((delivery.created_at, r.try_get::<i64, _>(8)?, delivery));
        }
        // RETURNING keeps no order.
        deliveries.sort_by_key(|(created_at, position, _)| (*created_at, *position));
        Ok(Claimed { health, deliveries: deliveries.into_iter().map(|(.., d)| d).collect() })
    }

    /// Whether a claim would find something.
    pub async fn has_due(&self, plugin: &str, now: Moment) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM deliveries WHERE state = 'queued' AND plugin = $1 AND next_at <= $2 \
            AND lease_until <= $2 LIMIT 1";
        let query = sqlx::query(sql).bind(plugin.to_owned()).bind(now.millis());
        Ok(query.fetch_optional(&self.reader).await?.is_some())
    }

    /// Records what became of deliveries of a plugin, and its health when that changed. A letter that was accepted or
    /// died becomes a trigger of its complaint in the same transaction; `content` words it.
    pub async fn record_outcomes(
        &self,
        plugin: &str,
        outcomes: &[Outcome],
        health: Option<&Health>,
        now: Moment,
        content: impl Fn(&PendingOutcome, &DeliveryResult) -> String,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for set in outcomes.chunks(ROWS) {
            write_results(&mut tx, set, now).await?;
            log_attempts(&mut tx, set).await?;
            tell_complaints(&mut tx, set, now, &content).await?;
        }
        if let Some(health) = health {
            set_health(&mut tx, plugin, health).await?;
        }
        self.finish(tx).await
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
            let row = cells![schedule, nominal.millis()];
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
}

async fn write_results(
    tx: &mut Transaction<'static, Any>,
    set: &[Outcome],
    now: Moment,
) -> Result<(), StoreError> {
    let rows = set.iter().map(|o| {
        let (state, next, finished, error, uncounted) = match &o.result {
            DeliveryResult::Accepted => ("accepted", now, Some(now), None, 0_i64),
            DeliveryResult::Retry { at, error } => ("queued", *at, None, Some(error.clone()), 0),
            DeliveryResult::Held { until, why } => {
                ("queued", *until, None, Some(why.clone()).filter(|w| !w.is_empty()), 1)
            }
            DeliveryResult::Dead { error } => ("dead", now, Some(now), Some(error.clone()), 0),
        };
        cells![o.id.as_str(), state, next.millis(), finished.map(Moment::millis), error, uncounted]
    });
    let marks = placeholders(Engine::of_connection(tx), set.len(), 6);
    // PostgreSQL takes the types of the columns from the first row.
    let typed = "(CAST($1 AS TEXT),CAST($2 AS TEXT),CAST($3 AS BIGINT),CAST($4 AS BIGINT),CAST($5 AS TEXT),CAST($6 AS BIGINT))";
    let values = marks.replacen("($1,$2,$3,$4,$5,$6)", typed, 1);
    let sql = format!(
        "UPDATE deliveries SET state = v.column2, next_at = v.column3, finished_at = v.column4, \
         last_error = v.column5, attempts = attempts - v.column6, lease_until = 0 \
         FROM (VALUES {values}) AS v WHERE deliveries.id = v.column1 AND deliveries.state = 'queued'"
    );
    rows.flatten().fold(sqlx::query(&sql), bind).execute(&mut **tx).await?;
    Ok(())
}

async fn log_attempts(tx: &mut Transaction<'static, Any>, set: &[Outcome]) -> Result<(), StoreError> {
    let rows = set.iter().filter(|o| !o.detail.is_empty()).map(|o| {
        let outcome = match &o.result {
            DeliveryResult::Accepted => "accepted",
            DeliveryResult::Retry { .. } => "failed",
            DeliveryResult::Held { .. } => "held",
            DeliveryResult::Dead { .. } => "refused",
        };
        cells![o.id.as_str(), o.at.millis(), o.millis, outcome, o.detail.as_str()]
    });
    let columns = "delivery_attempts (delivery_id, at, millis, outcome, detail)";
    insert(tx, columns, rows.collect(), "").await?;
    Ok(())
}

async fn tell_complaints(
    tx: &mut Transaction<'static, Any>,
    set: &[Outcome],
    now: Moment,
    content: &impl Fn(&PendingOutcome, &DeliveryResult) -> String,
) -> Result<(), StoreError> {
    let is_final = |r: &DeliveryResult| matches!(r, DeliveryResult::Accepted | DeliveryResult::Dead { .. });
    let letters: HashMap<&str, &Outcome> =
        set.iter().filter(|o| o.is_letter && is_final(&o.result)).map(|o| (o.id.as_str(), o)).collect();
    if letters.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT d.id, n.complaint_id, n.message, n.version, n.ordinal FROM deliveries d \
         JOIN notifications n ON n.id = d.notification_id WHERE n.complaint_id IS NOT NULL AND d.id IN ({})",
        list(0, letters.len())
    );
    let query = letters.keys().fold(sqlx::query(&sql), |query, id| query.bind((*id).to_owned()));
    let mut triggers = Vec::new();
    let mut woken = Vec::new();
    for row in query.fetch_all(&mut **tx).await? {
        let id: String = row.try_get(0)?;
        let pending = PendingOutcome {
            complaint: ComplaintId(row.try_get(1)?),
            message: row.try_get(2)?,
            version: row.try_get(3)?,
            ordinal: row.try_get(4)?,
        };
        let Some(outcome) = letters.get(id.as_str()) else { continue };
        let text = content(&pending, &outcome.result);
        triggers.push(cells![format!("delivery {id}"), pending.complaint.0, now.millis(), text]);
        woken.push(pending.complaint);
    }
    let columns = "triggers (id, complaint_id, at, content)";
    insert(tx, columns, triggers, "ON CONFLICT (id) DO NOTHING").await?;
    woken.sort();
    woken.dedup();
    wake(tx, &woken, now).await
}
