//! The central property (docs/semantics.md 6): evaluating more often than the recorded wake-ups changes
//! nothing.
//!
//! Rulesets are generated; run A evaluates at wake-ups and triggers only, run B also at every minute, at
//! random instants and right beside every compared moment; now and then nothing is evaluated for hours, as in an
//! outage. Seeded mistakes prove that the test can fail. `REDRESS_WAKE_CASES=20000 cargo test --release wake_test` is the long run.

use super::mutants::{ACTIVE, COMPARED, Mutant};
use super::story_test::{
    Dice, GROUPS, HORIZON_HOURS, HOUR, Neighbour, calendar, call, case, cases, decided, group,
};
use super::{
    ActionCall, Decision, Explained, Input, Need, Outcome, Renames, Ruleset, Trigger, act, decide, explain,
    unobserved,
};
use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{Case, Event, EventKind, GroupKey, Latch, Via};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Included};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone, Debug)]
enum External {
    Act,
    Publish(usize),
    /// Another complaint is decided about: which, and what becomes of it.
    Neighbour(usize, u64),
}

struct Story {
    rulesets: Vec<Arc<Ruleset>>,
    start: Moment,
    externals: BTreeMap<Moment, External>,
    random: Vec<Moment>,
    neighbours: Vec<Neighbour>,
    /// The time in which nothing is evaluated.
    outage: Option<(Moment, Moment)>,
}

fn story(seed: u64) -> Story {
    let mut dice = Dice::of(seed);
    let day = dice.pick(&["2026-03-28", "2026-10-24", "2026-12-30", "2026-06-29"]);
    let day: Date = day.parse().expect("a date");
    let start = calendar().start_of(day).expect("in range").plus_millis(dice.below(24) as i64 * HOUR + 7);
    let rulesets = (0..3).map(|_| dice.ruleset()).collect();
    let mut externals = BTreeMap::new();
    let instant = |dice: &mut Dice| start.plus_millis(dice.below((HORIZON_HOURS * HOUR) as u64) as i64);
    for _ in 0..dice.below(4) {
        externals.insert(instant(&mut dice), External::Act);
    }
    let mut published = [instant(&mut dice), instant(&mut dice)];
    published.sort();
    for (i, at) in published.into_iter().enumerate() {
        externals.insert(at, External::Publish(i + 1));
    }
    let mut neighbours = Vec::new();
    if dice.knows_groups() {
        let before =
            |dice: &mut Dice| start.plus_millis(-(dice.below(30) as i64) * HOUR - dice.below(1_000) as i64);
        neighbours.extend((2..5).map(|n| Neighbour::new(n, before(&mut dice))));
        for _ in 0..12 {
            externals.insert(instant(&mut dice), External::Neighbour(dice.below(3) as usize, dice.below(6)));
        }
    }
    let random = (0..200).map(|_| instant(&mut dice)).collect();
    let (from, hours) = (instant(&mut dice), dice.below(20) as i64 + 1);
    let outage = (dice.below(3) == 0).then(|| (from, from.plus_millis(hours * HOUR)));
    // Nothing happens in an outage either.
    externals.retain(|at, _| !outage.is_some_and(|(from, to)| (from..=to).contains(at)));
    Story { rulesets, start, externals, random, neighbours, outage }
}

impl Story {
    /// Returns when something that is to happen at a moment is noticed.
    fn noticed(&self, at: Moment) -> Moment {
        let is_down = self.outage.as_ref().filter(|(from, to)| (*from..*to).contains(&at));
        is_down.map_or(at, |(_, to)| *to)
    }

    /// Returns the record of a run that also evaluates at `extra`; an error when an extra evaluation did
    /// something.
    fn run(&self, extra: &BTreeSet<Moment>) -> Result<Vec<String>, String> {
        let calendar = calendar();
        let end = self.start.plus_millis(HORIZON_HOURS * HOUR);
        let mut record = Vec::new();
        let mut ruleset = &self.rulesets[0];
        let received = Trigger::Received { by: "h@example.nl".to_owned(), via: Via::Scenario };
        let received = Step::Happens(received);
        let mut neighbours = self.neighbours.clone();
        let seen = seeing(ruleset, case(self.start), &neighbours);
        let Some(mut last) = step(ruleset, &calendar, seen, received, self.start, &neighbours, &mut record)
        else {
            return Ok(record);
        };
        let mut now = self.start;
        loop {
            let after = |m: &&Moment| **m > now;
            let external = self.externals.keys().find(after).copied();
            let wake = last.wake_at.map(|w| w.max(now.next()));
            let beside = extra.range(now.next()..).next().copied();
            let wake = wake.map(|at| self.noticed(at));
            let beside = beside.map(|at| self.noticed(at));
            let Some(next) = [external, wake, beside].into_iter().flatten().min().filter(|n| *n <= end)
            else {
                // Since when rules hold is part of the record: their repeats count from there.
                record.extend(last.case.latches.iter().map(|l| format!("{} since {:?}", l.rule, l.since)));
                return Ok(record);
            };
            let is_extra = Some(next) != external && Some(next) != wake;
            now = next;
            let mut changed_elsewhere = false;
            let what = match self.externals.get(&now) {
                Some(External::Act) => Step::IsAsked(call()),
                Some(External::Publish(i)) => {
                    ruleset = &self.rulesets[*i];
                    Step::Happens(Trigger::Due)
                }
                Some(External::Neighbour(n, how)) => {
                    let concerned = neighbours[*n].change(*how, ruleset);
                    let is_in =
                        |key: &GroupKey| GroupKey::of(&key.by, &last.case.complaint).as_ref() == Some(key);
                    // As the store does, it wakes those of the groups that are concerned.
                    if !concerned.iter().any(is_in) && Some(next) != wake && Some(next) != beside {
                        continue;
                    }
                    changed_elsewhere = concerned.iter().any(is_in);
                    Step::Happens(Trigger::Due)
                }
                None => Step::Happens(Trigger::Due),
            };
            last.case = seeing(ruleset, last.case, &neighbours);
            last.case.wake_at = if changed_elsewhere { Some(now) } else { last.wake_at };
            let decision = step(ruleset, &calendar, last.case.clone(), what, now, &neighbours, &mut record);
            if let Some(decision) = decision {
                if is_extra && !decision.is_empty() {
                    return Err(format!(
                        "at {}: {}",
                        calendar.rfc3339(now),
                        record.last().cloned().unwrap_or_default()
                    ));
                }
                // What others changed, they changed now.
                let from = if changed_elsewhere { now } else { last.case.decided_at };
                let judged =
                    extra.is_empty().then(|| wrong_since(ruleset, &last.case, &decision, from..=now));
                if let Some(wrong) = judged.flatten() {
                    return Err(wrong);
                }
                last = decision;
            }
        }
    }
}

/// Returns a case with its groups as they are.
fn seeing(ruleset: &Ruleset, case: Case, neighbours: &[Neighbour]) -> Case {
    let keys = ruleset.grouping().keys(&case.complaint).into_iter();
    let groups = keys.map(|key| (key.clone(), group(neighbours, &key))).collect();
    Case { groups, ..case }
}

/// The thing that a run decides about next.
enum Step {
    Happens(Trigger),
    IsAsked(ActionCall),
}

fn step(
    ruleset: &Arc<Ruleset>,
    calendar: &Arc<Calendar>,
    case: Case,
    what: Step,
    now: Moment,
    neighbours: &[Neighbour],
    record: &mut Vec<String>,
) -> Option<Decision> {
    let mut case = case;
    let outcome = loop {
        let outcome = match &what {
            Step::Happens(trigger) => {
                Ok(decide(ruleset, calendar, Input::new(case.clone(), trigger.clone(), now), unobserved()))
            }
            Step::IsAsked(call) => {
                act(ruleset, calendar, Input::new(case.clone(), call.clone(), now), unobserved())
            }
        };
        match outcome {
            // A firing put it into another group.
            Ok(Outcome::Needs(Need::Group(key))) => {
                let loaded = group(neighbours, &key);
                assert!(case.groups.insert(key, loaded).is_none(), "it has that");
            }
            outcome => break outcome,
        }
    };
    let decision = decided(ruleset, outcome)?;
    let at = calendar.rfc3339(now);
    let events = decision.events.iter();
    record.extend(events.map(|e| format!("{at} {} {} {:?}", e.kind, e.summary, e.origin.source)));
    Some(decision)
}

/// Returns which rule holds since another moment than the one at which it came to hold. Only decisions that
/// changed no facts are judged, by looking again at every moment at which anything can change.
fn wrong_since(
    ruleset: &Arc<Ruleset>,
    before: &Case,
    decision: &Decision,
    time: RangeInclusive<Moment>,
) -> Option<String> {
    let (from, now) = (*time.start(), *time.end());
    let is_known = before.evaluated_under == ruleset.hash();
    let changes_nothing = |e: &Event| {
        matches!(e.kind, EventKind::RuleFired | EventKind::Notified | EventKind::DeadlineBreached)
    };
    if !is_known || !decision.events.iter().all(changes_nothing) {
        return None;
    }
    let is_new = |l: &&Latch| !before.latches.iter().any(|b| (&b.rule, &b.element) == (&l.rule, &l.element));
    let new: Vec<&Latch> = decision.case.latches.iter().filter(is_new).collect();
    if new.is_empty() {
        return None;
    }
    let facts = Case { decided_at: before.complaint.received_at, ..before.clone() };
    // What conditions compare shows while they are looked at: a second look sees the instants of the first.
    let mut looks = looks_back(ruleset, &facts, from, now);
    looks = looks_back(ruleset, &facts, from, now).into_iter().chain(looks).collect();
    new.into_iter().find_map(|latch| {
        let holds = |(_, explained): &(&Moment, &Vec<Explained>)| {
            explained.iter().any(|e| {
                let element = e.element.clone().unwrap_or_default();
                let is_own = e.rule == latch.rule.as_str() && element == latch.element;
                is_own && e.parts.iter().all(|p| p.holds == Some(true))
            })
        };
        let held: Vec<Moment> = looks.iter().rev().take_while(holds).map(|(at, _)| *at).collect();
        let expected = if held.len() == looks.len() { Some(now) } else { held.last().copied() };
        let expected = expected.unwrap_or(now);
        (latch.since != expected).then(|| {
            let shown = |at| calendar().rfc3339(at);
            format!("{} holds since {}, not {}", latch.rule, shown(expected), shown(latch.since))
        })
    })
}

/// Looks at a case at every instant after a moment and until another at which a comparison can change.
fn looks_back(
    ruleset: &Arc<Ruleset>,
    facts: &Case,
    from: Moment,
    to: Moment,
) -> BTreeMap<Moment, Vec<Explained>> {
    let calendar = calendar();
    let mut instants: BTreeSet<Moment> = COMPARED.with_borrow(|seen| {
        seen.iter().flat_map(|m| [*m, m.saturating_add(1)]).map(Moment::from_millis).collect()
    });
    instants.extend(facts.deadlines.iter().map(|d| d.due.next()));
    let days = (0..4).filter_map(|n| calendar.day_of(from).ok()?.checked_add_days(chrono::Days::new(n)));
    instants.extend(days.filter_map(|day| calendar.start_of(day).ok()));
    let instants = [from, to].into_iter().chain(instants.range((Excluded(from), Included(to))).copied());
    let look = |at: Moment| (at, explain(ruleset, &calendar, facts, at, &Renames::default()));
    instants.collect::<BTreeSet<_>>().into_iter().map(look).collect()
}

/// Returns what is wrong with this seed's story, if anything. A mistake is seeded into run A; run B is the
/// reference.
fn violation(seed: u64, mistake: Option<Mutant>) -> Option<String> {
    let story = story(seed);
    COMPARED.with_borrow_mut(BTreeSet::clear);
    ACTIVE.set(mistake);
    let sparse = story.run(&BTreeSet::new());
    ACTIVE.set(None);
    let expected = match sparse {
        Ok(record) => record,
        Err(why) => return Some(why),
    };
    let mut extra: BTreeSet<Moment> = story.random.iter().copied().collect();
    extra.extend((0..HORIZON_HOURS * 60).map(|minute| story.start.plus_millis(minute * 60_000 + 60_000 - 7)));
    let compared = COMPARED.with_borrow_mut(std::mem::take);
    extra.extend(
        compared.into_iter().filter(|m| *m < i64::MAX).flat_map(|m| (m - 1..=m + 1).map(Moment::from_millis)),
    );
    match story.run(&extra) {
        Err(why) => Some(why),
        Ok(record) if record == expected => None,
        Ok(record) => {
            let i = record.iter().zip(&expected).take_while(|(a, b)| a == b).count();
            Some(format!("more often: {:?}, at wake-ups: {:?}", record.get(i), expected.get(i)))
        }
    }
}

/// Stories that were wrong in a long run.
const FOUND_ONCE: [u64; 6] = [1_932, 7_306, 4_294_968_904, 4_294_971_191, 4_294_972_901, 4_294_974_785];

/// Plays stories on every core, and returns what is wrong with which.
fn violations(seeds: &[u64]) -> BTreeMap<u64, String> {
    let next = AtomicUsize::new(0);
    let play = || {
        let seeds = std::iter::from_fn(|| seeds.get(next.fetch_add(1, Ordering::Relaxed)).copied());
        seeds.filter_map(|seed| Some((seed, violation(seed, None)?))).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let players: Vec<_> = (0..cores).map(|_| scope.spawn(play)).collect();
        players.into_iter().flat_map(|player| player.join().expect("played to the end")).collect()
    })
}

#[test]
fn evaluating_more_often_changes_nothing() {
    let cases = cases("REDRESS_WAKE_CASES", 100);
    let seeds: Vec<u64> = (0..cases).chain(FOUND_ONCE).chain(GROUPS..GROUPS + cases).collect();
    let wrong = violations(&seeds);
    if let Some((seed, why)) = wrong.first_key_value() {
        let story = story(*seed);
        let scripts: Vec<_> = story.rulesets.iter().map(|r| r.source().files()["10.rhai"].clone()).collect();
        panic!(
            "wrong: {:?}; seed {seed}: {why}\n{}\n{:?}",
            wrong.keys().collect::<Vec<_>>(),
            scripts.join("\n--\n"),
            story.externals
        );
    }
}

/// Each mistake, from where on stories that show it are looked for, and how far on the first of them was: that one is
/// tried first.
const MISTAKES: [(Mutant, u64, u64); 19] = [
    (Mutant::NoMillisecond, 0, 0),
    (Mutant::OnlyUnreached, 0, 2),
    (Mutant::FirstPass, 0, 11),
    (Mutant::FaultedSkipped, 0, 3),
    (Mutant::RepeatsMissing, 0, 0),
    (Mutant::BreachesMissing, 0, 0),
    (Mutant::LatchKept, 0, 0),
    (Mutant::ReversedUnrecorded, 0, 2),
    (Mutant::PeriodsUnrecorded, 0, 2),
    (Mutant::SinceNoticed, 0, 44),
    (Mutant::SinceWithFirings, 0, 77),
    (Mutant::SinceWithNeighbours, GROUPS, 1_608),
    (Mutant::FallsOutUnrecorded, GROUPS, 13),
    (Mutant::JoinsUnnoticed, GROUPS, 3),
    (Mutant::LeavesUnnoticed, GROUPS, 8),
    (Mutant::ShownUnnoticed, GROUPS, 19),
    (Mutant::PausedBreaches, GROUPS, 110),
    (Mutant::ResumedUnscheduled, GROUPS, 148),
    (Mutant::PausedRead, GROUPS, 81),
];

#[test]
fn every_seeded_mistake_is_found_within_2000_cases() {
    for (mutant, from, first) in MISTAKES {
        let mut seeds = std::iter::once(from + first).chain(from..from + 2_000);
        let is_found = seeds.any(|seed| violation(seed, Some(mutant)).is_some());
        assert!(is_found, "{mutant:?} goes unnoticed");
    }
}
