//! `Record`: the results of a set of deliveries, ready to be written in one transaction; and how an attempt
//! becomes part of it. Pure.

use crate::calendar::Moment;
use crate::delivery::attempt::{Attempt, Conclusion};
use crate::delivery::breaker::{self, HealthChange};
use crate::delivery::caps::Hold;
use crate::delivery::policy::{DeliveryOrder, LanePolicy};
use crate::delivery::retry::next_attempt;
use crate::workflow::{ClaimedDelivery, DeliveryResult, Health, Outcome};

/// The counts of what became of deliveries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Delivered {
    /// Deliveries that their targets took over.
    pub accepted: usize,
    /// Deliveries that failed and are tried again.
    pub retried: usize,
    /// Deliveries that a cap or a pause holds back.
    pub held: usize,
    /// Deliveries that were given up.
    pub dead: usize,
}

impl std::ops::AddAssign for Delivered {
    fn add_assign(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.retried += other.retried;
        self.held += other.held;
        self.dead += other.dead;
    }
}

/// The news that somebody must be told, once it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    Health {
        change: HealthChange,
        /// The last failure, with what the target said.
        why: String,
        /// The same in our words.
        reason: String,
    },
    /// Mail is held back; told once for a day and cause.
    Held { day: i64, cause: String, why: String },
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    pub outcomes: Vec<Outcome>,
    /// The plugin's health, where attempts have changed it.
    pub health: Option<Health>,
    pub notices: Vec<Notice>,
    pub delivered: Delivered,
}

/// An attempt that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finished {
    pub delivery: ClaimedDelivery,
    /// The moment at which it began.
    pub at: Moment,
    /// Its duration in milliseconds.
    pub millis: i64,
    pub attempt: Attempt,
}

impl Record {
    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    pub fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// Adds what was claimed and not attempted, to be claimed again at once.
    pub fn give_back(&mut self, delivery: ClaimedDelivery, now: Moment) {
        self.hold(delivery, now, now, String::new());
    }

    /// Adds what a cap holds back.
    pub fn hold_back(&mut self, hold: Hold, now: Moment) {
        let Hold { delivery, until, why, told } = hold;
        let notice = told.map(|(day, cause)| Notice::Held { day, cause, why: why.clone() });
        // Thousands are held for one cause; it is told, and logged, once.
        self.notices.extend(notice.filter(|notice| !self.notices.contains(notice)));
        self.delivered.held += 1;
        self.hold(delivery, until, now, why);
    }

    fn hold(&mut self, delivery: ClaimedDelivery, until: Moment, at: Moment, why: String) {
        let detail = why.clone();
        self.add(delivery, DeliveryResult::Held { until, why }, at, 0, detail);
    }

    /// Adds an attempt, and lets the health follow from it. `fraction` lies in 0..1 and spreads attempts that
    /// are put off.
    pub fn conclude(
        &mut self,
        finished: Finished,
        health: &mut Health,
        policy: &LanePolicy,
        now: Moment,
        fraction: f64,
    ) {
        let Finished { delivery, at, millis, attempt } = finished;
        let (conclusion, detail) = (attempt.conclusion, attempt.in_full());
        let next = next_attempt(policy.retry, delivery.attempts, now, fraction);
        let later = |at: Option<Moment>| match at {
            Some(at) => DeliveryResult::Retry { at, error: detail.clone() },
            None => DeliveryResult::Dead { error: detail.clone() },
        };
        let (result, change) = match conclusion {
            Conclusion::Accepted => (DeliveryResult::Accepted, breaker::succeeded(health)),
            Conclusion::Failed { pause_until } => {
                let change = breaker::failed(health, now, &detail, pause_until, policy.auto_disable);
                (later(next.map(|at| pause_until.map_or(at, |pause| pause.max(at)))), change)
            }
            Conclusion::Deferred => (later(next), None),
            // In an ordered lane it would hold up its complaint for days.
            Conclusion::Refused => {
                let again = next.filter(|_| policy.order == DeliveryOrder::Free);
                (later(again), breaker::refused(health, now, &detail))
            }
            Conclusion::Rejected => (later(None), None),
            Conclusion::Gone => (later(None), breaker::gone(health, now, &detail)),
        };
        if let Some(change) = change {
            let why = health.last_error.clone();
            self.notices.push(Notice::Health { change, why, reason: attempt.reason });
        }
        match &result {
            DeliveryResult::Accepted => self.delivered.accepted += 1,
            DeliveryResult::Retry { .. } => self.delivered.retried += 1,
            DeliveryResult::Dead { .. } => self.delivered.dead += 1,
            DeliveryResult::Held { .. } => {}
        }
        self.add(delivery, result, at, millis, detail);
    }

    fn add(
        &mut self,
        delivery: ClaimedDelivery,
        result: DeliveryResult,
        at: Moment,
        millis: i64,
        detail: String,
    ) {
        let ClaimedDelivery { id, is_letter, .. } = delivery;
        self.outcomes.push(Outcome { id, is_letter, result, at, millis, detail });
    }
}
