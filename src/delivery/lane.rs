//! `Lane`: the outbox of one plugin. Claims ahead, attempts side by side, records in sets; the three overlap.

use super::breaker::{self, Endurance, Turn};
use super::caps::{Hold, sift};
use super::channels::{Attempt, Verdict};
use super::manifest::{PluginKind, Retry, Way};
use super::plugins::{Plugin, Plugins};
use super::retry::next_attempt;
use super::runner::Delivered;
use crate::calendar::Moment;
use crate::complaint::{LetterStatus, StoredTrigger};
use crate::store::{Claim, Claimed, ClaimedDelivery, DeliveryResult, Health, Outcome, StoreError};
use crate::workflow::{PluginNews, Workflow};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Interval, MissedTickBehavior};

/// A claim ends by itself this long after its attempt must have ended, should the process die.
const LEASE_MILLIS: i64 = 10_000;
/// The most that is claimed at once.
const MOST_AHEAD: usize = 1_024;
/// Letters claimed at once; all are recorded before the next, as their caps count what was sent.
const LETTERS: usize = 200;
/// The longest sleep between two looks at the outbox.
const LOOK: Duration = Duration::from_millis(500);
/// The pause after the store failed.
const PAUSE: Duration = Duration::from_secs(2);

/// When the work is over.
#[derive(Clone, Debug)]
pub(super) enum Until {
    /// Nothing is due.
    Idle,
    Stopped(Arc<AtomicBool>),
}

impl Until {
    fn is_stopped(&self) -> bool {
        matches!(self, Self::Stopped(stop) if stop.load(Ordering::Relaxed))
    }
}

/// What became of a claimed delivery.
#[derive(Debug)]
struct Finished {
    delivery: ClaimedDelivery,
    at: Moment,
    millis: i64,
    end: End,
}

#[derive(Debug)]
enum End {
    Attempted(Attempt),
    Held { until: Moment, why: String },
}

#[derive(Clone, Debug)]
pub(super) struct Lane {
    workflow: Arc<Workflow>,
    plugins: Arc<Plugins>,
    plugin: Arc<Plugin>,
}

type Task<T> = JoinHandle<Result<T, StoreError>>;

/// The state of a lane at work.
#[derive(Default)]
struct Work {
    pending: VecDeque<ClaimedDelivery>,
    flights: JoinSet<Finished>,
    done: Vec<Finished>,
    claiming: Option<Task<(Claimed, Vec<Hold>)>>,
    recording: Option<Task<(Delivered, Health)>>,
    health: Health,
    /// Failures in a row that the health does not hold yet.
    unrecorded_failures: u32,
    /// How many are claimed ahead; grows while the target keeps up.
    ahead: usize,
    /// Nothing was failing when the claim under way began.
    is_claimed_in_health: bool,
    /// Nothing was due at the last look.
    is_dry: bool,
    delivered: Delivered,
}

impl Lane {
    pub fn new(workflow: Arc<Workflow>, plugins: Arc<Plugins>, plugin: Arc<Plugin>) -> Self {
        Self { workflow, plugins, plugin }
    }

    pub async fn run(self, stop: Arc<AtomicBool>) {
        while !stop.load(Ordering::Relaxed) {
            if let Err(e) = self.work(Until::Stopped(Arc::clone(&stop))).await {
                tracing::error!(
                    plugin = self.plugin.name,
                    "the outbox cannot be worked and will be tried again: {e}"
                );
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Works the outbox until it is idle or stopped; what is in flight is always finished and recorded.
    pub async fn work(&self, until: Until) -> Result<Delivered, StoreError> {
        let mut work = Work { ahead: self.concurrency(), ..Work::default() };
        let mut bell = self.workflow.outbox.listen();
        let mut pace = self.pace();
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            if until.is_stopped() {
                self.release(&mut work, "the server stops");
            }
            if pace.is_none() {
                while self.has_room(&work) {
                    self.launch(&mut work);
                }
            }
            self.record_more(&mut work);
            self.claim_more(&mut work, &until);
            if work.is_idle() && (work.is_dry && matches!(until, Until::Idle) || until.is_stopped()) {
                return Ok(work.delivered);
            }
            tokio::select! {
                Some(finished) = work.flights.join_next(), if !work.flights.is_empty() => {
                    work.finish(finished.ok());
                    while let Some(more) = work.flights.try_join_next() {
                        work.finish(more.ok());
                    }
                }
                claimed = wait(&mut work.claiming), if work.claiming.is_some() => {
                    work.claiming = None;
                    self.take(&mut work, claimed?).await;
                }
                recorded = wait(&mut work.recording), if work.recording.is_some() => {
                    work.recording = None;
                    let (delivered, health) = recorded?;
                    work.delivered += delivered;
                    work.health = health;
                    work.unrecorded_failures = 0;
                    for finished in std::mem::take(&mut work.done) {
                        work.finish(Some(finished));
                    }
                    if work.health.failures > 0 {
                        work.ahead = self.concurrency();
                    }
                    if self.is_blocked(&work.health) || breaker::allowance(work.health.failures, 2) == 1 {
                        self.release(&mut work, "the target fails");
                    }
                }
                () = tick(&mut pace), if pace.is_some() && self.has_room(&work) => self.launch(&mut work),
                () = bell.heard() => work.is_dry = false,
                _ = look.tick(), if matches!(until, Until::Stopped(_)) => {
                    self.look(&mut work).await?;
                }
            }
        }
    }

    /// Whether something has become due, or a person has switched the plugin on again.
    async fn look(&self, work: &mut Work) -> Result<(), StoreError> {
        let (store, now) = (&self.workflow.store, self.workflow.clock.now());
        if !work.is_dry {
            return Ok(());
        }
        if work.is_idle() && self.is_blocked(&work.health) {
            work.health = store.outbox().health(&self.plugin.name).await?;
        }
        if !self.is_blocked(&work.health) {
            work.is_dry = !store.outbox().has_due(&self.plugin.name, now).await?;
        }
        Ok(())
    }

    fn concurrency(&self) -> usize {
        match &self.plugin.manifest.way {
            Way::Webhook(w) => w.concurrency,
            Way::Smtp(s) => s.concurrency,
            // A disk does one thing at a time.
            Way::Folder => 8,
        }
    }

    fn pace(&self) -> Option<Interval> {
        let Way::Webhook(section) = &self.plugin.manifest.way else { return None };
        let mut pace = tokio::time::interval(Duration::from_secs(1) / section.rate_per_second?);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Some(pace)
    }

    fn is_email(&self) -> bool {
        self.plugin.manifest.kind() == PluginKind::Email
    }

    fn is_blocked(&self, health: &Health) -> bool {
        let now = self.workflow.clock.now();
        health.disabled_at.is_some() || health.paused_until.is_some_and(|p| p > now)
    }

    /// Failures count as soon as they are seen, so that a dead target is not hit while they are being written.
    fn has_room(&self, work: &Work) -> bool {
        let failures = work.health.failures.saturating_add(work.unrecorded_failures);
        !work.pending.is_empty() && work.flights.len() < breaker::allowance(failures, self.concurrency())
    }

    fn launch(&self, work: &mut Work) {
        let Some(delivery) = work.pending.pop_front() else { return };
        let clock = Arc::clone(&self.workflow.clock);
        let at = clock.now();
        let patience = self.patience_millis();
        if at.plus_millis(patience) >= delivery.lease_until {
            let end = End::Held { until: at, why: String::new() };
            work.done.push(Finished { delivery, at, millis: 0, end });
            return;
        }
        let plugin = Arc::clone(&self.plugin);
        work.flights.spawn(async move {
            let attempt = match &plugin.channel {
                Some(channel) => channel.attempt(&delivery, at).await,
                None => Attempt::off(),
            };
            let millis = clock.now().millis() - at.millis();
            Finished { delivery, at, millis, end: End::Attempted(attempt) }
        });
    }

    fn patience_millis(&self) -> i64 {
        let patience = self.plugin.channel.as_ref().map(|c| c.patience()).unwrap_or_default();
        i64::try_from(patience.as_millis()).unwrap_or(i64::MAX / 4)
    }

    /// Gives back what was claimed and not attempted.
    fn release(&self, work: &mut Work, why: &str) {
        let at = self.workflow.clock.now();
        for delivery in work.pending.drain(..) {
            tracing::debug!(plugin = self.plugin.name, "given back: {why}");
            work.done.push(Finished {
                delivery,
                at,
                millis: 0,
                end: End::Held { until: at, why: String::new() },
            });
        }
    }

    fn claim_more(&self, work: &mut Work, until: &Until) {
        let is_low = work.pending.len() < work.ahead / 2 + 1 && work.pending.len() < self.concurrency();
        // Letters are counted and failures known before more is claimed.
        let waits = (self.is_email() || work.is_failing()) && !(work.pending.is_empty() && work.is_quiet());
        if work.is_dry || work.claiming.is_some() || !is_low || waits || until.is_stopped() {
            return;
        }
        if self.is_blocked(&work.health) {
            work.is_dry = true;
            return;
        }
        work.is_claimed_in_health = !work.is_failing();
        let lane = self.clone();
        let limit = match self.is_email() {
            true => LETTERS,
            false => work.ahead,
        };
        let limit = if breaker::allowance(work.health.failures, 2) == 1 { 1 } else { limit };
        work.claiming = Some(tokio::spawn(async move { lane.claim(limit).await }));
    }

    async fn claim(&self, limit: usize) -> Result<(Claimed, Vec<Hold>), StoreError> {
        let now = self.workflow.clock.now();
        let store = &self.workflow.store;
        let lease_until = now.plus_millis(LEASE_MILLIS + 2 * self.patience_millis());
        let ordered = self.plugin.manifest.ordered;
        let claim = Claim { plugin: &self.plugin.name, now, lease_until, limit, ordered };
        let mut claimed = store.outbox().claim(claim).await?;
        if !self.is_email() {
            return Ok((claimed, Vec::new()));
        }
        let all = std::mem::take(&mut claimed.deliveries);
        let (going, held) = sift(store, &self.plugins.settings.delivery, all, now).await?;
        claimed.deliveries = going;
        Ok((claimed, held))
    }

    async fn take(&self, work: &mut Work, (claimed, held): (Claimed, Vec<Hold>)) {
        let got = claimed.deliveries.len() + held.len();
        work.is_dry = got == 0;
        // What failed while it was being claimed is newer than what the claim has read.
        if !(work.is_claimed_in_health && work.is_failing()) {
            work.health = claimed.health;
        }
        if got == work.ahead {
            work.ahead = (work.ahead * 2).min(MOST_AHEAD);
        }
        work.pending.extend(claimed.deliveries);
        let at = self.workflow.clock.now();
        for hold in held {
            if let Some(key) = &hold.key {
                self.tell(PluginNews::Held { key }, &hold.why).await;
            }
            let end = End::Held { until: hold.until, why: hold.why };
            work.done.push(Finished { delivery: hold.delivery, at, millis: 0, end });
        }
    }

    fn record_more(&self, work: &mut Work) {
        if work.recording.is_some() || work.done.is_empty() {
            return;
        }
        let (lane, done, health) = (self.clone(), std::mem::take(&mut work.done), work.health.clone());
        work.recording = Some(tokio::spawn(async move { lane.record(done, health).await }));
    }

    async fn record(&self, done: Vec<Finished>, before: Health) -> Result<(Delivered, Health), StoreError> {
        let now = self.workflow.clock.now();
        let mut health = before.clone();
        let mut delivered = Delivered::default();
        let mut turns = Vec::new();
        let mut outcomes = Vec::with_capacity(done.len());
        for finished in done {
            let (result, detail) = self.judge(&finished, &mut health, &mut turns, now);
            match &result {
                DeliveryResult::Accepted => delivered.accepted += 1,
                DeliveryResult::Retry { .. } => delivered.retried += 1,
                DeliveryResult::Held { why, .. } => delivered.held += usize::from(!why.is_empty()),
                DeliveryResult::Dead { .. } => {
                    let id = &finished.delivery.id;
                    tracing::error!(
                        plugin = self.plugin.name,
                        delivery = id,
                        "given up; `redress deliveries show {id}` says why"
                    );
                    delivered.dead += 1;
                }
            }
            let Finished { delivery, at, millis, .. } = finished;
            outcomes.push(Outcome {
                id: delivery.id,
                is_letter: delivery.is_letter,
                result,
                at,
                millis,
                detail,
            });
        }
        let changed = (health != before).then_some(&health);
        let store = &self.workflow.store;
        store.outbox().record_outcomes(&self.plugin.name, &outcomes, changed, now, word).await?;
        if outcomes.iter().any(|o| o.is_letter) {
            self.workflow.due.notify_one();
        }
        for turn in turns {
            let news = match turn {
                Turn::Nothing => continue,
                Turn::Failing { since } => PluginNews::Failing { since },
                Turn::Disabled => PluginNews::Disabled,
                Turn::Recovered => PluginNews::Recovered,
            };
            self.tell(news, &health.last_error).await;
        }
        Ok((delivered, health))
    }

    fn judge(
        &self,
        finished: &Finished,
        health: &mut Health,
        turns: &mut Vec<Turn>,
        now: Moment,
    ) -> (DeliveryResult, String) {
        let attempt = match &finished.end {
            End::Held { until, why } => {
                return (DeliveryResult::Held { until: *until, why: why.clone() }, why.clone());
            }
            End::Attempted(attempt) => attempt,
        };
        let error = attempt.detail.clone();
        let (retry, endurance) = match &self.plugin.manifest.way {
            Way::Webhook(w) => (w.retry, Endurance::GivesUp),
            Way::Smtp(_) | Way::Folder => (Retry::Standard, Endurance::NeverGivesUp),
        };
        let again = |at: Option<Moment>| match at {
            Some(at) => DeliveryResult::Retry { at, error: error.clone() },
            None => DeliveryResult::Dead { error: error.clone() },
        };
        let next = next_attempt(retry, finished.delivery.attempts, now, crate::random::fraction());
        let result = match attempt.verdict {
            Verdict::Accepted => {
                if health.failures > 0 || health.told_at.is_some() {
                    turns.push(breaker::succeeded(health));
                }
                DeliveryResult::Accepted
            }
            Verdict::Failed { pause_until } => {
                turns.push(breaker::failed(health, now, &error, pause_until, endurance));
                again(next.map(|at| pause_until.map_or(at, |p| p.max(at))))
            }
            Verdict::Deferred => again(next),
            Verdict::Rejected => DeliveryResult::Dead { error: error.clone() },
            Verdict::Gone => {
                turns.push(breaker::gone(health, now, &error));
                DeliveryResult::Dead { error: error.clone() }
            }
        };
        (result, error)
    }

    /// News that cannot be told is at least logged; the plugin's health still shows it.
    async fn tell(&self, news: PluginNews<'_>, why: &str) {
        tracing::warn!(plugin = self.plugin.name, "{}", news.in_short());
        let owner = self.plugin.manifest.owner.as_deref();
        if let Err(e) = self.workflow.tell_plugin_news(&self.plugin.name, owner, news, why).await {
            tracing::error!(plugin = self.plugin.name, "its owner cannot be told: {e}");
        }
    }
}

impl Work {
    fn finish(&mut self, finished: Option<Finished>) {
        let Some(finished) = finished else { return };
        if let End::Attempted(attempt) = &finished.end {
            match attempt.verdict {
                Verdict::Failed { .. } | Verdict::Gone => self.unrecorded_failures += 1,
                Verdict::Accepted => self.unrecorded_failures = 0,
                Verdict::Deferred | Verdict::Rejected => {}
            }
        }
        self.done.push(finished);
    }

    fn is_failing(&self) -> bool {
        self.health.failures > 0 || self.unrecorded_failures > 0
    }

    /// Nothing is on its way to the target or to the store.
    fn is_quiet(&self) -> bool {
        self.flights.is_empty() && self.done.is_empty() && self.recording.is_none()
    }

    fn is_idle(&self) -> bool {
        self.is_quiet() && self.pending.is_empty() && self.claiming.is_none()
    }
}

/// What a complaint is told of its letter.
fn word(outcome: &crate::store::PendingOutcome, result: &DeliveryResult) -> String {
    let status = match result {
        DeliveryResult::Accepted => LetterStatus::Accepted,
        _ => LetterStatus::Failed,
    };
    let (message, version) = (outcome.message.clone(), outcome.version);
    StoredTrigger::Delivered { message, version, ordinal: outcome.ordinal, status }.to_json()
}

async fn wait<T>(task: &mut Option<Task<T>>) -> Result<T, StoreError> {
    match task {
        Some(task) => task.await.unwrap_or(Err(StoreError::Busy)),
        None => std::future::pending().await,
    }
}

async fn tick(pace: &mut Option<Interval>) {
    match pace {
        Some(pace) => {
            pace.tick().await;
        }
        None => std::future::pending().await,
    }
}
