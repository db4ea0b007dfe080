//! `Outbox`: deliveries claimed with a lease, and what became of them. Both are written in sets.

use super::database::Database;
use super::delivery_state::{AttemptOutcome, DeliveryState};
use super::error::StoreError;
use super::row::Row;
use super::sets::{Conflict, ROWS, insert, update};
use super::statement::{Statement, Tx};
use super::tables::complaints::wake;
use super::tables::deliveries::{ClaimedRow, MailedCount, OutcomeRow};
use super::tables::delivery_attempts::AttemptRow;
use super::tables::notifications::{CarriedLetter, PendingOutcome};
use super::tables::plugin_health::{Health, health_of, set_health};
use super::tables::triggers::{self, TriggerRow};
use crate::calendar::Moment;
use std::collections::HashMap;

/// What a lane of deliveries may do.
#[derive(Clone, Debug)]
pub struct Outbox(pub(super) Database);

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

impl DeliveryResult {
    fn attempt(&self) -> AttemptOutcome {
        match self {
            Self::Accepted => AttemptOutcome::Accepted,
            Self::Retry { .. } => AttemptOutcome::Failed,
            Self::Held { .. } => AttemptOutcome::Held,
            Self::Dead { .. } => AttemptOutcome::Refused,
        }
    }

    /// Whether no attempt follows, so that the complaint is told.
    fn is_final(&self) -> bool {
        matches!(self, Self::Accepted | Self::Dead { .. })
    }
}

/// A delivery, what became of it, and the line for its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub id: String,
    pub is_letter: bool,
    pub result: DeliveryResult,
    pub at: Moment,
    /// Duration of the attempt in milliseconds.
    pub millis: i64,
    /// What the target answered; empty for what was not attempted.
    pub detail: String,
}

/// How many automated mails an address was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mailed {
    pub in_hour: i64,
    pub in_day: i64,
}

impl Outbox {
    /// Leases due deliveries of a plugin, in one statement, so that processes share them.
    pub async fn claim(&self, claim: Claim<'_>) -> Result<Claimed, StoreError> {
        let mut tx = self.0.begin().await?;
        let health = health_of(&mut tx, claim.plugin).await?;
        if health.disabled_at.is_some() || health.paused_until.is_some_and(|p| p > claim.now) {
            return Ok(Claimed { health, deliveries: Vec::new() });
        }
        let mut rows: Vec<ClaimedRow> = self.claiming(claim).all(&mut tx).await?;
        // A claim makes nothing due, so other processes need not look.
        tx.commit().await?;
        // RETURNING keeps no order.
        rows.sort_by_key(|row| (row.created_at, row.position));
        let deliveries = rows.into_iter().map(|row| ClaimedDelivery {
            id: row.id,
            payload: row.payload,
            attempts: row.attempts,
            created_at: row.created_at,
            is_letter: row.is_letter,
            capped_address: row.capped_address,
            is_first_letter: row.is_first_letter,
            is_reaction: row.is_reaction,
            lease_until: claim.lease_until,
        });
        Ok(Claimed { health, deliveries: deliveries.collect() })
    }

    fn claiming(&self, claim: Claim<'_>) -> Statement {
        let queued = DeliveryState::Queued.condition();
        let in_order = match claim.ordered {
            false => String::new(),
            true => format!(
                " AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.plugin = d.plugin AND e.{queued} \
                 AND e.complaint_id = d.complaint_id AND e.position < d.position)"
            ),
        };
        let sql = format!(
            "UPDATE deliveries SET lease_until = $1, attempts = attempts + 1 WHERE id IN \
             (SELECT d.id FROM deliveries d WHERE d.{queued} AND d.plugin = $2 AND d.next_at <= $3 \
              AND d.lease_until <= $3{in_order} ORDER BY d.next_at, d.created_at, d.position LIMIT $4{}) \
             RETURNING {}",
            self.0.engine.skip_locked(),
            ClaimedRow::columns()
        );
        Statement::new(sql).with(claim.lease_until).with(claim.plugin).with(claim.now).with(claim.limit)
    }

    /// Returns whether a claim would find something.
    pub async fn has_due(&self, plugin: &str, now: Moment) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT id FROM deliveries WHERE {} AND plugin = $1 AND next_at <= $2 AND lease_until <= $2 LIMIT 1",
            DeliveryState::Queued.condition()
        );
        let due = Statement::new(sql).with(plugin).with(now);
        let found: Option<String> = due.value("id", &self.0.reader).await?;
        Ok(found.is_some())
    }

    /// Returns how one plugin fares.
    pub async fn health(&self, plugin: &str) -> Result<Health, StoreError> {
        health_of(&self.0.reader, plugin).await
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
        let mut tx = self.0.begin().await?;
        for set in outcomes.chunks(ROWS) {
            write_results(&mut tx, set, now).await?;
            log_attempts(&mut tx, set).await?;
            tell_complaints(&mut tx, set, now, &content).await?;
        }
        if let Some(health) = health {
            set_health(&mut tx, plugin, health).await?;
        }
        self.0.finish(tx).await
    }

    /// Returns how many automated mails these addresses were sent after `hour` and after `day`; those that were sent
    /// none are left out.
    pub async fn mailed(
        &self,
        addresses: &[String],
        hour: Moment,
        day: Moment,
    ) -> Result<HashMap<String, Mailed>, StoreError> {
        let accepted = DeliveryState::Accepted.condition();
        let mut found = HashMap::new();
        for set in addresses.chunks(ROWS) {
            let sql = format!(
                "SELECT capped_address, CAST(SUM(CASE WHEN finished_at > $1 THEN 1 ELSE 0 END) AS BIGINT) AS in_hour, \
                 COUNT(*) AS in_day FROM deliveries WHERE finished_at > $2 AND {accepted} AND capped_address IN "
            );
            let counts = Statement::new(sql).with(hour).with(day).and_list(set);
            for row in counts.and(" GROUP BY capped_address").all::<MailedCount>(&self.0.reader).await? {
                found.insert(row.capped_address, Mailed { in_hour: row.in_hour, in_day: row.in_day });
            }
        }
        Ok(found)
    }

    /// Returns how many letters that incoming mail caused were sent after `since`.
    pub async fn reactions(&self, since: Moment) -> Result<i64, StoreError> {
        let accepted = DeliveryState::Accepted.condition();
        let sql = format!("deliveries WHERE is_reaction = 1 AND {accepted} AND finished_at > $1");
        Statement::counting(&sql).with(since).count(&self.0.reader).await
    }
}

async fn write_results(tx: &mut Tx, set: &[Outcome], now: Moment) -> Result<(), StoreError> {
    let rows = set.iter().map(|o| {
        let (state, next_at, finished_at, last_error, uncounted) = match &o.result {
            DeliveryResult::Accepted => (DeliveryState::Accepted, now, Some(now), None, 0),
            DeliveryResult::Retry { at, error } => (DeliveryState::Queued, *at, None, Some(error.clone()), 0),
            DeliveryResult::Held { until, why } => {
                (DeliveryState::Queued, *until, None, Some(why.clone()).filter(|w| !w.is_empty()), 1)
            }
            DeliveryResult::Dead { error } => (DeliveryState::Dead, now, Some(now), Some(error.clone()), 0),
        };
        OutcomeRow { id: o.id.clone(), state, next_at, finished_at, last_error, uncounted }
    });
    let change = format!(
        "state = v.state, next_at = v.next_at, finished_at = v.finished_at, last_error = v.last_error, \
         attempts = attempts - v.uncounted, lease_until = 0 FROM v WHERE deliveries.id = v.id AND deliveries.{}",
        DeliveryState::Queued.condition()
    );
    update(tx, rows.collect(), &change).await
}

async fn log_attempts(tx: &mut Tx, set: &[Outcome]) -> Result<(), StoreError> {
    let attempted = set.iter().filter(|o| !o.detail.is_empty()).map(|o| AttemptRow {
        delivery_id: o.id.clone(),
        at: o.at,
        millis: o.millis,
        outcome: o.result.attempt(),
        detail: o.detail.clone(),
    });
    insert(tx, attempted.collect(), Conflict::Fails).await?;
    Ok(())
}

async fn tell_complaints(
    tx: &mut Tx,
    set: &[Outcome],
    now: Moment,
    content: &impl Fn(&PendingOutcome, &DeliveryResult) -> String,
) -> Result<(), StoreError> {
    let letters: HashMap<&str, &Outcome> =
        set.iter().filter(|o| o.is_letter && o.result.is_final()).map(|o| (o.id.as_str(), o)).collect();
    if letters.is_empty() {
        return Ok(());
    }
    let carried = CarriedLetter::statement().and(" WHERE n.complaint_id IS NOT NULL AND d.id IN ");
    let carried: Vec<CarriedLetter> = carried.and_list(letters.keys().copied()).all(&mut *tx).await?;
    let mut told = Vec::with_capacity(carried.len());
    for row in carried {
        let Some((id, outcome)) = letters.get_key_value(row.delivery_id.as_str()) else { continue };
        let Some(letter) = row.letter() else { continue };
        told.push(TriggerRow {
            id: format!("delivery {id}"),
            complaint_id: letter.complaint,
            at: now,
            content: content(&letter, &outcome.result),
        });
    }
    let mut woken: Vec<_> = told.iter().map(|trigger| trigger.complaint_id).collect();
    triggers::add(tx, told).await?;
    woken.sort();
    woken.dedup();
    wake(tx, &woken, now).await
}
