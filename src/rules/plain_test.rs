//! The property of plain conditions: what facts answer without a script is what the script says. Conditions are decided
//! twice, once as in production and once part by part by the script alone, and both come to the same decision: what fires, what
//! failed, what wakes the complaint, which terms a rule that fired has read, and which action is offered, carried out or refused.
//!
//! Random conditions, random facts. A seeded mistake proves that it can fail. `REDRESS_PLAIN_CASES=50000 cargo test --release
//! plain_test` is the long run.

use super::mutants::Mutant;
use super::story_test::{Dice, HOUR, assert_found, calendar, call, case, cases, load};
use super::{Input, Observer, Outcome, Trigger, act, decide, offered, unobserved};
use crate::calendar::Moment;
use crate::complaint::{Actor, Case, Letter, LetterStatus};
use std::sync::Arc;

const DEFINED: &str = "
const YES = true;
const NO = false;
const THREE = 3;
fn is_a() { complaint.state == \"a\" || complaint.flags.f1 }
fn has_passed() { complaint.state == \"b\" && overdue(\"d1\") }
fn is_either() { is_a() || has_passed() }
fn goes_round() { complaint.flags.f1 && goes_round() }
fn in_two_steps() { let sent = letters(\"failed\"); sent > 0 }
";

/// Everything that facts answer, and among it what they must not: clocks, names that nobody declared, other types.
const ATOMS: &[&str] = &[
    "YES",
    "NO",
    "true",
    "THREE > 2",
    "complaint.is_open",
    "complaint.state == \"a\"",
    "complaint.state != \"b\"",
    "complaint.state < \"b\"",
    "armed(\"d1\")",
    "armed(\"d2\")",
    "overdue(\"d1\")",
    "overdue(\"d2\")",
    "overdue_terms() > 0",
    "now >= due(\"d1\")",
    "now > complaint.received_at + hours(5)",
    "paused(\"d1\")",
    "known(\"about\")",
    "known(\"arose_on\")",
    "known(\"complainant\")",
    "happened(\"act\")",
    "happened(\"b\")",
    "complaint.flags.f1",
    "complaint.flags.f2",
    "complaint.counters.c1 > 1",
    "complaint.counters.c1 == 0",
    "complaint.counters.c1 <= 2",
    "letter(\"m\") == \"accepted\"",
    "letter(\"m\") != \"none\"",
    "letters(\"failed\") > 0",
    "letters(\"queued\") == 0",
    "complaint.about == \"t@example.nl\"",
    "complaint.about != \"t@example.nl\"",
    "complaint.channel == \"email\"",
    "complaint.responsible != \"r@example.nl\"",
    "complaint.about == complaint.responsible",
    "complaint.received_at <= complaint.promised_by",
    "is_a()",
    "has_passed()",
    "is_either()",
    "goes_round()",
    "in_two_steps()",
];

const EFFECTS: &[&str] = &[
    "complaint.flags.f1 = !complaint.flags.f1;",
    "complaint.flags.f2 = true;",
    "complaint.counters.c1 += 1;",
    "enter(\"b\");",
    "enter(\"a\");",
    "deadline(\"d1\", now + hours(3), \"h\");",
    "deadline(\"d2\", complaint.received_at + hours(4), \"h\");",
    "met(\"d1\");",
    "pause(\"d1\");",
    "resume(\"d1\");",
    "complaint.about = ();",
    "notify(\"h\", \"m\");",
];

#[derive(Debug)]
struct PartByPart;

impl Observer for PartByPart {
    fn wants_parts(&self) -> bool {
        true
    }
}

fn condition(dice: &mut Dice, depth: u32) -> String {
    match dice.below(if depth == 0 { 1 } else { 6 }) {
        0 | 1 => dice.pick(ATOMS).to_owned(),
        2 => format!("!({})", condition(dice, depth - 1)),
        3 => format!("({} || {})", condition(dice, depth - 1), condition(dice, depth - 1)),
        _ => format!("{} && {}", condition(dice, depth - 1), condition(dice, depth - 1)),
    }
}

fn script(dice: &mut Dice) -> String {
    let rules = (0..4).map(|i| {
        let list = if dice.below(4) == 0 { " for complaint.measures" } else { "" };
        let every = if dice.below(4) == 0 { " every hours(2)" } else { "" };
        let effects = [dice.pick(EFFECTS), dice.pick(EFFECTS)].concat();
        format!("rule \"r{i}\"{list} when {}{every} then {{ {effects} }}\n", condition(dice, 3))
    });
    let rules: String = rules.collect();
    let offer = condition(dice, 3);
    format!("{DEFINED}{rules}action act \"act\" by [\"h\"] when {offer} then {{ met(\"d1\"); }}\n")
}

/// Changes facts as actions, letters and other decisions do.
fn happens(dice: &mut Dice, case: &mut Case, now: Moment) {
    let complaint = &mut case.complaint;
    match dice.below(7) {
        0 => drop(complaint.last.insert("act".into(), now)),
        1 => drop(complaint.flags.remove("f1") || complaint.flags.insert("f1".into())),
        2 => complaint.about = None,
        3 => complaint.measures.clear(),
        4 => {
            let status = LetterStatus::ALL[dice.below(LetterStatus::ALL.len() as u64) as usize];
            let data = serde_json::Value::Null;
            complaint
                .letters
                .insert("m".into(), Letter { status, version: 1, ordinal: 1, data, asks: false });
        }
        5 => drop(complaint.counters.insert("c1".into(), dice.below(4) as i64)),
        _ => {}
    }
}

/// Returns how the two ways differ in this seed's story, if they do.
fn difference(seed: u64) -> Option<String> {
    let mut dice = Dice::of(seed);
    let script = script(&mut dice);
    let ruleset = load(script.clone());
    let start = calendar().start_of("2026-06-10".parse().expect("a date")).expect("in range");
    let mut case = case(start);
    let mut now = start;
    let part_by_part: Arc<dyn Observer> = Arc::new(PartByPart);
    for step in 0..8 {
        happens(&mut dice, &mut case, now);
        let by = |observer| {
            let due = Input::new(case.clone(), Trigger::Due, now);
            let asked = Input::new(case.clone(), call(), now);
            let offers = offered(&Actor::System, (&ruleset, &calendar()), case.clone(), now, observer);
            let decided = decide(&ruleset, &calendar(), due, observer);
            (decided, act(&ruleset, &calendar(), asked, observer), offers.len())
        };
        let (plain, scripted) = (by(unobserved()), by(&part_by_part));
        let (seen, said) = (format!("{plain:#?}"), format!("{scripted:#?}"));
        if seen != said {
            let lines = seen.lines().zip(said.lines()).filter(|(seen, said)| seen != said).take(5);
            let lines: String = lines.map(|(seen, said)| format!("\n  {seen}\n  {said}")).collect();
            return Some(format!("step {step}:{lines}\n{script}"));
        }
        if let Outcome::Decided(decision) = plain.0 {
            case = decision.case;
        }
        now = now.plus_millis((dice.below(5) as i64 + 1) * HOUR);
    }
    None
}

/// Each function would come to twenty times the next.
#[test]
fn functions_that_multiply_are_looked_into_as_far_as_there_is_room() {
    let calls = |n: usize| vec![format!("f{}()", n + 1); 20].join(" || ");
    let functions: String = (0..7).map(|n| format!("fn f{n}() {{ {} }}\n", calls(n))).collect();
    let last = "fn f7() { complaint.flags.f1 }\n";
    let rule = "rule \"r\" when complaint.state == \"b\" && f0() then { notify(\"h\", \"m\"); }\n";
    let ruleset = load(format!("{functions}{last}{rule}"));
    let start = calendar().start_of("2026-06-10".parse().expect("a date")).expect("in range");
    let input = Input::new(case(start), Trigger::Due, start);
    assert!(matches!(decide(&ruleset, &calendar(), input, unobserved()), Outcome::Decided(_)));
}

#[test]
fn what_facts_answer_is_what_the_script_says() {
    for seed in 0..cases("REDRESS_PLAIN_CASES", 400) {
        if let Some(why) = difference(seed) {
            panic!("seed {seed}: {why}");
        }
    }
}

#[test]
fn every_seeded_mistake_about_plain_conditions_is_found_within_2000_cases() {
    let mistakes = [Mutant::TermsUnread, Mutant::PlainBehindScript];
    assert_found(&mistakes, |seed| difference(seed).is_some());
}
