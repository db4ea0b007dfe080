//! What a lane does next, fact by fact.

use super::*;
use crate::delivery::attempt::{Attempt, Conclusion};
use crate::delivery::breaker::AutoDisable;
use crate::delivery::lane::record::Notice;
use crate::delivery::policy::DeliveryOrder;
use crate::delivery::retry::Retry;
use crate::workflow::DeliveryResult;

pub(super) const NOW: Moment = Moment::from_millis(1_800_000_000_000);
const TIMEOUT_MILLIS: i64 = 1_000;
pub(super) const FAILED: Conclusion = Conclusion::Failed { pause_until: None };

fn later(millis: i64) -> Moment {
    NOW.plus_millis(millis)
}

pub(super) fn policy(concurrency: usize) -> LanePolicy {
    LanePolicy {
        concurrency,
        rate_per_second: None,
        retry: Retry::Standard,
        auto_disable: AutoDisable::AfterDays,
        claiming: Claiming::Ahead,
        order: DeliveryOrder::Free,
    }
}

pub(super) fn delivery(id: usize) -> ClaimedDelivery {
    ClaimedDelivery {
        id: id.to_string(),
        payload: String::new(),
        attempts: 1,
        created_at: NOW,
        is_letter: false,
        capped_address: None,
        is_first_letter: false,
        is_reaction: false,
        lease_until: later(60_000),
    }
}

pub(super) fn finished(delivery: ClaimedDelivery, conclusion: Conclusion) -> Finished {
    let attempt = Attempt { conclusion, reason: "said".to_owned(), said: String::new() };
    Finished { delivery, at: NOW, millis: 5, attempt }
}

pub(super) fn flow(policy: LanePolicy, goal: Goal) -> Flow {
    Flow::new(policy, TIMEOUT_MILLIS, goal)
}

/// Makes a flow that has claimed these; returns how many it asked for as well.
fn claimed(policy: LanePolicy, goal: Goal, ids: std::ops::Range<usize>) -> (Flow, usize) {
    let mut flow = flow(policy, goal);
    let LaneStep::Claim { limit, .. } = flow.next(NOW) else { panic!("it begins with a claim") };
    flow.claimed(got(ids), Vec::new(), NOW);
    (flow, limit)
}

fn got(ids: std::ops::Range<usize>) -> Claimed {
    Claimed { health: Health::default(), deliveries: ids.map(delivery).collect() }
}

/// Returns the attempts that may begin now, in order. A claim that is begun meanwhile stays under way.
fn begun(flow: &mut Flow, now: Moment) -> Vec<ClaimedDelivery> {
    let mut begun = Vec::new();
    while flow.has_room() {
        match flow.next(now) {
            LaneStep::Attempt(delivery) => begun.push(delivery),
            LaneStep::Claim { .. } => {}
            LaneStep::Wait(WaitFor::Permit) => break,
            step => panic!("{step:?}"),
        }
    }
    begun
}

fn ids(deliveries: &[ClaimedDelivery]) -> Vec<&str> {
    deliveries.iter().map(|d| d.id.as_str()).collect()
}

fn record(flow: &mut Flow, now: Moment) -> Record {
    match flow.next(now) {
        LaneStep::Record(record) => record,
        step => panic!("{step:?}"),
    }
}

#[test]
fn attempts_begin_in_the_order_of_the_claim_and_as_many_as_may() {
    let (mut flow, limit) = claimed(policy(3), Goal::Idle, 0..5);
    assert_eq!(limit, 3);
    let first = begun(&mut flow, NOW);
    assert_eq!(ids(&first), ["0", "1", "2"]);
    flow.attempted(finished(first[1].clone(), Conclusion::Accepted), NOW, 0.0);
    assert_eq!(ids(&begun(&mut flow, NOW)), ["3"], "one for one");
}

#[test]
fn claims_run_ahead_and_grow_while_the_target_keeps_up() {
    let (mut flow, _) = claimed(policy(4), Goal::Idle, 0..4);
    let first = begun(&mut flow, NOW);
    assert_eq!(
        flow.next(NOW),
        LaneStep::Claim { limit: 8, first: ClaimFirst::Oldest },
        "while four are in flight"
    );
    assert_eq!(flow.next(NOW), LaneStep::Wait(WaitFor::Work), "one claim at a time");
    flow.claimed(got(4..12), Vec::new(), NOW);
    for delivery in first {
        flow.attempted(finished(delivery, FAILED), NOW, 0.0);
    }
    let (mut limits, mut claimed) = (Vec::new(), 12);
    for _ in 0..1_000 {
        match flow.next(NOW) {
            LaneStep::Attempt(delivery) => {
                flow.attempted(finished(delivery, Conclusion::Accepted), NOW, 0.0);
            }
            LaneStep::Record(_) => flow.recorded(),
            LaneStep::Claim { limit, .. } => {
                limits.push(limit);
                flow.claimed(got(claimed..claimed + limit), Vec::new(), NOW);
                claimed += limit;
            }
            step => panic!("{step:?}"),
        }
    }
    assert_eq!(limits[..3], [4, 8, 16], "small again after a failure");
    assert!(limits.is_sorted() && *limits.last().expect("some") <= MOST_AHEAD, "{limits:?}");
}

/// While the target keeps up, results are written in sets; the last ones, and what a person or another attempt waits for, at
/// once.
#[test]
fn what_ends_waits_for_more_only_while_more_comes() {
    let ended = |policy: LanePolicy, queued: usize| {
        let (mut flow, _) = claimed(policy, Goal::Stopped, 0..queued);
        let first = begun(&mut flow, NOW).remove(0);
        flow.next(NOW);
        flow.attempted(finished(first, Conclusion::Accepted), NOW, 0.0);
        begun(&mut flow, NOW);
        flow
    };
    let mut flow = ended(policy(2), 20);
    assert_eq!(flow.next(NOW), LaneStep::Wait(WaitFor::More));
    flow.gathered();
    assert_eq!(record(&mut flow, NOW).outcomes.len(), 1, "it has waited for long enough");
    flow.recorded();
    for i in 1..8 {
        flow.attempted(finished(delivery(i), Conclusion::Accepted), NOW, 0.0);
        begun(&mut flow, NOW);
        assert_eq!(flow.next(NOW), LaneStep::Wait(WaitFor::More), "{i}");
    }
    flow.attempted(finished(delivery(8), Conclusion::Accepted), NOW, 0.0);
    begun(&mut flow, NOW);
    assert_eq!(record(&mut flow, NOW).outcomes.len(), 8, "they are enough");
    flow.recorded();
    flow.attempted(finished(delivery(9), FAILED), NOW, 0.0);
    begun(&mut flow, NOW);
    assert!(record(&mut flow, NOW).health.is_some(), "a failure is told at once");

    assert_eq!(record(&mut ended(policy(2), 3), NOW).outcomes.len(), 1, "nothing more waits to be attempted");
    let ordered = LanePolicy { order: DeliveryOrder::PerComplaint, ..policy(2) };
    assert_eq!(record(&mut ended(ordered, 20), NOW).outcomes.len(), 1, "others wait for it");
    let mut stopping = ended(policy(2), 20);
    stopping.stop();
    assert!(!record(&mut stopping, NOW).outcomes.is_empty());
}

#[test]
fn letters_are_all_recorded_before_more_is_claimed() {
    let counted = LanePolicy { claiming: Claiming::Counted { at_most: 200 }, ..policy(2) };
    let (mut flow, limit) = claimed(counted, Goal::Idle, 0..1);
    assert_eq!(limit, 200);
    let letters = begun(&mut flow, NOW);
    assert_eq!(flow.next(NOW), LaneStep::Wait(WaitFor::Work));
    flow.attempted(finished(letters[0].clone(), Conclusion::Accepted), NOW, 0.0);
    record(&mut flow, NOW);
    assert_eq!(flow.next(NOW), LaneStep::Wait(WaitFor::Work), "it is not written yet");
    flow.recorded();
    assert_eq!(flow.next(NOW), LaneStep::Claim { limit: 200, first: ClaimFirst::Oldest });
}

#[test]
fn a_cap_holds_back_and_that_is_told_with_the_record() {
    let mut flow = flow(policy(2), Goal::Idle);
    flow.next(NOW);
    let until = later(900_000);
    let held = |i: usize, key: &str| Hold {
        delivery: delivery(i),
        until,
        why: "too many".into(),
        told: Some((1, key.into())),
    };
    flow.claimed(got(0..0), vec![held(1, "k"), held(2, "l"), held(3, "k")], NOW);
    let written = record(&mut flow, NOW);
    assert_eq!(written.outcomes[0].result, DeliveryResult::Held { until, why: "too many".into() });
    let told = |key: &str| Notice::Held { day: 1, cause: key.into(), why: "too many".into() };
    assert_eq!(written.notices, [told("k"), told("l")], "each cause once, however many are held for it");
    flow.recorded();
    assert_eq!(flow.delivered(), Delivered { held: 3, ..Delivered::default() });
}

#[test]
fn a_rate_gives_a_permit_for_each_attempt() {
    let slow = LanePolicy { rate_per_second: Some(1), ..policy(4) };
    let (mut flow, _) = claimed(slow, Goal::Idle, 0..4);
    assert_eq!(flow.next(NOW), LaneStep::Wait(WaitFor::Permit));
    flow.permit();
    flow.permit();
    assert_eq!(ids(&begun(&mut flow, NOW)), ["0"], "permits are not saved up");
    flow.permit();
    assert_eq!(ids(&begun(&mut flow, NOW)), ["1"]);
}

#[test]
fn what_fails_is_tried_again_later_and_dies_in_the_end() {
    let (mut flow, _) = claimed(policy(4), Goal::Idle, 0..4);
    let all = begun(&mut flow, NOW);
    let last = ClaimedDelivery { attempts: 10, ..all[1].clone() };
    flow.attempted(finished(all[0].clone(), FAILED), NOW, 0.5);
    flow.attempted(finished(last, FAILED), NOW, 0.5);
    flow.attempted(finished(all[2].clone(), Conclusion::Deferred), NOW, 0.0);
    flow.attempted(finished(all[3].clone(), Conclusion::Rejected), NOW, 0.0);
    let written = record(&mut flow, NOW);
    let results: Vec<_> = written.outcomes.iter().map(|o| o.result.clone()).collect();
    let error = || "said".to_owned();
    assert_eq!(
        results,
        [
            DeliveryResult::Retry { at: later(5_500), error: error() },
            DeliveryResult::Dead { error: error() },
            DeliveryResult::Retry { at: later(5_000), error: error() },
            DeliveryResult::Dead { error: error() },
        ]
    );
    assert_eq!(written.health.map(|h| h.failures), Some(2), "a refused delivery is not the target's fault");
    flow.recorded();
    assert_eq!(flow.delivered(), Delivered { retried: 2, dead: 2, ..Delivered::default() });
}

#[test]
fn a_pause_that_the_target_asks_for_holds_at_once_for_everything() {
    let (mut flow, _) = claimed(policy(2), Goal::Stopped, 0..6);
    let first = begun(&mut flow, NOW);
    let pause = Conclusion::Failed { pause_until: Some(later(120_000)) };
    flow.attempted(finished(first[0].clone(), pause), NOW, 0.0);
    let written = record(&mut flow, NOW);
    assert_eq!(
        written.outcomes[0].result,
        DeliveryResult::Retry { at: later(120_000), error: "said".into() },
        "not before the pause ends"
    );
    let given_back = written.outcomes[1..].iter().map(|o| (o.id.as_str(), o.detail.as_str()));
    assert_eq!(given_back.collect::<Vec<_>>(), [("2", ""), ("3", ""), ("4", ""), ("5", "")]);
    flow.attempted(finished(first[1].clone(), Conclusion::Accepted), NOW, 0.0);
    flow.recorded();
    record(&mut flow, NOW);
    flow.recorded();
    assert_eq!(
        flow.next(NOW),
        LaneStep::Claim { limit: 2, first: ClaimFirst::Untried },
        "the one in flight was taken: the pause is over"
    );
}

#[test]
fn five_failures_open_the_breaker_and_one_probe_closes_it() {
    let (mut flow, _) = claimed(policy(8), Goal::Stopped, 0..20);
    let first = begun(&mut flow, NOW);
    for delivery in first {
        flow.attempted(finished(delivery, FAILED), NOW, 0.0);
    }
    let written = record(&mut flow, NOW);
    assert_eq!(written.outcomes.len(), 20, "what was not attempted is given back");
    let health = written.health.expect("it changed");
    let paused_until = health.paused_until.expect("a pause");
    flow.recorded();
    assert_eq!(flow.next(NOW), LaneStep::Wait(WaitFor::Work));
    flow.look();
    assert_eq!(flow.next(NOW), LaneStep::ReadHealth, "a person may have switched it on again");
    flow.health_read(health.clone(), NOW);
    assert_eq!(flow.next(NOW), LaneStep::Wait(WaitFor::Work));
    flow.look();
    assert_eq!(flow.next(paused_until), LaneStep::LookForDue);
    flow.due_seen(true);
    assert_eq!(flow.next(paused_until), LaneStep::Claim { limit: 1, first: ClaimFirst::Untried });
    let leased = ClaimedDelivery { lease_until: paused_until.plus_millis(60_000), ..delivery(0) };
    flow.claimed(Claimed { health, deliveries: vec![leased] }, Vec::new(), paused_until);
    let LaneStep::Attempt(probe) = flow.next(paused_until) else { panic!("a probe") };
    flow.attempted(finished(probe, Conclusion::Accepted), paused_until, 0.0);
    assert_eq!(record(&mut flow, paused_until).health, Some(Health::default()));
    assert_eq!(flow.next(paused_until), LaneStep::Wait(WaitFor::Work), "its health is not written yet");
    flow.recorded();
    assert_eq!(flow.next(paused_until), LaneStep::Claim { limit: 8, first: ClaimFirst::Untried });
}

#[test]
fn a_target_that_is_gone_gets_nothing_more() {
    let (mut flow, _) = claimed(policy(1), Goal::Idle, 0..3);
    let LaneStep::Attempt(first) = flow.next(NOW) else { panic!("an attempt") };
    flow.attempted(finished(first, Conclusion::Gone), NOW, 0.0);
    let written = record(&mut flow, NOW);
    assert!(written.health.is_some_and(|h| h.disabled_at == Some(NOW)));
    assert!(matches!(&written.notices[..], [Notice::Health { why, .. }] if why == "said"));
    assert_eq!(written.delivered, Delivered { dead: 1, ..Delivered::default() });
    flow.recorded();
    assert_eq!(flow.next(NOW), LaneStep::Finish);
}

#[test]
fn stopping_begins_nothing_and_records_everything() {
    let (mut flow, _) = claimed(policy(2), Goal::Stopped, 0..4);
    let first = begun(&mut flow, NOW);
    flow.stop();
    let written = record(&mut flow, NOW);
    assert_eq!(written.outcomes.iter().map(|o| o.id.as_str()).collect::<Vec<_>>(), ["2", "3"]);
    for delivery in first {
        assert_eq!(flow.next(NOW), LaneStep::Wait(WaitFor::Work));
        flow.attempted(finished(delivery, Conclusion::Accepted), NOW, 0.0);
    }
    flow.recorded();
    record(&mut flow, NOW);
    assert_eq!(flow.next(NOW), LaneStep::Wait(WaitFor::Work));
    flow.recorded();
    assert_eq!(flow.next(NOW), LaneStep::Finish);
    assert_eq!(flow.delivered().accepted, 2);
}

#[test]
fn a_lease_that_an_attempt_may_outlive_is_given_back() {
    let (mut flow, _) = claimed(policy(2), Goal::Idle, 0..2);
    let LaneStep::Record(written) = flow.next(later(59_000)) else { panic!("nothing may be attempted") };
    assert!(written.outcomes.iter().all(|o| matches!(o.result, DeliveryResult::Held { .. })));
    assert_eq!(written.outcomes.len(), 2);
}

#[test]
fn what_is_being_written_is_not_attempted_again_although_its_lease_ran_out() {
    let (mut flow, _) = claimed(policy(2), Goal::Idle, 0..1);
    let first = begun(&mut flow, NOW);
    flow.attempted(finished(first[0].clone(), Conclusion::Accepted), NOW, 0.0);
    record(&mut flow, NOW);
    // The disk is slow, and the store gives it out once more.
    assert_eq!(flow.next(NOW), LaneStep::Claim { limit: 2, first: ClaimFirst::Oldest });
    flow.claimed(got(0..2), Vec::new(), NOW);
    let second = begun(&mut flow, NOW);
    assert_eq!(second.iter().map(|d| &*d.id).collect::<Vec<_>>(), [&*delivery(1).id]);
    flow.recorded();
    flow.attempted(finished(second[0].clone(), Conclusion::Accepted), NOW, 0.0);
    record(&mut flow, NOW);
    flow.recorded();
    // What came back by itself goes again.
    flow.rang();
    flow.next(NOW);
    flow.claimed(got(0..1), Vec::new(), NOW);
    assert_eq!(begun(&mut flow, NOW).len(), 1);
}

#[test]
fn what_is_queued_while_a_claim_reads_is_not_overlooked() {
    let mut flow = flow(policy(2), Goal::Idle);
    flow.next(NOW);
    flow.rang();
    flow.claimed(got(0..0), Vec::new(), NOW);
    assert_eq!(flow.next(NOW), LaneStep::Claim { limit: 2, first: ClaimFirst::Oldest });
    flow.claimed(got(0..0), Vec::new(), NOW);
    assert_eq!(flow.next(NOW), LaneStep::Finish);
}

#[test]
fn a_failure_is_newer_than_what_a_claim_under_way_has_read() {
    let (mut flow, _) = claimed(policy(2), Goal::Idle, 0..2);
    let first = begun(&mut flow, NOW);
    assert!(matches!(flow.next(NOW), LaneStep::Claim { .. }));
    for delivery in first {
        flow.attempted(finished(delivery, FAILED), NOW, 0.0);
    }
    flow.claimed(got(2..3), Vec::new(), NOW);
    begun(&mut flow, NOW);
    assert_eq!(record(&mut flow, NOW).health.map(|h| h.failures), Some(2));
}

/// What a target refuses is no trouble of the target: no pause, and the rest goes on; in an ordered lane it is given
/// up at once, so that its complaint is not held up for days, and what waited for it is looked for.
#[test]
fn what_is_refused_holds_up_nothing() {
    let (mut flow, _) = claimed(policy(8), Goal::Idle, 0..8);
    for delivery in begun(&mut flow, NOW) {
        flow.attempted(finished(delivery, Conclusion::Refused), NOW, 0.0);
    }
    let written = record(&mut flow, NOW);
    assert!(written.outcomes.iter().all(|o| matches!(o.result, DeliveryResult::Retry { .. })));
    flow.recorded();
    let next = flow.next(NOW);
    assert!(matches!(next, LaneStep::Claim { first: ClaimFirst::Untried, limit } if limit > 1), "{next:?}");

    let ordered = LanePolicy { order: DeliveryOrder::PerComplaint, ..policy(8) };
    let (mut flow, _) = claimed(ordered, Goal::Stopped, 0..1);
    let [only] = &begun(&mut flow, NOW)[..] else { panic!("one") };
    flow.next(NOW);
    flow.claimed(got(0..0), Vec::new(), NOW);
    flow.attempted(finished(only.clone(), Conclusion::Refused), NOW, 0.0);
    let written = record(&mut flow, NOW);
    assert!(matches!(written.outcomes[0].result, DeliveryResult::Dead { .. }));
    flow.recorded();
    let next = flow.next(NOW);
    assert!(matches!(next, LaneStep::Claim { .. }), "what waited for it: {next:?}");
}
