//! `Lane`: works the outbox of one plugin. `flow` says what to do next; this claims, attempts and records.

mod flow;
mod record;

pub use record::Delivered;

use super::attempt::{Attempt, Conclusion};
use super::breaker::HealthChange;
use super::caps::{Hold, sift};
use super::channels::{Beginning, OpenTransport, PluginKind};
use super::plugin::Plugin;
use super::policy::{Claiming, DeliveryOrder, LanePolicy};
use crate::credentials::Readings;
use crate::progress::{Count, Delivery, Part};
use crate::workflow::{
    Claim, ClaimFirst, Claimed, ClaimedDelivery, DeliveryResult, MailHeld, Outcome, PluginNews, StoreError,
    Workflow,
};
use flow::{Flow, Goal, LaneStep, WaitFor};
use futures_util::FutureExt;
use record::{Finished, Notice, Record};
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Interval, MissedTickBehavior, Sleep};

/// A claim ends by itself this long after its attempt must have ended, should the process die.
const LEASE_MILLIS: i64 = 10_000;
/// The longest sleep between two looks at the outbox.
const LOOK: Duration = Duration::from_millis(500);
/// The longest that a result waits for more to be written with it.
const GATHERING: Duration = Duration::from_millis(10);
/// The pause after the store failed.
const PAUSE: Duration = Duration::from_secs(2);

/// The end of the work.
#[derive(Clone, Debug)]
pub(super) enum Until {
    /// Nothing is due.
    Idle,
    Stopped(Arc<AtomicBool>),
}

impl Until {
    fn goal(&self) -> Goal {
        match self {
            Self::Idle => Goal::Idle,
            Self::Stopped(_) => Goal::Stopped,
        }
    }

    fn is_stopped(&self) -> bool {
        matches!(self, Self::Stopped(stop) if stop.load(Ordering::Relaxed))
    }
}

#[derive(Clone, Debug)]
pub(super) struct Lane {
    workflow: Arc<Workflow>,
    plugin: Arc<Plugin>,
    channel: Arc<dyn OpenTransport>,
}

type Task<T> = JoinHandle<Result<T, StoreError>>;

/// The tasks under way; the flow knows why.
#[derive(Default)]
struct UnderWay {
    attempts: JoinSet<Finished>,
    claiming: Option<Task<(Claimed, Vec<Hold>)>>,
    recording: Option<Task<()>>,
    /// The secrets as attempts find them that begin before the next fact.
    secrets: Arc<Readings>,
}

impl Lane {
    /// Returns the lane of a plugin; none while it is switched off in its manifest.
    pub fn of(workflow: &Arc<Workflow>, plugin: &Arc<Plugin>) -> Option<Self> {
        let channel = plugin.channel.clone()?;
        Some(Self { workflow: Arc::clone(workflow), plugin: Arc::clone(plugin), channel })
    }

    /// Works the outbox until it is stopped, whatever happens to the store.
    pub async fn run(self, stop: Arc<AtomicBool>) {
        let part = Part::Lane(self.plugin.name().to_owned());
        while !stop.load(Ordering::Relaxed) {
            if let Err(e) = self.work(Until::Stopped(Arc::clone(&stop))).await {
                self.workflow.progress().failed(part.clone(), &e);
                tracing::error!(
                    plugin = self.plugin.name(),
                    "the outbox cannot be worked and will be tried again: {e}"
                );
                tokio::time::sleep(PAUSE).await;
            }
        }
        self.workflow.progress().ended(&part);
    }

    /// Works the outbox until it is idle or stopped; what is in flight is always finished and recorded.
    pub async fn work(&self, until: Until) -> Result<Delivered, StoreError> {
        let policy = self.policy();
        let mut flow = Flow::new(policy, self.timeout_millis(), until.goal());
        let mut under_way = UnderWay::default();
        let mut bell = self.workflow.delivering().listen();
        let mut permits = policy.rate_per_second.map(|rate| interval(Duration::from_secs(1) / rate));
        let (mut look, mut gathering) = (interval(LOOK), None);
        let clock = self.workflow.clock();
        loop {
            if until.is_stopped() {
                flow.stop();
            }
            let waiting = match flow.next(clock.now()) {
                LaneStep::Finish => return Ok(flow.delivered()),
                LaneStep::Wait(waiting) => waiting,
                step => {
                    self.carry_out(step, &mut flow, &mut under_way).await?;
                    continue;
                }
            };
            // What begins from now on finds the secrets as they are then.
            under_way.secrets = Arc::default();
            gathering = match (waiting, gathering) {
                (WaitFor::More, None) => Some(Box::pin(tokio::time::sleep(GATHERING))),
                (WaitFor::More, begun) => begun,
                (WaitFor::Work | WaitFor::Permit, _) => None,
            };
            tokio::select! {
                Some(ended) = under_way.attempts.join_next(), if !under_way.attempts.is_empty() => {
                    // Those that end with it are recorded with it.
                    tokio::task::yield_now().await;
                    take_attempt(&mut flow, ended.ok(), &self.workflow);
                    while let Some(more) = under_way.attempts.try_join_next() {
                        take_attempt(&mut flow, more.ok(), &self.workflow);
                    }
                }
                claimed = wait(&mut under_way.claiming), if under_way.claiming.is_some() => {
                    under_way.claiming = None;
                    let (claimed, held) = claimed?;
                    flow.claimed(claimed, held, clock.now());
                }
                recorded = wait(&mut under_way.recording), if under_way.recording.is_some() => {
                    under_way.recording = None;
                    recorded?;
                    flow.recorded();
                }
                () = tick(&mut permits), if waiting == WaitFor::Permit => flow.permit(),
                () = end(&mut gathering), if waiting == WaitFor::More => flow.gathered(),
                () = bell.heard() => flow.rang(),
                _ = look.tick(), if until.goal() == Goal::Stopped => flow.look(),
            }
        }
    }

    async fn carry_out(
        &self,
        step: LaneStep,
        flow: &mut Flow,
        under_way: &mut UnderWay,
    ) -> Result<(), StoreError> {
        let (delivering, clock) = (self.workflow.delivering(), self.workflow.clock());
        match step {
            LaneStep::Attempt(delivery) => self.begin(delivery, under_way),
            LaneStep::Claim { limit, first } => {
                let lane = self.clone();
                under_way.claiming = Some(tokio::spawn(async move { lane.claim(limit, first).await }));
            }
            LaneStep::Record(record) => {
                let lane = self.clone();
                under_way.recording = Some(tokio::spawn(async move { lane.record(record).await }));
            }
            LaneStep::ReadHealth => {
                flow.health_read(delivering.health(self.plugin.name()).await?, clock.now())
            }
            LaneStep::LookForDue => {
                flow.due_seen(delivering.has_due(self.plugin.name(), clock.now()).await?);
                self.workflow.progress().succeeded(Part::Lane(self.plugin.name().to_owned()));
            }
            LaneStep::Wait(_) | LaneStep::Finish => {}
        }
        Ok(())
    }

    /// Begins an attempt.
    fn begin(&self, mut delivery: ClaimedDelivery, under_way: &mut UnderWay) {
        let delivering = self.workflow.delivering();
        let linked = match self.plugin.manifest.kind() {
            PluginKind::Email => delivering.with_links(&delivery.payload),
            _ => delivering.without_links(&delivery.payload),
        };
        delivery.payload = linked.unwrap_or(delivery.payload);
        let (channel, clock) = (Arc::clone(&self.channel), Arc::clone(self.workflow.clock()));
        let secrets = Arc::clone(&under_way.secrets);
        under_way.attempts.spawn(async move {
            let at = clock.now();
            // What a channel fails over inside is an attempt like any other, or it would come back for ever.
            let beginning = Beginning { delivery: &delivery, now: at, secrets: &secrets };
            let attempt = AssertUnwindSafe(channel.attempt(beginning)).catch_unwind().await;
            let attempt =
                attempt.unwrap_or_else(|_| Attempt::refused("the channel failed; the log says why"));
            Finished { delivery, at, millis: clock.now().millis() - at.millis(), attempt }
        });
    }

    fn policy(&self) -> LanePolicy {
        LanePolicy { order: self.plugin.manifest.order, ..self.plugin.manifest.transport.policy() }
    }

    fn timeout_millis(&self) -> i64 {
        i64::try_from(self.channel.timeout().as_millis()).unwrap_or(i64::MAX / 4)
    }

    async fn claim(&self, limit: usize, first: ClaimFirst) -> Result<(Claimed, Vec<Hold>), StoreError> {
        let now = self.workflow.clock().now();
        let delivering = self.workflow.delivering();
        let lease_until = now.plus_millis(LEASE_MILLIS + 2 * self.timeout_millis());
        let ordered = self.plugin.manifest.order == DeliveryOrder::PerComplaint;
        let claim = Claim { plugin: self.plugin.name(), now, lease_until, limit, ordered, first };
        let mut claimed = delivering.claim(claim).await?;
        match self.policy().claiming {
            Claiming::Ahead => Ok((claimed, Vec::new())),
            Claiming::Counted { .. } => {
                let all = std::mem::take(&mut claimed.deliveries);
                let (going, held) = sift(delivering, &self.workflow.settings().delivery, all, now).await?;
                claimed.deliveries = going;
                Ok((claimed, held))
            }
        }
    }

    /// Writes a set of outcomes, and then tells what follows from them.
    async fn record(&self, record: Record) -> Result<(), StoreError> {
        let now = self.workflow.clock().now();
        let Record { outcomes, health, notices, .. } = record;
        let delivering = self.workflow.delivering();
        delivering.record_outcomes(self.plugin.name(), &outcomes, health.as_ref(), now).await?;
        for (what, times) in ends(&outcomes) {
            self.workflow.progress().count(Count::Deliveries(self.plugin.name().to_owned(), what), times);
        }
        for dead in outcomes.iter().filter(|o| matches!(o.result, DeliveryResult::Dead { .. })) {
            let id = &dead.id;
            tracing::error!(
                plugin = self.plugin.name(),
                delivery = id,
                "given up; `redress deliveries show {id}` says why"
            );
        }
        let mut held = Vec::new();
        for notice in &notices {
            match notice {
                Notice::Health { change, why, reason } => self.tell(news(*change, reason), why).await,
                Notice::Held { day, cause, why } => held.push(MailHeld { day: *day, cause, why }),
            }
        }
        self.tell_held(&held).await;
        Ok(())
    }

    /// Tells the owner. News that cannot be told is at least logged; the plugin's health still shows it.
    async fn tell(&self, news: PluginNews<'_>, why: &str) {
        let plugin = self.plugin.name();
        tracing::warn!(plugin, "{}", news.in_short());
        let owner = self.plugin.manifest.owner.as_deref();
        if let Err(e) = self.workflow.delivering().tell_plugin_news(plugin, owner, news, why).await {
            tracing::error!(plugin, "its owner cannot be told: {e}");
        }
    }

    /// Tells the owner for which causes mail is held back, all at once.
    async fn tell_held(&self, held: &[MailHeld<'_>]) {
        if held.is_empty() {
            return;
        }
        let plugin = self.plugin.name();
        tracing::warn!(plugin, "{}", MailHeld::IN_SHORT);
        let owner = self.plugin.manifest.owner.as_deref();
        if let Err(e) = self.workflow.delivering().tell_held(plugin, owner, held).await {
            tracing::error!(plugin, "its owner cannot be told: {e}");
        }
    }
}

/// Counts what became of deliveries.
fn ends(outcomes: &[Outcome]) -> [(Delivery, usize); 4] {
    let count = |is: fn(&DeliveryResult) -> bool| outcomes.iter().filter(|o| is(&o.result)).count();
    [
        (Delivery::Accepted, count(|r| matches!(r, DeliveryResult::Accepted))),
        (Delivery::Retried, count(|r| matches!(r, DeliveryResult::Retry { .. }))),
        // Without a reason it was only given back.
        (Delivery::Held, count(|r| matches!(r, DeliveryResult::Held { why, .. } if !why.is_empty()))),
        (Delivery::Dead, count(|r| matches!(r, DeliveryResult::Dead { .. }))),
    ]
}

fn news(change: HealthChange, reason: &str) -> PluginNews<'_> {
    match change {
        HealthChange::Failing { since } => PluginNews::Failing { since, reason },
        HealthChange::Disabled => PluginNews::Disabled { reason },
        HealthChange::Recovered => PluginNews::Recovered,
    }
}

fn take_attempt(flow: &mut Flow, ended: Option<Finished>, workflow: &Workflow) {
    match ended {
        Some(finished) => {
            let is_over = finished.attempt.conclusion == Conclusion::Accepted;
            let fraction = if is_over { 0.0 } else { crate::random::fraction() };
            flow.attempted(finished, workflow.clock().now(), fraction);
        }
        None => flow.lost_attempt(),
    }
}

fn interval(period: Duration) -> Interval {
    let mut interval = tokio::time::interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

async fn wait<T>(task: &mut Option<Task<T>>) -> Result<T, StoreError> {
    match task {
        Some(task) => task.await.unwrap_or(Err(StoreError::Busy)),
        None => std::future::pending().await,
    }
}

async fn end(sleep: &mut Option<Pin<Box<Sleep>>>) {
    match sleep {
        Some(sleep) => sleep.await,
        None => std::future::pending().await,
    }
}

async fn tick(permits: &mut Option<Interval>) {
    match permits {
        Some(permits) => {
            permits.tick().await;
        }
        None => std::future::pending().await,
    }
}
