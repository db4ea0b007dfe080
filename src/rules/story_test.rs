//! Random rulesets and the complaints they are played on, for the properties of time and of breaches.

use super::mutants::{ACTIVE, Mutant};
use super::{ActionCall, Decision, Outcome, Refusal, Ruleset, RulesetSource};
use crate::calendar::{Calendar, Moment};
use crate::complaint::{
    Case, Complaint, ComplaintId, Group, GroupKey, IntakeId, Measure, Member, Party, State, Via,
};
use std::collections::BTreeMap;
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
[roles.k]
nl = "k"
en = "k"
[deadlines.d1]
nl = "d1"
en = "d1"
side = "own"
mandatory = true
alarms = ["h", "k"]
[deadlines.d2]
nl = "d2"
en = "d2"
side = "complainant"
alarms = ["k"]
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

/// Returns how many cases are asked for, by the environment or by default.
pub(super) fn cases(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

/// Asserts that each of these mistakes goes wrong in one of 2,000 cases.
pub(super) fn assert_found(mistakes: &[Mutant], goes_wrong: impl Fn(u64) -> bool) {
    for mutant in mistakes {
        ACTIVE.set(Some(*mutant));
        let is_found = (0..2_000).any(&goes_wrong);
        ACTIVE.set(None);
        assert!(is_found, "{mutant:?} goes unnoticed");
    }
}

pub(super) const HOUR: i64 = 3_600_000;
/// The length of a story, in hours.
pub(super) const HORIZON_HOURS: i64 = 50;

/// The first seed whose rules look at groups and pause terms as well; those before it keep the stories that they always had.
pub(super) const GROUPS: u64 = 1 << 32;
/// The employee that the complaints of a story are about, and another.
pub(super) const ABOUT: [&str; 2] = ["t@example.nl", "u@example.nl"];

/// SplitMix64: a fixed seed gives a fixed case, on every machine.
pub(super) struct Dice {
    state: u64,
    knows_groups: bool,
}

impl Dice {
    pub fn of(seed: u64) -> Self {
        Self { state: seed, knows_groups: seed >= GROUPS }
    }

    pub fn knows_groups(&self) -> bool {
        self.knows_groups
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
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

    /// A question about the group, by whom the complaint is about.
    fn group(&mut self) -> String {
        let n = self.below(HORIZON_HOURS as u64) + 1;
        let group = match self.below(4) {
            0 => "group(\"about\")".to_owned(),
            1 => format!("group(\"about\", days({}))", self.below(3) + 1),
            _ => format!("group(\"about\", hours({n}))"),
        };
        match self.below(6) {
            0 | 1 => format!("{group}.len() {} {}", self.pick(&[">=", "<", "=="]), self.below(3) + 1),
            2 => format!("{group}.some(|k| k.flags.f1 && !k.is_this)"),
            3 => format!("{group}.filter(|k| k.state == \"{}\").len() > 1", self.pick(&["a", "b"])),
            4 => format!("{group}.all(|k| k.is_open || k.counters.c1 > 1)"),
            _ => format!("{group}.some(|k| k.is_this && k.is_newest)"),
        }
    }

    fn atom(&mut self) -> String {
        if self.knows_groups && self.below(4) == 0 {
            return self.group();
        }
        if self.knows_groups && self.below(12) == 0 {
            return format!("paused(\"{}\")", self.pick(&["d1", "d2"]));
        }
        let moment = self.moment();
        match self.below(17) {
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
            15 => {
                format!("complaint.received_at <= {}().to", self.pick(&["previous_quarter", "previous_year"]))
            }
            16 => format!(
                "previous_quarter().to >= first_workday_from(complaint.received_at + days({}))",
                self.below(2)
            ),
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
        if self.knows_groups && self.below(12) == 0 {
            return format!(
                "complaint.about = {};",
                self.pick(&["\"t@example.nl\"", "\"u@example.nl\"", "()"])
            );
        }
        if self.knows_groups && self.below(5) == 0 {
            return format!("{}(\"{}\");", self.pick(&["pause", "resume"]), self.pick(&["d1", "d2"]));
        }
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
            _ => format!("notify(\"{}\", \"m\");", self.pick(&["h", "k", "responsible"])),
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
        let mut list = if self.below(6) == 0 { " for complaint.measures".to_owned() } else { String::new() };
        let mut condition = self.condition(2);
        if !list.is_empty() {
            condition = format!("{} it.due && {condition}", self.pick(&["now >", "now <=", "today >="]));
        } else if self.knows_groups && self.below(6) == 0 {
            list = format!(" for group(\"about\", hours({}))", self.below(HORIZON_HOURS as u64) + 1);
            condition =
                format!("{} && {condition}", self.pick(&["it.is_open", "!it.is_this", "it.counters.c1 < 2"]));
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

    pub fn ruleset(&mut self) -> Arc<Ruleset> {
        let mut script = FUNCTIONS.to_owned();
        for i in 0..self.below(7) as usize + 1 {
            script.push_str(&self.rule(i));
        }
        let effect = self.effect();
        script
            .push_str(&format!("action act \"act\" by [\"h\"] when complaint.is_open then {{ {effect} }}\n"));
        load(script)
    }
}

/// Loads a script under the procedure of all stories.
pub(super) fn load(script: String) -> Arc<Ruleset> {
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

pub(super) fn calendar() -> Arc<Calendar> {
    Arc::new(Calendar::new(chrono_tz::Europe::Amsterdam, []))
}

/// Makes the case of a complaint that came in at a moment, with two measures that are due soon.
pub(super) fn case(start: Moment) -> Case {
    let id = IntakeId::new(2026, 1);
    let who = Party { name: "K".to_owned(), email: "k@example.nl".to_owned() };
    let mut complaint = Complaint::received(id, State::from("a"), "s".to_owned(), who, start);
    let day = calendar().day_of(start).expect("in range");
    complaint.responsible = Some("r@example.nl".to_owned());
    complaint.about = Some(ABOUT[0].to_owned());
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

/// Another complaint, and whether it was decided about: before, it is in no group.
#[derive(Clone, Debug)]
pub(super) struct Neighbour {
    pub id: ComplaintId,
    pub complaint: Complaint,
    pub is_decided: bool,
}

impl Neighbour {
    /// Makes complaint `n`, which came in at a moment.
    pub fn new(n: i64, received_at: Moment) -> Self {
        let id = IntakeId::new(2026, n);
        let mut complaint =
            Complaint::received(id, State::from("a"), "s".to_owned(), Party::default(), received_at);
        complaint.about = Some(ABOUT[0].to_owned());
        Self { id: ComplaintId(n), complaint, is_decided: false }
    }

    /// Is decided about, and is then another; the groups whose complaints look again.
    pub fn change(&mut self, dice: u64, ruleset: &Ruleset) -> Vec<GroupKey> {
        let before = self.is_decided.then(|| self.complaint.clone());
        let c = &mut self.complaint;
        if self.is_decided {
            match dice % 6 {
                0 => c.about = Some(ABOUT[1].to_owned()),
                1 => c.about = None,
                2 => c.about = Some(ABOUT[0].to_owned()),
                3 => c.state = State::from(if c.state.as_str() == "a" { "c" } else { "a" }),
                4 => drop(c.flags.remove("f1") || c.flags.insert("f1".into())),
                _ => *c.counters.entry("c1".into()).or_insert(0) += 1,
            }
        }
        self.is_decided = true;
        ruleset.grouping().concerned(self.id, before.as_ref(), &self.complaint)
    }
}

/// Returns a group of complaints as a store has it.
pub(super) fn group(neighbours: &[Neighbour], key: &GroupKey) -> Group {
    let is_in = |n: &&Neighbour| n.is_decided && GroupKey::of(&key.by, &n.complaint).as_ref() == Some(key);
    let members = neighbours.iter().filter(is_in).map(|n| Arc::new(Member::of(n.id, &n.complaint)));
    Group::of(members.collect())
}

/// Makes the call of the action that every ruleset of a story has.
pub(super) fn call() -> ActionCall {
    ActionCall {
        id: "act".to_owned(),
        actor: "h@example.nl".to_owned(),
        roles: vec!["h".into()],
        input: BTreeMap::new(),
        via: Via::Scenario,
    }
}

/// Decides, and leaves the case as a commit would; none where the action was refused.
pub(super) fn decided(ruleset: &Ruleset, outcome: Result<Outcome, Refusal>) -> Option<Decision> {
    match outcome {
        Ok(Outcome::Decided(decision)) => {
            let mut decision = *decision;
            ruleset.hash().clone_into(&mut decision.case.evaluated_under);
            Some(decision)
        }
        Ok(other) => panic!("{other:?}"),
        Err(_) => None,
    }
}
