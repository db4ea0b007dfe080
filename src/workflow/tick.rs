//! Ticks and the scheduler: what is due is settled, and then one sleeps until the next wake-up.

use super::backlog::{Backlog, Until};
use super::{PublishError, Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::progress::Part;
use crate::store::{Share, StoreError};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The interval of the slow sweep, and the number of complaints in its sample (docs/semantics.md 2.7).
const SWEEP_MILLIS: i64 = 3_600_000;
const SWEEP_SAMPLE: usize = 1_000;
/// The interval at which the clock is compared with the last time that was seen.
const CLOCK_MILLIS: i64 = 60_000;
/// The time within which another process's commit is noticed (docs/semantics.md 5.6).
const WATCH: Duration = Duration::from_millis(500);
/// The pause after a failure.
const PAUSE: Duration = Duration::from_secs(2);
/// The time after which complaints that could not be settled are tried again.
const RETRY_MILLIS: i64 = 60_000;

/// The work that one tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Ticked {
    /// The decisions committed.
    pub decisions: usize,
    /// The runs of schedules.
    pub schedules: usize,
    /// The digests sent.
    pub digests: usize,
    /// The complaints whose names and texts are gone since.
    pub forgotten: usize,
    /// The complaints that are due and could not be settled; they are tried again by the next tick.
    pub unsettled: usize,
}

impl Workflow {
    /// Settles everything that is due, in batches, and runs the schedules that are due.
    pub async fn tick(&self) -> Result<Ticked, WorkflowError> {
        self.alarm_clock().await?;
        self.tick_until(&AtomicBool::new(false)).await
    }

    /// Settles whole batches of what comes in, until `over`: the first of many mails do not wait for the last. What comes to
    /// less than a batch is decided on when all of it is there, and so is what is due: a mail may be what it waited for.
    pub async fn settle_meanwhile(&self, over: &AtomicBool) -> Result<usize, WorkflowError> {
        let (mut stopped, mut decisions) = (BTreeSet::new(), 0);
        while !over.load(Ordering::Relaxed) {
            self.due.notified().await;
            let new = (Backlog::Undecided, Until::LessThanABatch);
            decisions += self.work_off(new, &mut stopped, over).await?.decisions;
        }
        Ok(decisions)
    }

    /// Does the work of a tick until it is done, or until `stop`; what is left then stays due.
    async fn tick_until(&self, stop: &AtomicBool) -> Result<Ticked, WorkflowError> {
        // Before anything is decided: another process may have been told who is away, and who is told instead.
        self.follow_absences().await?;
        let mut stopped = BTreeSet::new();
        // Everything that is live is seen under the ruleset and the settings of now.
        let stamp = self.published().stamp.clone();
        let reevaluated = self.work_off((Backlog::Stale(&stamp), Until::Nothing), &mut stopped, stop).await?;
        let settled = self.work_off((Backlog::Due, Until::Nothing), &mut stopped, stop).await?;
        let decisions = reevaluated.decisions + settled.decisions;
        let mut ticked = Ticked { decisions, unsettled: settled.left, ..Ticked::default() };
        self.answer_resets().await?;
        if self.share().is_first() {
            ticked.schedules = self.run_schedules().await?;
            // After everything that is due now, so that it stands in them.
            ticked.digests = self.send_digests().await?;
            self.tell_filed().await?;
            // After what is decided and sent: nothing more is to come.
            ticked.forgotten = self.forget(stop).await?;
            self.tell_head().await?;
        }
        self.note_time().await?;
        ticked.unsettled += stopped.len();
        Ok(ticked)
    }

    /// Sweeps, as the safety net: what is long overdue, and a rotating sample. What only it finds is a bug,
    /// so it is counted.
    pub async fn sweep(&self) -> Result<usize, WorkflowError> {
        let after = self.store.sweeps().reached().await?;
        let sample = self.store.cases().live_after(after, SWEEP_SAMPLE).await?;
        let before = self.store.trail().last_event().await?;
        self.settle(&sample).await?;
        let found = usize::try_from(self.store.trail().last_event().await? - before).unwrap_or(0);
        let last = sample.last().filter(|_| sample.len() == SWEEP_SAMPLE).copied().unwrap_or(ComplaintId(0));
        self.store.sweeps().record(last, found as i64).await?;
        if found > 0 {
            tracing::error!(events = found, "the sweep found firings that no wake-up announced");
        }
        Ok(found)
    }

    /// Returns the earliest moment at which something of this process's share is due; none when nothing ever is.
    pub async fn next_due(&self) -> Result<Option<Moment>, WorkflowError> {
        let share = self.share();
        let complaints = self.store.cases().next_wake(share).await?;
        if !share.is_first() {
            return Ok(complaints);
        }
        let (schedules, digests) = (self.next_schedule().await?, self.next_digest().await?);
        let (forgetting, head) = (self.next_forgetting().await?, self.next_head().await?);
        Ok([complaints, schedules, digests, forgetting, head].into_iter().flatten().min())
    }

    /// Returns the earliest moment at which any complaint is due; none when none ever is.
    pub async fn next_complaint(&self) -> Result<Option<Moment>, StoreError> {
        self.store.cases().next_wake(Share::ALL).await
    }

    /// Runs until `stop`: ticks when something is due, when woken, or when another process has committed.
    /// A failure is logged and tried again after a pause; only stopping ends it.
    pub async fn run(self: Arc<Self>, stop: Arc<AtomicBool>) {
        self.progress.succeeded(Part::Scheduler);
        while !stop.load(Ordering::Relaxed) {
            if let Err(e) = self.rounds(&stop).await {
                tracing::error!("the scheduler failed and tries again: {e}");
                self.progress.failed(Part::Scheduler, &e);
                let _ = tokio::time::timeout(PAUSE, self.due.notified()).await;
            }
        }
    }

    async fn rounds(&self, stop: &AtomicBool) -> Result<(), PublishError> {
        let mut watch = self.store.watch().await?;
        let mut next_sweep = self.clock.now().plus_millis(SWEEP_MILLIS);
        let mut next_look = self.clock.now();
        let mut seen = None;
        let mut next = None;
        while !stop.load(Ordering::Relaxed) {
            let now = self.now().await?;
            // Read before the turn: what is committed during it is looked at in the next round.
            let current = Some((watch.stamp().await?, self.share()));
            if seen != current || next.is_some_and(|n| n <= now) {
                seen = current;
                let unsettled = self.turn(stop).await?;
                let earliest = if unsettled > 0 { now.plus_millis(RETRY_MILLIS) } else { now };
                next = self.next_due().await?.map(|next| next.max(earliest));
            }
            let clock = self.clock.now();
            if clock >= next_look || clock < next_look.plus_millis(-CLOCK_MILLIS) {
                self.alarm_clock().await?;
                self.note_time().await?;
                next_look = clock.plus_millis(CLOCK_MILLIS);
            }
            if clock >= next_sweep || clock < next_sweep.plus_millis(-SWEEP_MILLIS) {
                self.sweep().await?;
                self.tell_filed().await?;
                next_sweep = clock.plus_millis(SWEEP_MILLIS);
            }
            self.progress.succeeded(Part::Scheduler);
            let sleep = next
                .map_or(WATCH, |n| Duration::from_millis((n.millis() - now.millis()).clamp(1, 500) as u64));
            // Rung for a commit of this process; the stamp tells of it as well.
            let _ = tokio::time::timeout(sleep, self.due.notified()).await;
        }
        Ok(())
    }

    /// Does what is due now; the number of complaints that could not be settled.
    async fn turn(&self, stop: &AtomicBool) -> Result<usize, PublishError> {
        if self.follow_published().await? {
            tracing::info!(ruleset = self.published().ruleset.hash(), "following a newly published ruleset");
        }
        let ticked = self.tick_until(stop).await?;
        if ticked.unsettled > 0 {
            tracing::error!(complaints = ticked.unsettled, "due complaints were not settled");
        }
        if ticked.decisions + ticked.schedules + ticked.digests + ticked.forgotten > 0 {
            tracing::info!(
                decisions = ticked.decisions,
                schedules = ticked.schedules,
                digests = ticked.digests,
                "settled what was due"
            );
        }
        self.outbox.ring();
        Ok(ticked.unsettled)
    }
}
