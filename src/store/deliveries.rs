//! `Deliveries`: the handle of whoever looks after deliveries and plugins, and sends again.

use super::chain::{Entry, append};
use super::database::Database;
use super::delivery_state::DeliveryState;
use super::error::StoreError;
use super::row::Row;
use super::sets::ROWS;
use super::statement::{Statement, Tx};
use super::tables::deliveries::{Carried, DeliveryCount, DeliverySummary, OldestDelivery, Replayed};
use super::tables::delivery_attempts::Attempted;
use super::tables::plugin_health::{Health, HealthRow, switch_off};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Event};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The most attempts shown of one delivery.
const ATTEMPTS: i64 = 200;

/// The handle of whoever looks after deliveries and plugins.
#[derive(Clone, Debug)]
pub struct Deliveries(pub(super) Database);

/// A delivery with its attempts and its payload.
#[derive(Clone, Debug, Serialize)]
pub struct DeliveryDetails {
    /// The delivery itself.
    #[serde(flatten)]
    pub summary: DeliverySummary,
    /// The number or intake id of its complaint; none when it belongs to none.
    pub reference: Option<String>,
    /// The payload as the channel sends it; JSON, or a text where it is not JSON.
    pub payload: serde_json::Value,
    /// The attempts, oldest first, at most 200.
    pub tried: Vec<Attempted>,
}

/// A choice of deliveries; a part that is none leaves out nothing.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    /// The state they are in.
    pub state: Option<DeliveryState>,
    /// The plugin they go through.
    pub plugin: Option<String>,
    /// The kind of content, as `event.entered` or `notification.decision`.
    pub topic: Option<String>,
    /// The earliest moment of the decision that caused them.
    pub since: Option<Moment>,
    /// The moment before which that was.
    pub until: Option<Moment>,
    /// The complaint that they are about.
    pub complaint: Option<ComplaintId>,
    /// The delivery behind which the list begins: the moment of its decision, and its id.
    pub behind: Option<(Moment, String)>,
}

/// The deliveries that are to be sent again, or now.
#[derive(Clone, Copy, Debug)]
pub enum Replay<'d> {
    /// Those of these ids, whatever became of them: what waits goes now, what was accepted goes again.
    Ids(&'d [String]),
    /// Those that match.
    Matching(ReplayFilter<'d>),
    /// Those of a list, as it is shown.
    Listed(&'d DeliveryFilter),
}

/// A choice of deliveries to send again; a part that is none leaves out nothing.
#[derive(Clone, Copy, Debug)]
pub struct ReplayFilter<'d> {
    /// The earliest moment at which they were given up or accepted, or, of what waits, were decided.
    pub since: Moment,
    /// The moment before which that was.
    pub until: Option<Moment>,
    /// The state they are in.
    pub state: DeliveryState,
    /// The plugin they go through.
    pub plugin: Option<&'d str>,
    /// The kind of content, as `event.entered` or `notification.decision`.
    pub topic: Option<&'d str>,
}

/// The end of a replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplayEnd {
    /// These are in the queue again.
    Queued(Vec<Replayed>),
    /// Nothing was done: there are no deliveries of these ids.
    Unknown(Vec<String>),
}

/// The deliveries of a plugin that have not arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// The plugin's name.
    pub plugin: String,
    /// The number that wait for an attempt.
    pub queued: i64,
    /// The moment at which the oldest of those was decided; none when none waits.
    pub oldest: Option<Moment>,
    /// The number of dead letters.
    pub dead: i64,
}

impl Deliveries {
    /// Lists deliveries, newest first, at most `limit`.
    pub async fn list(
        &self,
        filter: &DeliveryFilter,
        limit: usize,
    ) -> Result<Vec<DeliverySummary>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let matching = chosen::<DeliverySummary>(filter);
        let matching = matching.and(&format!(" ORDER BY created_at DESC, id LIMIT {limit}"));
        matching.all(&self.0.reader).await
    }

    /// Returns those of a list that can be sent again, all of it: the id and the plugin of each.
    pub async fn listed(&self, filter: &DeliveryFilter) -> Result<Vec<Replayed>, StoreError> {
        let recalled = format!(" AND state <> '{}'", DeliveryState::Recalled);
        chosen::<Replayed>(filter).and(&recalled).all(&self.0.reader).await
    }

    /// Reads one delivery with everything that was tried; none when there is none of this id.
    pub async fn details(&self, id: &str) -> Result<Option<DeliveryDetails>, StoreError> {
        let this = Statement::select::<DeliverySummary>("FROM deliveries WHERE id = $1").with(id);
        let Some(summary) = this.first::<DeliverySummary>(&self.0.reader).await? else { return Ok(None) };
        let sql = "SELECT d.id, d.payload, COALESCE(c.number, c.intake_id) AS reference FROM deliveries d \
            LEFT JOIN complaints c ON c.id = d.complaint_id WHERE d.id = $1";
        let carried = Statement::new(sql).with(id).first::<Carried>(&self.0.reader).await?;
        let Some(Carried { payload, reference }) = carried else { return Ok(None) };
        let attempts = "FROM delivery_attempts WHERE delivery_id = $1 ORDER BY at LIMIT $2";
        let attempts = Statement::select::<Attempted>(attempts).with(id).with(ATTEMPTS);
        Ok(Some(DeliveryDetails {
            summary,
            reference,
            payload: serde_json::from_str(&payload).unwrap_or(serde_json::Value::String(payload)),
            tried: attempts.all(&self.0.reader).await?,
        }))
    }

    /// Returns whether there is or was any delivery of a plugin.
    pub async fn knows_plugin(&self, plugin: &str) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM deliveries WHERE plugin = $1 LIMIT 1";
        let found: Option<String> = Statement::new(sql).with(plugin).value("id", &self.0.reader).await?;
        Ok(found.is_some())
    }

    /// Counts what waits for each plugin, and what was given up.
    pub async fn waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        // One statement a state, since each has an index of its own.
        let queued = self.by_plugin(DeliveryState::Queued).await?;
        let dead = self.by_plugin(DeliveryState::Dead).await?;
        let oldest = self.oldest().await?;
        let plugins: BTreeSet<&String> = queued.keys().chain(dead.keys()).collect();
        let count = |of: &BTreeMap<String, i64>, plugin| of.get(plugin).copied().unwrap_or(0);
        let waiting = plugins.into_iter().map(|plugin| Waiting {
            plugin: plugin.clone(),
            queued: count(&queued, plugin),
            oldest: oldest.get(plugin).copied(),
            dead: count(&dead, plugin),
        });
        Ok(waiting.collect())
    }

    async fn oldest(&self) -> Result<BTreeMap<String, Moment>, StoreError> {
        let condition = DeliveryState::Queued.condition();
        let sql = format!(
            "SELECT plugin, MIN(created_at) AS oldest FROM deliveries WHERE {condition} GROUP BY plugin"
        );
        let rows: Vec<OldestDelivery> = Statement::new(sql).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| (row.plugin, row.oldest)).collect())
    }

    async fn by_plugin(&self, state: DeliveryState) -> Result<BTreeMap<String, i64>, StoreError> {
        let condition = state.condition();
        let sql = format!(
            "SELECT plugin, COUNT(*) AS deliveries FROM deliveries WHERE {condition} GROUP BY plugin"
        );
        let rows: Vec<DeliveryCount> = Statement::new(sql).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| (row.plugin, row.deliveries)).collect())
    }

    /// Counts what waits for a plugin.
    pub async fn queued(&self, plugin: &str) -> Result<i64, StoreError> {
        let queued = DeliveryState::Queued.condition();
        let these = Statement::counting(&format!("deliveries WHERE plugin = $1 AND {queued}"));
        these.with(plugin).count(&self.0.reader).await
    }

    /// Puts deliveries in the queue again, due now and with a fresh round of attempts, and returns them. `event`
    /// tells of them in the trail, when there were any. Of ids that are not all known nothing is done.
    pub async fn replay(
        &self,
        replay: Replay<'_>,
        event: impl FnOnce(&[Replayed]) -> Event,
        ruleset: &str,
        now: Moment,
    ) -> Result<ReplayEnd, StoreError> {
        let (ids, unless_changed) = match replay {
            Replay::Ids(ids) => (ids.to_vec(), String::new()),
            Replay::Matching(filter) => {
                (self.matching(filter).await?, format!(" AND {}", filter.state.condition()))
            }
            Replay::Listed(filter) => {
                let ids = self.listed(filter).await?.into_iter().map(|row| row.id).collect();
                (ids, filter.state.map(|state| format!(" AND {}", state.condition())).unwrap_or_default())
            }
        };
        let mut tx = self.0.begin().await?;
        let replayed = revive(&mut tx, &ids, &unless_changed, now).await?;
        if let Replay::Ids(ids) = replay {
            let known: BTreeSet<&str> = replayed.iter().map(|r| r.id.as_str()).collect();
            let unknown = ids.iter().filter(|id| !known.contains(id.as_str()));
            let unknown: Vec<String> = unknown.cloned().collect();
            if !unknown.is_empty() {
                return Ok(ReplayEnd::Unknown(unknown));
            }
        }
        if replayed.is_empty() {
            return Ok(ReplayEnd::Queued(replayed));
        }
        append(&self.0, &mut tx, &Entry::alone(now, ruleset, &[event(&replayed)])).await?;
        self.0.finish(tx).await?;
        Ok(ReplayEnd::Queued(replayed))
    }

    /// Returns the ids of what matches. Looked for before anything is locked: what was accepted long ago is found by
    /// reading through everything that was.
    async fn matching(&self, filter: ReplayFilter<'_>) -> Result<Vec<String>, StoreError> {
        let ReplayFilter { since, until, state, plugin, topic } = filter;
        let moment = if state == DeliveryState::Queued { "created_at" } else { "finished_at" };
        let within = format!("FROM deliveries WHERE {} AND {moment} >= $1", state.condition());
        let matching = Statement::select::<Replayed>(&within).with(since);
        let matching = matching
            .and_compared(&format!("{moment} <"), until)
            .and_equal("plugin", plugin)
            .and_equal("topic", topic);
        let rows: Vec<Replayed> = matching.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Returns the plugins that have trouble.
    pub async fn healths(&self) -> Result<Vec<(String, Health)>, StoreError> {
        let sql = format!("SELECT {} FROM plugin_health ORDER BY plugin", HealthRow::columns());
        let rows: Vec<HealthRow> = Statement::new(sql).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| (row.plugin.clone(), row.into())).collect())
    }

    /// Switches a plugin on again that was switched off by itself, and ends its pause, and records `event`;
    /// false when it had no trouble. What is still kept of its trouble lets its recovery be told.
    pub async fn enable_plugin(
        &self,
        plugin: &str,
        event: Event,
        ruleset: &str,
        at: Moment,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE plugin_health SET disabled_at = NULL, paused_until = 0, failures = 0, failing_since = NULL \
            WHERE plugin = $1 AND (disabled_at IS NOT NULL OR paused_until > 0 OR failures > 0 \
            OR failing_since IS NOT NULL)";
        let mut tx = self.0.begin().await?;
        if Statement::new(sql).with(plugin).run(&mut tx).await? == 0 {
            return Ok(false);
        }
        // What was put off because of the trouble goes now; what a cap holds back was never tried.
        let due = format!(
            "UPDATE deliveries SET next_at = $1 WHERE {} AND plugin = $2 AND attempts > 0 AND next_at > $1",
            DeliveryState::Queued.condition()
        );
        Statement::new(due).with(at).with(plugin).run(&mut tx).await?;
        append(&self.0, &mut tx, &Entry::alone(at, ruleset, &[event])).await?;
        self.0.finish(tx).await?;
        Ok(true)
    }

    /// Switches a plugin off in somebody's name, until somebody switches it on again, and records `event`; false when it was
    /// off. What waits for it goes on waiting.
    pub async fn disable_plugin(
        &self,
        plugin: &str,
        by: &str,
        event: Event,
        ruleset: &str,
        at: Moment,
    ) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        if !switch_off(&mut tx, plugin, by, at).await? {
            return Ok(false);
        }
        append(&self.0, &mut tx, &Entry::alone(at, ruleset, &[event])).await?;
        self.0.finish(tx).await?;
        Ok(true)
    }

    /// Records that a sample is sent, which is no delivery.
    pub async fn note_trial(&self, event: Event, ruleset: &str, at: Moment) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        append(&self.0, &mut tx, &Entry::alone(at, ruleset, &[event])).await?;
        self.0.finish(tx).await
    }
}

/// Selects the deliveries of a choice, in no order.
fn chosen<R: Row>(filter: &DeliveryFilter) -> Statement {
    // Always a range: without one SQLite would rather read everything and sort it.
    let since = filter.since.unwrap_or(Moment::from_millis(i64::MIN));
    let state = filter.state.map(|state| format!(" AND {}", state.condition())).unwrap_or_default();
    let matching = Statement::select::<R>("FROM deliveries WHERE created_at >= $1")
        .with(since)
        .and(&state)
        .and_compared("created_at <", filter.until)
        .and_equal("plugin", filter.plugin.as_ref())
        .and_equal("topic", filter.topic.as_ref())
        .and_equal("complaint_id", filter.complaint);
    match &filter.behind {
        None => matching,
        Some((at, id)) => matching
            .and_compared("created_at <=", Some(*at))
            .and_compared("(created_at <", Some(*at))
            .and(" OR id > ")
            .and_list([id])
            .and(")"),
    }
}

/// Puts deliveries of these ids in the queue again, where a further condition holds. What was called back never goes.
async fn revive(
    tx: &mut Tx,
    ids: &[String],
    condition: &str,
    now: Moment,
) -> Result<Vec<Replayed>, StoreError> {
    let sql = format!(
        "UPDATE deliveries SET state = '{}', attempts = 0, next_at = $1, finished_at = NULL WHERE id IN ",
        DeliveryState::Queued
    );
    let returning =
        format!("{condition} AND state <> '{}' RETURNING {}", DeliveryState::Recalled, Replayed::columns());
    let mut revived = Vec::new();
    for set in ids.chunks(ROWS) {
        let these = Statement::new(sql.as_str()).with(now).and_list(set).and(&returning);
        revived.extend(these.all::<Replayed>(&mut *tx).await?);
    }
    Ok(revived)
}
