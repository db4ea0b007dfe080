//! `Outbox`: the handle of a lane: deliveries claimed with a lease, and what became of them. Both are written
//! in sets.

use super::column::Cell;
use super::database::Database;
use super::delivery_state::{AttemptOutcome, DeliveryState};
use super::error::StoreError;
use super::row::Row;
use super::sets::{Conflict, ROWS, change, insert, update};
use super::statement::{Statement, Tx};
use super::tables::complaints::wake;
use super::tables::deliveries::{ClaimedRow, MailedCount, OutcomeRow};
use super::tables::delivery_attempts::AttemptRow;
use super::tables::notifications::{CarriedLetter, PendingOutcome};
use super::tables::plugin_health::{Health, health_of, set_health};
use super::tables::triggers::{self, TriggerRow};
use crate::calendar::Moment;
use std::collections::HashMap;

/// The handle of a lane of deliveries.
#[derive(Clone, Debug)]
pub struct Outbox(pub(super) Database);

/// A delivery that this process may attempt until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedDelivery {
    /// The delivery's stable id, sent with every attempt so that the target can recognise it.
    pub id: String,
    /// The payload for the channel, as JSON.
    pub payload: String,
    /// The number of attempts that were made and recorded, and the one now due; a claim whose process died
    /// is none.
    pub attempts: i64,
    /// The moment of the decision that caused it; retries end some days after.
    pub created_at: Moment,
    /// True for a message to the complainant, whose outcome is a fact of the complaint.
    pub is_letter: bool,
    /// The address whose cap on automated mail it counts towards; none when no cap applies.
    pub capped_address: Option<String>,
    /// True for the first letter about a complaint, which the narrow cap lets through.
    pub is_first_letter: bool,
    /// True when incoming mail caused it, so that the wide cap applies.
    pub is_reaction: bool,
    /// The moment from which another process may claim it again.
    pub lease_until: Moment,
}

/// A claim on due deliveries of one plugin.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'c> {
    /// The plugin's name.
    pub plugin: &'c str,
    /// The moment at which they are due.
    pub now: Moment,
    /// The end of the lease that is asked for.
    pub lease_until: Moment,
    /// The most deliveries to claim.
    pub limit: usize,
    /// True when a delivery waits for the earlier ones of its complaint.
    pub ordered: bool,
    /// What is taken when more is due than the limit.
    pub first: ClaimFirst,
}

/// What a claim takes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimFirst {
    /// What has been due for longest.
    Oldest,
    /// What was never tried, so that what a target does not take holds up nothing else; then the oldest.
    Untried,
}

/// The answer to a claim: no deliveries while the plugin pauses or is switched off.
#[derive(Clone, Debug, Default)]
pub struct Claimed {
    /// The health of the plugin's target at that moment.
    pub health: Health,
    /// The deliveries, in the order in which they were created.
    pub deliveries: Vec<ClaimedDelivery>,
}

/// The result of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryResult {
    /// The target took it over.
    Accepted,
    /// Failed this time; tried again.
    Retry {
        /// The moment of the next attempt.
        at: Moment,
        /// The failure, in words.
        error: String,
    },
    /// Not attempted; it counts as no attempt.
    Held {
        /// The earliest moment of an attempt.
        until: Moment,
        /// The reason, in words; empty to keep the last error.
        why: String,
    },
    /// Failed for good: a dead letter until somebody replays it.
    Dead {
        /// The failure, in words.
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

    /// Returns whether no attempt follows, so that the complaint is told.
    fn is_final(&self) -> bool {
        matches!(self, Self::Accepted | Self::Dead { .. })
    }
}

/// A delivery, the result of its attempt, and the line for its log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The delivery's id.
    pub id: String,
    /// True for a message to the complainant, whose outcome is a fact of the complaint.
    pub is_letter: bool,
    /// The result.
    pub result: DeliveryResult,
    /// The moment at which the attempt began.
    pub at: Moment,
    /// Duration of the attempt in milliseconds.
    pub millis: i64,
    /// The target's answer in words; empty for what was not attempted.
    pub detail: String,
}

/// The automated mails that one address was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mailed {
    /// Their number in the last hour.
    pub in_hour: i64,
    /// Their number in the last 24 hours.
    pub in_day: i64,
}

/// Longer than any lease, an hour; one that ends later was taken by a clock that ran ahead.
const LONGEST_LEASE_MILLIS: i64 = 3_600_000;

impl Outbox {
    /// Leases due deliveries of a plugin, so that processes share them.
    pub async fn claim(&self, claim: Claim<'_>) -> Result<Claimed, StoreError> {
        let mut tx = self.0.begin_leasing().await?;
        let health = health_of(&mut tx, claim.plugin).await?;
        if health.disabled_at.is_some() || health.paused_until.is_some_and(|p| p > claim.now) {
            return Ok(Claimed { health, deliveries: Vec::new() });
        }
        let mut rows: Vec<ClaimedRow> = Vec::new();
        if claim.first == ClaimFirst::Untried {
            rows = self.lease(&mut tx, claim, " AND d.attempts = 0").await?;
        }
        // What was claimed is leased, and is not found again.
        let left = Claim { limit: claim.limit.saturating_sub(rows.len()), ..claim };
        if left.limit > 0 {
            rows.extend(self.lease(&mut tx, left, "").await?);
        }
        // A claim makes nothing due, so other processes need not look.
        tx.commit().await?;
        rows.sort_by_key(|row| (row.created_at, row.position));
        let deliveries = rows.into_iter().map(|row| ClaimedDelivery {
            id: row.id,
            payload: row.payload,
            attempts: row.attempts + 1,
            created_at: row.created_at,
            is_letter: row.is_letter,
            capped_address: row.capped_address,
            is_first_letter: row.is_first_letter,
            is_reaction: row.is_reaction,
            lease_until: claim.lease_until,
        });
        Ok(Claimed { health, deliveries: deliveries.collect() })
    }

    /// Makes due what waits for a time that was never real: the clock had run ahead, and stands at `now`.
    /// Deliveries that were decided or attempted then, leases and pauses that were taken then.
    pub async fn put_clock_right(&self, now: Moment) -> Result<(), StoreError> {
        let queued = DeliveryState::Queued.condition();
        let waiting = format!(
            "UPDATE deliveries SET next_at = $1 WHERE {queued} AND next_at > $1 AND (created_at > $1 \
             OR EXISTS (SELECT 1 FROM delivery_attempts a WHERE a.delivery_id = deliveries.id AND a.at > $1))"
        );
        let lease_time = self.0.engine.lease_time("$1");
        let leased = format!(
            "UPDATE deliveries SET lease_until = 0 WHERE {queued} AND lease_until > {lease_time} + $2"
        );
        let paused =
            "UPDATE plugin_health SET paused_until = 0 WHERE paused_until > $1 AND failing_since > $1";
        let mut tx = self.0.begin().await?;
        let moved = Statement::new(waiting).with(now).run(&mut tx).await?
            + Statement::new(leased).with(now).with(LONGEST_LEASE_MILLIS).run(&mut tx).await?
            + Statement::new(paused).with(now).run(&mut tx).await?;
        if moved > 0 {
            self.0.finish(tx).await?;
        }
        Ok(())
    }

    /// Leases what is due for longest, where a further condition holds, in one statement, which tells of a store that cannot be
    /// written before there is anything to write.
    async fn lease(
        &self,
        tx: &mut Tx,
        claim: Claim<'_>,
        condition: &str,
    ) -> Result<Vec<ClaimedRow>, StoreError> {
        let leased: Vec<ClaimedRow> = self.leasing(claim, condition).all(&mut *tx).await?;
        tx.wrote(leased.len() as u64);
        Ok(leased)
    }

    /// Returns the statement that leases and reads it. No other process finds it meanwhile.
    fn leasing(&self, claim: Claim<'_>, condition: &str) -> Statement {
        let queued = DeliveryState::Queued.condition();
        let in_order = match claim.ordered {
            false => String::new(),
            true => format!(
                " AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE e.plugin = d.plugin AND e.{queued} \
                 AND e.complaint_id = d.complaint_id AND e.position < d.position)"
            ),
        };
        let (until, value) = match self.0.engine.time() {
            Some(time) => (format!("{time} + $4"), claim.lease_until.millis() - claim.now.millis()),
            None => ("$4".to_owned(), claim.lease_until.millis()),
        };
        let sql = format!(
            "WITH due (due_id) AS MATERIALIZED (SELECT d.id FROM deliveries d WHERE d.{queued} AND d.plugin = $1 AND d.next_at <= $2 \
             AND d.lease_until <= {}{condition}{in_order} ORDER BY d.next_at, d.created_at, d.position LIMIT $3{}) \
             UPDATE deliveries SET lease_until = {until} FROM due WHERE deliveries.id = due_id RETURNING {}",
            self.0.engine.lease_time("$2"),
            self.0.engine.skip_locked(),
            ClaimedRow::columns(),
        );
        Statement::new(sql).with(claim.plugin).with(claim.now).with(claim.limit).with(value)
    }

    /// Returns whether a claim would find something, but for the order of deliveries and the plugin's health.
    pub async fn has_due(&self, plugin: &str, now: Moment) -> Result<bool, StoreError> {
        let sql = format!(
            "SELECT id FROM deliveries WHERE {} AND plugin = $1 AND next_at <= $2 AND lease_until <= {} LIMIT 1",
            DeliveryState::Queued.condition(),
            self.0.engine.lease_time("$2")
        );
        let due = Statement::new(sql).with(plugin).with(now);
        let found: Option<String> = due.value("id", &self.0.reader).await?;
        Ok(found.is_some())
    }

    /// Returns the earliest moment after `now` for which a delivery waits that was never attempted, as one does that
    /// waits for working hours; none when none does.
    pub async fn next_first_attempt(&self, now: Moment) -> Result<Option<Moment>, StoreError> {
        let sql = format!(
            "SELECT MIN(next_at) AS next_at FROM deliveries WHERE {} AND attempts = 0 AND next_at > $1",
            DeliveryState::Queued.condition()
        );
        let next: Option<Option<i64>> =
            Statement::new(sql).with(now).value("next_at", &self.0.reader).await?;
        Ok(next.flatten().map(Moment::from_millis))
    }

    /// Returns the health of a plugin's target.
    pub async fn health(&self, plugin: &str) -> Result<Health, StoreError> {
        health_of(&self.0.reader, plugin).await
    }

    /// Records the results of deliveries of a plugin, and its health when that changed. A letter that was
    /// accepted or died becomes a trigger of its complaint in the same transaction; `content` words it as
    /// JSON.
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
            // First, while the store still says which of them wait for an outcome.
            tell_complaints(&mut tx, set, now, &content).await?;
            write_results(&mut tx, set, now).await?;
            log_attempts(&mut tx, set).await?;
        }
        if let Some(health) = health {
            set_health(&mut tx, plugin, health).await?;
        }
        self.0.finish(tx).await
    }

    /// Returns how many automated mails these addresses were sent after `hour` and after `day`; those that
    /// were sent none are left out.
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

/// Writes what became of deliveries. What was attempted twice, since a lease ran out, counts twice; what became of it first
/// stands.
async fn write_results(tx: &mut Tx, set: &[Outcome], now: Moment) -> Result<(), StoreError> {
    // Nearly all, and all of them in the same way.
    let accepted = set.iter().filter(|o| o.result == DeliveryResult::Accepted).map(|o| o.id.clone());
    let columns = [
        first("state", &format!("'{}'", DeliveryState::Accepted)),
        first("next_at", "?"),
        first("finished_at", "?"),
        first("last_error", "NULL"),
    ];
    let accepting = format!("{}, attempts = attempts + 1, lease_until = 0", columns.join(", "));
    let moments = [Cell::from(now), Cell::from(now)];
    change(tx, "deliveries", (&accepting, &moments), &accepted.collect::<Vec<_>>()).await?;
    let others = set.iter().filter_map(|o| {
        let (state, next_at, finished_at, last_error, made) = match &o.result {
            DeliveryResult::Accepted => return None,
            DeliveryResult::Retry { at, error } => (DeliveryState::Queued, *at, None, Some(error.clone()), 1),
            DeliveryResult::Held { until, why } => {
                (DeliveryState::Queued, *until, None, Some(why.clone()).filter(|w| !w.is_empty()), 0)
            }
            DeliveryResult::Dead { error } => (DeliveryState::Dead, now, Some(now), Some(error.clone()), 1),
        };
        Some(OutcomeRow { id: o.id.clone(), state, next_at, finished_at, last_error, made })
    });
    let columns = ["state", "next_at", "finished_at", "last_error"];
    let columns = columns.map(|column| first(column, &format!("v.{column}"))).join(", ");
    let putting =
        format!("{columns}, attempts = attempts + v.made, lease_until = 0 FROM v WHERE deliveries.id = v.id");
    update(tx, others.collect(), &putting).await
}

/// Returns what sets a column of a delivery of which nothing has become yet.
fn first(column: &str, value: &str) -> String {
    let queued = DeliveryState::Queued.condition();
    format!("{column} = CASE WHEN deliveries.{queued} THEN {value} ELSE deliveries.{column} END")
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
    let queued = DeliveryState::Queued.condition();
    let waiting = format!(" WHERE n.complaint_id IS NOT NULL AND d.{queued} AND d.id IN ");
    let carried = CarriedLetter::statement().and(&waiting);
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
