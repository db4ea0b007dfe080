//! The property of breaches (docs/semantics.md 3.3, 5.1): each is recorded once and told once to every role
//! entitled to hear, whatever order ticks and actions come in.
//!
//! Random rulesets, random moments, now and then long after the ends of terms. Seeded mistakes prove that it can
//! fail. `REDRESS_BREACH_CASES=20000 cargo test --release breach_test` is the long run.

use super::mutants::Mutant;
use super::story_test::{
    Dice, HORIZON_HOURS, HOUR, assert_found, calendar, call, case, cases, decided, load,
};
use super::{BREACH_MESSAGE, Decision, Input, Ruleset, Sender, Trigger, act, decide, unobserved};
use crate::calendar::Moment;
use crate::complaint::{
    Case, Deadline, Event, EventKind, LetterStatus, Notification, Recipient, Role, Source, Via,
};
use std::collections::BTreeSet;
use std::sync::Arc;

#[derive(Clone, Debug)]
enum Step {
    Tick,
    Act,
    Mail,
    Delivered,
}

fn carry_out(ruleset: &Arc<Ruleset>, case: &Case, step: &Step, now: Moment) -> Option<Decision> {
    let happens = |trigger| {
        let input = Input::new(case.clone(), trigger, now);
        decided(ruleset, Ok(decide(ruleset, &calendar(), input, unobserved())))
    };
    match step {
        Step::Tick => happens(Trigger::Due),
        Step::Act => {
            decided(ruleset, act(ruleset, &calendar(), Input::new(case.clone(), call(), now), unobserved()))
        }
        Step::Mail => happens(Trigger::Mail { by: "k@example.nl".to_owned(), sender: Sender::Complainant }),
        Step::Delivered => happens(Trigger::Delivered {
            message: "m".into(),
            version: case.version,
            ordinal: 1,
            status: LetterStatus::Accepted,
        }),
    }
}

/// Adds rules whose only ground is a breach to a random ruleset.
fn ruleset(dice: &mut Dice) -> Arc<Ruleset> {
    let script = dice.ruleset().source().files()["10.rhai"].clone();
    let plain = match dice.below(3) {
        0 => "rule \"plain\" when overdue(\"d1\") then { notify(\"h\", \"m\"); }\n",
        1 => "rule \"plain\" when now > due(\"d1\") every hours(3) then { notify(\"h\", \"m\"); }\n",
        _ => "",
    };
    load(format!("{plain}{script}"))
}

/// Returns what is wrong with this seed's story, if anything.
fn violation(seed: u64) -> Option<String> {
    let mut dice = Dice::of(seed);
    let start = calendar().start_of("2026-06-10".parse().expect("a date")).expect("in range");
    let start = start.plus_millis(dice.below(24) as i64 * HOUR + 7);
    let ruleset = ruleset(&mut dice);
    let received = Trigger::Received { by: "h@example.nl".to_owned(), via: Via::Scenario };
    let input = Input::new(case(start), received, start);
    let first = decided(&ruleset, Ok(decide(&ruleset, &calendar(), input, unobserved())))?;
    let mut last = with_odd_ends(&mut dice, first.case);
    let mut recorded = BTreeSet::new();
    let mut now = start;
    while now < start.plus_millis(HORIZON_HOURS * HOUR) {
        now = now.plus_millis((dice.below(9) as i64 + 1) * HOUR / 2 + 1);
        let step = [Step::Tick, Step::Act, Step::Mail, Step::Delivered][dice.below(4) as usize].clone();
        let found = order_matters(&ruleset, &last, &step, now);
        let Some(decision) = carry_out(&ruleset, &last, &step, now) else { continue };
        let found = found.or_else(|| mistold(&ruleset, &last, &decision, now, &mut recorded));
        if let Some(why) = found {
            let script = &ruleset.source().files()["10.rhai"];
            return Some(format!("{step:?} at {}: {why}\n{script}", calendar().rfc3339(now)));
        }
        last = decision.case;
    }
    None
}

/// Arms terms, or moves them, to ends at which nothing else can change.
fn with_odd_ends(dice: &mut Dice, mut case: Case) -> Case {
    for (name, odd) in [("d1", 13), ("d2", 29)] {
        let end = case.complaint.received_at.plus_millis(dice.below(40) as i64 * HOUR + HOUR + odd);
        case.deadlines.retain(|d| d.name.as_str() != name);
        case.deadlines.push(Deadline::armed(
            name.into(),
            "h".into(),
            end,
            case.complaint.received_at,
            Source::Engine,
        ));
    }
    // The rules have seen no such ends.
    let latches = std::mem::take(&mut case.latches);
    case.latches = latches.into_iter().filter(|l| l.readings.is_empty()).collect();
    case
}

/// Returns the difference that it makes whether a tick comes first.
fn order_matters(ruleset: &Arc<Ruleset>, before: &Case, step: &Step, now: Moment) -> Option<String> {
    let tick = carry_out(ruleset, before, &Step::Tick, now)?;
    let after = carry_out(ruleset, &tick.case, step, now)?;
    let alone = carry_out(ruleset, before, step, now)?;
    let is_suspended = |d: &&Decision| !d.case.suspensions.is_empty();
    // A rule that is suspended is left out of the whole decision; two decisions know it later than one.
    if [&tick, &after, &alone].iter().any(is_suspended) {
        return None;
    }
    let record = |decisions: &[&Decision]| {
        let events = decisions.iter().flat_map(|d| &d.events).filter(|e| e.kind != EventKind::Faulted);
        let mut lines: Vec<_> = events.map(|e| format!("{} {} {:?}", e.kind, e.summary, e.origin)).collect();
        lines.sort();
        lines
    };
    let (two, one) = (record(&[&tick, &after]), record(&[&alone]));
    (two != one).then(|| format!("with a tick first:\n{}\nwithout:\n{}", two.join("\n"), one.join("\n")))
}

/// Returns the breach that is not recorded, or not told once to everybody entitled.
fn mistold(
    ruleset: &Arc<Ruleset>,
    before: &Case,
    decision: &Decision,
    now: Moment,
    recorded: &mut BTreeSet<(String, u64)>,
) -> Option<String> {
    let is_missed = |d: &&Deadline| d.is_armed() && d.due < now && d.breached_at.is_none();
    if let Some(missed) = decision.case.deadlines.iter().find(is_missed) {
        return Some(format!("the end of {} has passed and is not recorded", missed.name));
    }
    let breaches = decision.events.iter().filter(|e| e.kind == EventKind::DeadlineBreached);
    let breaches: Vec<(String, u64)> = breaches
        .filter_map(|e| Some((e.data["deadline"].as_str()?.to_owned(), e.data["instance"].as_u64()?)))
        .collect();
    if let Some(twice) = breaches.iter().find(|b| !recorded.insert((*b).clone())) {
        return Some(format!("{twice:?} is recorded twice"));
    }
    let names: BTreeSet<&str> = breaches.iter().map(|(name, _)| name.as_str()).collect();
    names.into_iter().find_map(|name| {
        let times = breaches.iter().filter(|(n, _)| n == name).count();
        let of_it = |d: &&Deadline| breaches.contains(&(name.to_owned(), u64::from(d.instance)));
        let term = before.armed(name).filter(|_| times == 1).filter(of_it);
        let alarms = &ruleset.procedure().deadlines[name].alarms;
        alarms.iter().find_map(|role| mistold_to(ruleset, before, decision, (name, times, term), role))
    })
}

fn mistold_to(
    ruleset: &Arc<Ruleset>,
    before: &Case,
    decision: &Decision,
    (name, times, term): (&str, usize, Option<&Deadline>),
    role: &Role,
) -> Option<String> {
    let to_role = |n: &&Notification| n.recipient == Recipient::Role(role.clone());
    let is_notice = |n: &&Notification| n.message.as_str() == BREACH_MESSAGE && n.data["deadline"] == name;
    let told: Vec<&Notification> = decision.notifications.iter().filter(to_role).collect();
    let notices = told.iter().filter(|n| is_notice(n)).count();
    if notices > times {
        return Some(format!("{role} hears {notices} times of {times} breaches of {name}"));
    }
    let fired = |d: &Decision, rule: &Source| {
        let fired = d.events.iter().filter(|e| e.kind == EventKind::RuleFired);
        fired.filter(|e| e.origin.source == *rule && e.data["repeat"] == 0).count() > 0
    };
    let plain = Source::Rule("plain".into());
    if times == 1 && notices == 1 && role.as_str() == "h" && name == "d1" && fired(decision, &plain) {
        return Some("h is told of a breach that a rule told".to_owned());
    }
    // A rule that fires as well the moment before the end is not there because of the end.
    let term = term.filter(|t| t.due > before.decided_at && notices == 0)?;
    let earlier = carry_out(ruleset, before, &Step::Tick, term.due)?;
    // What arms the term anew at that moment makes another breach of it.
    let is_armed_anew = |e: &Event| e.kind == EventKind::DeadlineArmed && e.data["deadline"] == name;
    if earlier.events.iter().any(is_armed_anew) {
        return None;
    }
    let is_because = |n: &&&Notification| {
        let Some(rule) = n.source.rule() else { return false };
        let rule = Source::Rule(rule.clone());
        fired(decision, &rule) && !fired(&earlier, &rule)
    };
    let is_told = told.iter().any(|n| is_because(&n));
    (!is_told).then(|| format!("{role} does not hear of the breach of {name}"))
}

#[test]
fn a_breach_is_told_once_to_everybody_entitled_in_any_order() {
    for seed in 0..cases("REDRESS_BREACH_CASES", 300) {
        if let Some(why) = violation(seed) {
            panic!("seed {seed}: {why}");
        }
    }
}

#[test]
fn every_seeded_mistake_about_breaches_is_found_within_2000_cases() {
    let mistakes = [Mutant::ToldByReading, Mutant::ToldAtTheEnd, Mutant::ArmedInThePast];
    assert_found(&mistakes, |seed| violation(seed).is_some());
}
