//! `Flow`: the work on the outbox of one plugin, as a state machine. Facts come in through its methods,
//! `next` says what to do; it does nothing itself and knows no store, channel or clock. Claiming, attempting
//! and recording overlap.

use super::record::{Delivered, Finished, Record};
use crate::calendar::Moment;
use crate::delivery::attempt::Conclusion;
use crate::delivery::breaker::{is_blocked, is_probing};
use crate::delivery::caps::Hold;
use crate::delivery::policy::{Claiming, DeliveryOrder, LanePolicy};
use crate::workflow::{ClaimFirst, Claimed, ClaimedDelivery, Health};
use std::collections::{HashSet, VecDeque};

/// The most that is claimed at once.
const MOST_AHEAD: usize = 1_024;
/// The results that are written together, in times of what is attempted at once, while more come all the time.
const ROUNDS: usize = 4;

/// The end of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// It ends when nothing is due.
    Idle,
    /// It ends when it is stopped.
    Stopped,
}

/// The next thing to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum LaneStep {
    /// Hand it to the channel; answer with `attempted`.
    Attempt(ClaimedDelivery),
    /// Write it in one transaction; answer with `recorded`.
    Record(Record),
    /// Lease up to so many that are due; answer with `claimed`.
    Claim { limit: usize, first: ClaimFirst },
    /// Look whether a person has switched the plugin on again; answer with `health_read`.
    ReadHealth,
    /// Look whether something has become due; answer with `due_seen`.
    LookForDue,
    /// Wait for the next fact.
    Wait(WaitFor),
    /// All is recorded and nothing more is to be done.
    Finish,
}

/// The facts that may come although nobody has begun anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WaitFor {
    /// Only the bell, a look, and what is under way.
    Work,
    /// Also the permission to begin an attempt, as the rate allows one.
    Permit,
    /// Also that what ended has waited for long enough for more to be written with it.
    More,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    Unlimited,
    Limited { has_permit: bool },
}

#[derive(Clone, Copy, Debug)]
struct ClaimUnderWay {
    /// An attempt changed the health meanwhile, which is newer than what the claim reads.
    is_health_stale: bool,
    /// Something was queued meanwhile, which the claim may have missed.
    is_view_stale: bool,
}

#[derive(Clone, Debug)]
struct RecordUnderWay {
    delivered: Delivered,
    holds_health: bool,
    /// The deliveries that it says something of.
    ids: Vec<String>,
}

pub(super) struct Flow {
    policy: LanePolicy,
    /// The longest that an attempt takes.
    timeout_millis: i64,
    goal: Goal,
    pace: Pace,
    /// Claimed and not attempted, oldest first.
    waiting: VecDeque<ClaimedDelivery>,
    in_flight: usize,
    /// The deliveries that were attempted and of which that is not written yet.
    unwritten: HashSet<String>,
    /// The attempts that ended and are not being written yet.
    ended: Record,
    recording: Option<RecordUnderWay>,
    /// True when what ended has waited for more for long enough.
    is_gathered: bool,
    claim: Option<ClaimUnderWay>,
    /// The health, as the attempts have left it.
    health: Health,
    /// True when the store may not know the health yet.
    is_health_unwritten: bool,
    /// The number claimed ahead; grows while the target keeps up.
    ahead: usize,
    /// True when nothing was due at the last look.
    is_dry: bool,
    /// True when something that failed before may be due before what was never tried.
    has_retries: bool,
    /// True when it is time to look again.
    wants_look: bool,
    is_stopping: bool,
    delivered: Delivered,
}

impl Flow {
    /// Begins with nothing claimed and the health unknown. `timeout_millis` is the longest that an attempt
    /// takes.
    pub fn new(policy: LanePolicy, timeout_millis: i64, goal: Goal) -> Self {
        Self {
            policy,
            timeout_millis,
            goal,
            pace: match policy.rate_per_second {
                None => Pace::Unlimited,
                Some(_) => Pace::Limited { has_permit: false },
            },
            waiting: VecDeque::new(),
            in_flight: 0,
            unwritten: HashSet::new(),
            ended: Record::default(),
            recording: None,
            is_gathered: false,
            claim: None,
            health: Health::default(),
            is_health_unwritten: false,
            ahead: policy.concurrency,
            is_dry: false,
            has_retries: false,
            wants_look: false,
            is_stopping: false,
            delivered: Delivered::default(),
        }
    }

    /// Says what to do next. To be asked again after each step but `Wait` and `Finish`, and after each fact.
    pub fn next(&mut self, now: Moment) -> LaneStep {
        if self.is_stopping || is_blocked(&self.health, now) {
            self.give_back(now);
        }
        if let Some(delivery) = self.next_attempt(now) {
            return LaneStep::Attempt(delivery);
        }
        let is_to_write = self.recording.is_none() && !self.ended.is_empty();
        if is_to_write && !self.gathers() {
            return LaneStep::Record(self.begin_record());
        }
        if let Some(limit) = self.next_claim(now) {
            self.claim = Some(ClaimUnderWay { is_health_stale: false, is_view_stale: false });
            return LaneStep::Claim { limit, first: self.claim_first() };
        }
        if self.is_idle() && (self.is_stopping || self.goal == Goal::Idle && self.is_dry) {
            return LaneStep::Finish;
        }
        if let Some(look) = self.next_look(now) {
            return look;
        }
        match self.pace {
            Pace::Limited { has_permit: false } if self.has_room() => LaneStep::Wait(WaitFor::Permit),
            _ if is_to_write => LaneStep::Wait(WaitFor::More),
            _ => LaneStep::Wait(WaitFor::Work),
        }
    }

    /// Takes what a claim got: what may go, and what a cap holds back.
    pub fn claimed(&mut self, claimed: Claimed, held: Vec<Hold>, now: Moment) {
        let claim = self.claim.take();
        let got = claimed.deliveries.len() + held.len();
        self.is_dry = got == 0 && !claim.is_some_and(|c| c.is_view_stale);
        self.has_retries = got > 0 && (self.has_retries || claimed.deliveries.iter().any(|d| d.attempts > 1));
        if !claim.is_some_and(|c| c.is_health_stale) {
            self.health = claimed.health;
        }
        if got == self.ahead {
            self.ahead = (self.ahead * 2).min(MOST_AHEAD);
        }
        // Where writing takes longer than a lease, what is being written is claimed once more.
        let unwritten = &self.unwritten;
        self.waiting.extend(claimed.deliveries.into_iter().filter(|d| !unwritten.contains(&d.id)));
        for hold in held {
            self.ended.hold_back(hold, now);
        }
    }

    /// Takes the end of an attempt. A failure counts at once, so that a dead target is not hit while it is
    /// being written.
    pub fn attempted(&mut self, finished: Finished, now: Moment, fraction: f64) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.has_retries |= finished.attempt.conclusion != Conclusion::Accepted;
        let before = self.health.clone();
        self.ended.conclude(finished, &mut self.health, &self.policy, now, fraction);
        if self.health == before {
            return;
        }
        self.is_health_unwritten = true;
        if let Some(claim) = &mut self.claim {
            claim.is_health_stale = true;
        }
        if self.is_failing() {
            self.ahead = self.policy.concurrency;
        }
    }

    /// Takes that an attempt ended without a result; its delivery is claimed again when its lease ends.
    pub fn lost_attempt(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
        // Nobody can say which it was.
        self.unwritten.clear();
    }

    /// Takes that the last record is written.
    pub fn recorded(&mut self) {
        if let Some(record) = self.recording.take() {
            self.delivered += record.delivered;
            for id in &record.ids {
                self.unwritten.remove(id);
            }
            // What waited for these may go now.
            self.is_dry &= self.policy.order == DeliveryOrder::Free;
        }
    }

    /// Takes the health as the store has it.
    pub fn health_read(&mut self, health: Health, now: Moment) {
        self.wants_look = !is_blocked(&health, now);
        self.health = health;
    }

    /// Takes whether something is due.
    pub fn due_seen(&mut self, is_due: bool) {
        self.wants_look = false;
        self.is_dry = !is_due;
    }

    /// Takes that something may have been queued.
    pub fn rang(&mut self) {
        self.is_dry = false;
        if let Some(claim) = &mut self.claim {
            claim.is_view_stale = true;
        }
    }

    /// Takes that it is time to look whether something became due by itself, or a person did something.
    pub fn look(&mut self) {
        self.wants_look = self.is_dry;
    }

    /// Takes that the rate allows one more attempt.
    pub fn permit(&mut self) {
        if let Pace::Limited { has_permit } = &mut self.pace {
            *has_permit = true;
        }
    }

    /// Takes that what ended has waited for long enough.
    pub fn gathered(&mut self) {
        self.is_gathered = true;
    }

    /// Takes that the work must end: nothing more is begun, and what is under way is finished and recorded.
    pub fn stop(&mut self) {
        self.is_stopping = true;
    }

    /// Returns what has been recorded so far.
    pub fn delivered(&self) -> Delivered {
        self.delivered
    }

    /// Says whether the last attempt that said something about the target failed.
    fn is_failing(&self) -> bool {
        self.health.failures > 0
    }

    /// Says whether the store knows the health as it is here.
    fn is_health_written(&self) -> bool {
        !self.is_health_unwritten && !self.recording.as_ref().is_some_and(|r| r.holds_health)
    }

    fn has_room(&self) -> bool {
        let most = if is_probing(&self.health) { 1 } else { self.policy.concurrency };
        !self.waiting.is_empty() && self.in_flight < most
    }

    fn next_attempt(&mut self, now: Moment) -> Option<ClaimedDelivery> {
        while self.has_room() && self.pace != (Pace::Limited { has_permit: false }) {
            let delivery = self.waiting.pop_front()?;
            // An attempt that may outlive its lease could be made by another process as well.
            if now.plus_millis(self.timeout_millis) >= delivery.lease_until {
                self.ended.give_back(delivery, now);
                continue;
            }
            if let Pace::Limited { has_permit } = &mut self.pace {
                *has_permit = false;
            }
            self.in_flight += 1;
            self.unwritten.insert(delivery.id.clone());
            return Some(delivery);
        }
        None
    }

    /// Says whether what ended waits for more to be written with it: each transaction costs as much as many results do.
    /// Only while as much as may be is under way, and more waits to be; and never where anything waits for the results.
    fn gathers(&self) -> bool {
        let is_awaited = self.policy.order == DeliveryOrder::PerComplaint
            || self.policy.claiming != Claiming::Ahead
            || self.policy.rate_per_second.is_some()
            || self.is_health_unwritten
            || self.is_stopping;
        let is_busy = self.in_flight >= self.policy.concurrency && !self.waiting.is_empty();
        is_busy && !is_awaited && !self.is_gathered && self.ended.len() < ROUNDS * self.policy.concurrency
    }

    fn begin_record(&mut self) -> Record {
        self.is_gathered = false;
        let mut record = std::mem::take(&mut self.ended);
        let holds_health = std::mem::take(&mut self.is_health_unwritten);
        record.health = holds_health.then(|| self.health.clone());
        let ids = record.outcomes.iter().map(|o| o.id.clone()).collect();
        self.recording = Some(RecordUnderWay { delivered: record.delivered, holds_health, ids });
        record
    }

    fn next_claim(&mut self, now: Moment) -> Option<usize> {
        let few = self.waiting.len() < self.ahead / 2 + 1 && self.waiting.len() < self.policy.concurrency;
        if self.is_dry || self.is_stopping || self.claim.is_some() || !few {
            return None;
        }
        // Letters are counted and failures known before more is claimed.
        let is_counted = matches!(self.policy.claiming, Claiming::Counted { .. });
        let is_settled = self.waiting.is_empty() && self.is_quiet();
        if (is_counted || self.is_failing() || !self.is_health_written()) && !is_settled {
            return None;
        }
        if is_blocked(&self.health, now) {
            self.is_dry = true;
            return None;
        }
        Some(match self.policy.claiming {
            _ if is_probing(&self.health) => 1,
            Claiming::Counted { at_most } => at_most,
            Claiming::Ahead => self.ahead,
        })
    }

    /// Says what a claim takes first: what is due for longest, but what was never tried while a target refuses or
    /// fails, so that what it does not take holds up nothing else.
    fn claim_first(&self) -> ClaimFirst {
        match self.has_retries {
            true => ClaimFirst::Untried,
            false => ClaimFirst::Oldest,
        }
    }

    fn next_look(&mut self, now: Moment) -> Option<LaneStep> {
        if !self.wants_look {
            return None;
        }
        if !is_blocked(&self.health, now) {
            return Some(LaneStep::LookForDue);
        }
        if self.is_idle() {
            return Some(LaneStep::ReadHealth);
        }
        self.wants_look = false;
        None
    }

    /// Gives back what was claimed and not attempted.
    fn give_back(&mut self, now: Moment) {
        for delivery in self.waiting.drain(..) {
            self.ended.give_back(delivery, now);
        }
    }

    /// Says whether nothing is on its way to the target or to the store.
    fn is_quiet(&self) -> bool {
        self.in_flight == 0 && self.ended.is_empty() && self.recording.is_none()
    }

    fn is_idle(&self) -> bool {
        self.is_quiet() && self.waiting.is_empty() && self.claim.is_none()
    }
}

#[cfg(test)]
#[path = "flow_test.rs"]
mod flow_test;

#[cfg(test)]
#[path = "flow_property_test.rs"]
mod flow_property_test;
