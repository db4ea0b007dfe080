//! Over random facts: nothing is lost, doubled, hurried or disordered.

use super::flow_test::{FAILED, NOW, delivery, finished, flow as new_flow, policy as a_policy};
use super::*;
use crate::delivery::attempt::Conclusion;
use crate::delivery::breaker::AutoDisable;
use crate::workflow::{DeliveryResult, Outcome};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// An outbox as the store keeps it, in memory: deliveries of three complaints, claimed in order within each.
struct Outbox {
    queued: BTreeMap<usize, Queued>,
    ended: BTreeMap<usize, DeliveryResult>,
    health: Health,
    ordered: bool,
}

#[derive(Clone, Copy)]
struct Queued {
    attempts: i64,
    next_at: Moment,
    lease_until: Option<Moment>,
}

const COMPLAINTS: usize = 3;

impl Outbox {
    fn new(size: usize, ordered: bool) -> Self {
        let fresh = Queued { attempts: 0, next_at: NOW, lease_until: None };
        let queued = (0..size).map(|i| (i, fresh)).collect();
        Self { queued, ended: BTreeMap::new(), health: Health::default(), ordered }
    }

    /// Returns whether nothing earlier of its complaint is queued, where that matters.
    fn may_go(&self, i: usize) -> bool {
        !self.ordered || !self.queued.keys().any(|j| *j < i && j % COMPLAINTS == i % COMPLAINTS)
    }

    /// Returns the moment at which something is due next.
    fn next_at(&self) -> Moment {
        let times = self.queued.iter().filter(|(i, _)| self.may_go(**i)).map(|(_, q)| q.next_at);
        times.min().unwrap_or(NOW)
    }

    fn claim(&mut self, limit: usize, now: Moment) -> Claimed {
        let health = self.health.clone();
        if is_blocked(&health, now) {
            return Claimed { health, deliveries: Vec::new() };
        }
        let due = |i: usize, q: &Queued| q.next_at <= now && q.lease_until.is_none() && self.may_go(i);
        let chosen: Vec<usize> =
            self.queued.iter().filter(|(i, q)| due(**i, q)).map(|(i, _)| *i).take(limit).collect();
        let lease_until = now.plus_millis(60_000);
        let mut deliveries = Vec::new();
        for i in chosen {
            let Some(queued) = self.queued.get_mut(&i) else { continue };
            *queued = Queued { attempts: queued.attempts + 1, lease_until: Some(lease_until), ..*queued };
            deliveries.push(ClaimedDelivery { attempts: queued.attempts, lease_until, ..delivery(i) });
        }
        Claimed { health, deliveries }
    }

    fn write(&mut self, record: &Record) {
        for Outcome { id, result, .. } in &record.outcomes {
            let i: usize = id.parse().expect("an id");
            let queued = self.queued.get_mut(&i).expect("only what is queued gets an outcome");
            assert!(queued.lease_until.take().is_some(), "only what is claimed gets an outcome");
            match result {
                DeliveryResult::Retry { at, .. } => queued.next_at = *at,
                DeliveryResult::Held { until, .. } => {
                    queued.next_at = *until;
                    queued.attempts -= 1;
                }
                DeliveryResult::Accepted | DeliveryResult::Dead { .. } => {
                    self.queued.remove(&i);
                    self.ended.insert(i, result.clone());
                }
            }
        }
        if let Some(health) = &record.health {
            self.health = health.clone();
        }
    }
}

fn conclusion(now: Moment) -> impl Strategy<Value = Conclusion> {
    let pause_until = Some(now.plus_millis(40_000));
    prop_oneof![
        6 => Just(Conclusion::Accepted),
        3 => Just(FAILED),
        1 => Just(Conclusion::Failed { pause_until }),
        1 => Just(Conclusion::Deferred),
        1 => Just(Conclusion::Rejected),
    ]
}

/// Plays a lane against an outbox; `turns` says which of the things under way ends next, and how.
fn play(
    policy: LanePolicy,
    mut outbox: Outbox,
    turns: &[(usize, Conclusion)],
) -> Result<Outbox, TestCaseError> {
    let mut flow = new_flow(policy, Goal::Idle);
    let mut turns = turns.iter().cycle();
    let mut now = NOW;
    let mut attempting: BTreeMap<usize, ClaimedDelivery> = BTreeMap::new();
    let (mut claiming, mut recording): (Option<usize>, Option<Record>) = (None, None);
    let mut accepted = BTreeSet::new();
    for _ in 0..20_000 {
        match flow.next(now) {
            LaneStep::Attempt(delivery) => {
                let i: usize = delivery.id.parse().expect("an id");
                prop_assert!(!accepted.contains(&i), "{i} is attempted after it was accepted");
                prop_assert!(!is_blocked(&flow.health, now), "{i} is attempted in a pause");
                prop_assert!(attempting.insert(i, delivery).is_none(), "{i} is attempted twice at once");
                let most = if is_probing(&flow.health) { 1 } else { policy.concurrency };
                prop_assert!(attempting.len() <= most, "{} at once, {most} may", attempting.len());
                continue;
            }
            LaneStep::Claim { limit, .. } => {
                prop_assert!(claiming.is_none() && limit <= MOST_AHEAD);
                if matches!(policy.claiming, Claiming::Counted { .. }) {
                    prop_assert!(attempting.is_empty() && recording.is_none(), "not all is counted");
                }
                claiming = Some(limit);
                continue;
            }
            LaneStep::Record(record) => {
                prop_assert!(recording.is_none() && !record.is_empty());
                recording = Some(record);
                continue;
            }
            LaneStep::Finish if outbox.queued.is_empty() => {
                prop_assert!(attempting.is_empty() && claiming.is_none() && recording.is_none());
                return Ok(outbox);
            }
            LaneStep::Finish => {
                // Nothing is due now; the next process comes when something is.
                prop_assert!(
                    outbox.queued.values().all(|q| q.lease_until.is_none()),
                    "a claim is left behind"
                );
                now = now.max(outbox.next_at()).max(outbox.health.paused_until.unwrap_or(now));
                flow = new_flow(policy, Goal::Idle);
                continue;
            }
            LaneStep::Wait(waiting) => {
                let idle = attempting.is_empty() && claiming.is_none() && recording.is_none();
                prop_assert!(!idle || waiting == WaitFor::Permit, "it waits for nothing");
                if waiting == WaitFor::More && turns.next().is_some_and(|(choice, _)| choice % 4 == 0) {
                    prop_assert!(recording.is_none(), "results are being written");
                    flow.gathered();
                    let LaneStep::Record(record) = flow.next(now) else {
                        return Err(TestCaseError::fail("what ended waits on"));
                    };
                    recording = Some(record);
                    continue;
                }
                if waiting == WaitFor::Permit {
                    flow.permit();
                    if idle {
                        continue;
                    }
                }
            }
            step => prop_assert!(false, "{step:?} is for what runs until it is stopped"),
        }
        let (choice, conclusion) = turns.next().copied().unwrap_or((0, Conclusion::Accepted));
        let kinds = [claiming.is_some(), recording.is_some(), !attempting.is_empty()];
        let kind = (choice..).map(|c| c % 3).find(|k| kinds[*k]).unwrap_or(0);
        match kind {
            0 => {
                let claimed = outbox.claim(claiming.take().expect("under way"), now);
                flow.claimed(claimed, Vec::new(), now);
            }
            1 => {
                outbox.write(&recording.take().expect("under way"));
                flow.recorded();
            }
            _ => {
                let key = *attempting.keys().nth(choice % attempting.len()).expect("under way");
                let delivery = attempting.remove(&key).expect("under way");
                if conclusion == Conclusion::Accepted {
                    prop_assert!(outbox.may_go(key), "{key} overtakes an earlier one of its complaint");
                    accepted.insert(key);
                }
                flow.attempted(finished(delivery, conclusion), now, 0.5);
            }
        }
    }
    Err(TestCaseError::fail("it does not come to an end"))
}

proptest! {
    #[test]
    fn nothing_is_lost_doubled_hurried_or_disordered(
        concurrency in 1..6_usize,
        size in 0..40_usize,
        ordered: bool,
        is_counted: bool,
        is_paced: bool,
        turns in prop::collection::vec((0..12_usize, conclusion(NOW)), 1..60),
    ) {
        let claiming = if is_counted { Claiming::Counted { at_most: 7 } } else { Claiming::Ahead };
        let rate_per_second = is_paced.then_some(10);
        let policy = LanePolicy { claiming, rate_per_second, auto_disable: AutoDisable::Never, ..a_policy(concurrency) };
        let outbox = play(policy, Outbox::new(size, ordered), &turns)?;
        prop_assert_eq!(outbox.ended.len(), size);
    }
}
