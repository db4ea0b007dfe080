//! The central property (docs/semantics.md 6): evaluating more often than the recorded wake-ups changes
//! nothing.
//!
//! Rulesets are generated; run A evaluates at wake-ups and triggers only, run B also at every minute, at
//! random instants and right beside every compared moment. Eight seeded mistakes prove that the test can
//! fail. `REDRESS_WAKE_CASES=20000 cargo test --release wake_test` is the long run.

use super::mutants::{ACTIVE, COMPARED, Mutant};
use super::{ActionCall, Decision, Input, Outcome, Ruleset, RulesetSource, Trigger, act, decide, unobserved};
use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{Case, Complaint, ComplaintId, IntakeId, Measure, Party, State, Via};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const PROCEDURE: &str = r#"
initial = "a"
faults_to = "h"
name = { nl = "proef", en = "trial" }
[states.a]
nl = "a"
en = "a"
phase = "p"
open = true
[states.b]
nl = "b"
en = "b"
phase = "p"
open = true
[states.c]
nl = "c"
en = "c"
phase = "p"
[roles.h]
nl = "h"
en = "h"
[deadlines.d1]
nl = "d1"
en = "d1"
side = "own"
mandatory = true
alarms = ["h"]
[deadlines.d2]
nl = "d2"
en = "d2"
side = "complainant"
[flags.f1]
nl = "f1"
en = "f1"
[flags.f2]
nl = "f2"
en = "f2"
[counters.c1]
nl = "c1"
en = "c1"
[measures.open]
nl = "open"
en = "open"
"#;

const FUNCTIONS: &str = "
fn later(n) { now > complaint.received_at + hours(n) }
fn deep(n) { if n < 1 { later(7) } else { deep(n - 1) } }
fn early(n) { !(now >= complaint.received_at + hours(n)) }
";

const HOUR: i64 = 3_600_000;
const HORIZON_HOURS: i64 = 50;

/// SplitMix64: a fixed seed gives a fixed case, on every machine.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len() as u64) as usize]
    }

    fn moment(&mut self) -> String {
        let n = self.below(HORIZON_HOURS as u64) + 1;
        match self.below(8) {
            0..=2 => format!("(complaint.received_at + hours({n}))"),
            3 => format!("(complaint.received_at + days({}))", self.below(3)),
            4 => format!("at(complaint.received_at + days({}), \"0{}:30\")", self.below(3), self.below(4)),
            5 => format!("due(\"{}\")", self.pick(&["d1", "d2"])),
            6 => format!("(due(\"{}\") - hours({}))", self.pick(&["d1", "d2"]), self.below(9) + 1),
            _ => format!("alarm_at(\"{}\")", self.pick(&["d1", "d2"])),
        }
    }

    fn atom(&mut self) -> String {
        let moment = self.moment();
        match self.below(15) {
            0..=2 => format!("now {} {moment}", self.pick(&["<", "<=", ">", ">="])),
            3..=4 => format!("{moment} {} now", self.pick(&["<", "<=", ">", ">="])),
            5 => {
                let day = format!("first_workday_from(complaint.received_at + days({}))", self.below(3));
                let op = self.pick(&["<", "<=", ">", ">=", "==", "!="]);
                if self.below(2) == 0 { format!("today {op} {day}") } else { format!("{day} {op} today") }
            }
            6 if self.below(3) == 0 => {
                format!("overdue_terms() {} {}", self.pick(&["==", ">", "<"]), self.below(2))
            }
            6 => format!("overdue(\"{}\")", self.pick(&["d1", "d2"])),
            7 => format!("armed(\"{}\")", self.pick(&["d1", "d2"])),
            8 => format!("complaint.state == \"{}\"", self.pick(&["a", "b", "c"])),
            9 => format!("complaint.flags.{}", self.pick(&["f1", "f2"])),
            10 => format!("complaint.counters.c1 < {}", self.below(4)),
            11 => format!("{}({})", self.pick(&["later", "early"]), self.below(40)),
            12 => format!("deep({})", self.below(3)),
            13 => format!("[3, {}].some(|n| now >= complaint.received_at + hours(n))", self.below(40)),
            _ => "complaint.is_open".to_owned(),
        }
    }

    fn condition(&mut self, depth: u32) -> String {
        match self.below(if depth == 0 { 1 } else { 6 }) {
            0 | 1 => self.atom(),
            2 => format!("!({})", self.condition(depth - 1)),
            3 => format!("({} || {})", self.condition(depth - 1), self.condition(depth - 1)),
            _ => format!("{} && {}", self.condition(depth - 1), self.condition(depth - 1)),
        }
    }

    fn effect(&mut self) -> String {
        let n = self.below(30) + 1;
        match self.below(11) {
            0 => format!("complaint.flags.{} = {};", self.pick(&["f1", "f2"]), self.pick(&["true", "false"])),
            1 => "complaint.counters.c1 += 1;".to_owned(),
            2 => format!("enter(\"{}\");", self.pick(&["a", "b", "c"])),
            3 | 4 => {
                let name = self.pick(&["d1", "d2"]);
                format!("deadline(\"{name}\", complaint.received_at + hours({n}), \"h\");")
            }
            5 => format!("deadline(\"{}\", now + hours({n}), \"h\");", self.pick(&["d1", "d2"])),
            6 => format!("deadline(\"{}\", now + days({}), \"h\");", self.pick(&["d1", "d2"]), self.below(2)),
            7 => format!("met(\"{}\");", self.pick(&["d1", "d2"])),
            8 => format!("cancel(\"{}\");", self.pick(&["d1", "d2"])),
            _ => "notify(\"h\", \"m\");".to_owned(),
        }
    }

    fn rule(&mut self, i: usize) -> String {
        // A fault that depends on time alone: a rule that failed is not tried again in the same settling.
        let op = self.pick(&["<", ">="]);
        let n = self.below(HORIZON_HOURS as u64);
        if self.below(12) == 0 {
            let at = format!("complaint.received_at + hours({n})");
            return format!(
                "rule \"r{i}\" when (now < {at} && now >= complaint.promised_by) || now >= {at} then {{ notify(\"h\", \"m\"); }}\n"
            );
        }
        if self.below(12) == 0 {
            return format!(
                "rule \"r{i}\" when now {op} complaint.received_at + hours({n}) && now >= complaint.promised_by then {{ notify(\"h\", \"m\"); }}\n"
            );
        }
        let list = if self.below(6) == 0 { " for complaint.measures" } else { "" };
        let mut condition = self.condition(2);
        if !list.is_empty() {
            condition = format!("{} it.due && {condition}", self.pick(&["now >", "now <=", "today >="]));
        }
        let every = match self.below(5) {
            0 => format!(" every hours({})", self.below(9) + 1),
            1 => " every days(1)".to_owned(),
            _ => String::new(),
        };
        let mut effects = self.effect();
        if self.below(3) == 0 {
            effects.push_str(&self.effect());
        }
        if self.below(15) == 0 {
            effects.push_str("let x = complaint.promised_by + days(1);");
        }
        format!("rule \"r{i}\"{list} when {condition}{every} then {{ {effects} }}\n")
    }

    fn ruleset(&mut self) -> Arc<Ruleset> {
        let mut script = FUNCTIONS.to_owned();
        for i in 0..self.below(7) as usize + 1 {
            script.push_str(&self.rule(i));
        }
        let effect = self.effect();
        script
            .push_str(&format!("action act \"act\" by [\"h\"] when complaint.is_open then {{ {effect} }}\n"));
        let files = [
            ("procedure.toml", PROCEDURE),
            ("10.rhai", &script),
            ("messages/nl/m.md", ""),
            ("messages/en/m.md", ""),
        ];
        let files = files.into_iter().map(|(n, t)| (n.to_owned(), t.to_owned())).collect();
        match Ruleset::load(RulesetSource::new(files), Default::default()) {
            Ok(ruleset) => Arc::new(ruleset),
            Err(found) => panic!("{script}\n{}", found[0]),
        }
    }
}

#[derive(Clone, Debug)]
enum External {
    Act,
    Publish(usize),
}

struct Story {
    rulesets: Vec<Arc<Ruleset>>,
    start: Moment,
    externals: BTreeMap<Moment, External>,
    random: Vec<Moment>,
}

fn calendar() -> Arc<Calendar> {
    Arc::new(Calendar::new(chrono_tz::Europe::Amsterdam, []))
}

fn story(seed: u64) -> Story {
    let mut dice = Dice(seed);
    let day = dice.pick(&["2026-03-28", "2026-10-24", "2026-12-24", "2026-06-10"]);
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
    let random = (0..200).map(|_| instant(&mut dice)).collect();
    Story { rulesets, start, externals, random }
}

impl Story {
    fn case(&self) -> Case {
        let id = IntakeId::new(2026, 1);
        let who = Party { name: "K".to_owned(), email: "k@example.nl".to_owned() };
        let mut complaint = Complaint::received(id, State::from("a"), "s".to_owned(), who, self.start);
        let day = calendar().day_of(self.start).expect("in range");
        complaint.measures = (1..3)
            .map(|id| Measure {
                id,
                description: "m".to_owned(),
                owner: "h".to_owned(),
                due: day.checked_add_days(chrono::Days::new(u64::from(id) - 1)),
                state: "open".into(),
                check_on: None,
                note: None,
            })
            .collect();
        Case::new(ComplaintId(1), complaint)
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
        let Some(mut last) = step(ruleset, &calendar, self.case(), received, self.start, &mut record) else {
            return Ok(record);
        };
        let mut now = self.start;
        loop {
            let after = |m: &&Moment| **m > now;
            let external = self.externals.keys().find(after).copied();
            let wake = last.wake_at.map(|w| w.max(now.next()));
            let beside = extra.range(now.next()..).next().copied();
            let Some(next) = [external, wake, beside].into_iter().flatten().min().filter(|n| *n <= end)
            else {
                return Ok(record);
            };
            let is_extra = Some(next) != external && Some(next) != wake;
            now = next;
            let what = match self.externals.get(&now) {
                Some(External::Act) => Step::IsAsked(call()),
                Some(External::Publish(i)) => {
                    ruleset = &self.rulesets[*i];
                    Step::Happens(Trigger::Due)
                }
                None => Step::Happens(Trigger::Due),
            };
            if let Some(decision) = step(ruleset, &calendar, last.case.clone(), what, now, &mut record) {
                if is_extra && !decision.is_empty() {
                    return Err(format!(
                        "at {}: {}",
                        calendar.rfc3339(now),
                        record.last().cloned().unwrap_or_default()
                    ));
                }
                last = decision;
            }
        }
    }
}

/// The thing that a run decides about next.
enum Step {
    Happens(Trigger),
    IsAsked(ActionCall),
}

fn call() -> ActionCall {
    ActionCall {
        id: "act".to_owned(),
        actor: "h@example.nl".to_owned(),
        roles: vec!["h".into()],
        input: BTreeMap::new(),
        via: Via::Scenario,
    }
}

fn step(
    ruleset: &Arc<Ruleset>,
    calendar: &Arc<Calendar>,
    case: Case,
    what: Step,
    now: Moment,
    record: &mut Vec<String>,
) -> Option<Decision> {
    let outcome = match what {
        Step::Happens(trigger) => decide(ruleset, calendar, Input::new(case, trigger, now), unobserved()),
        Step::IsAsked(call) => match act(ruleset, calendar, Input::new(case, call, now), unobserved()) {
            Ok(outcome) => outcome,
            Err(_) => return None,
        },
    };
    match outcome {
        Outcome::Decided(decision) => {
            let at = calendar.rfc3339(now);
            record.extend(
                decision
                    .events
                    .iter()
                    .map(|e| format!("{at} {} {} {:?}", e.kind, e.summary, e.origin.source)),
            );
            Some(*decision)
        }
        other => panic!("{other:?}"),
    }
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

fn cases(default: u64) -> u64 {
    std::env::var("REDRESS_WAKE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

#[test]
fn evaluating_more_often_changes_nothing() {
    for seed in 0..cases(150) {
        if let Some(why) = violation(seed, None) {
            let story = story(seed);
            let scripts: Vec<_> =
                story.rulesets.iter().map(|r| r.source().files()["10.rhai"].clone()).collect();
            panic!("seed {seed}: {why}\n{}\n{:?}", scripts.join("\n--\n"), story.externals);
        }
    }
}

#[test]
fn every_seeded_mistake_is_found_within_2000_cases() {
    for mutant in [
        Mutant::NoMillisecond,
        Mutant::OnlyUnreached,
        Mutant::FirstPass,
        Mutant::FaultedSkipped,
        Mutant::RepeatsMissing,
        Mutant::BreachesMissing,
        Mutant::LatchKept,
        Mutant::ReversedUnrecorded,
    ] {
        let found = (0..2_000).find(|seed| violation(*seed, Some(mutant)).is_some());
        assert!(found.is_some(), "{mutant:?} goes unnoticed");
    }
}
