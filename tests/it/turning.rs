//! Since when a condition holds, what actions do by way of others, and what one decision may record
//! (docs/semantics.md 2, 4), on single decisions.

use crate::semantics::{World, count, fired, world};
use crate::support::at;
use redress::complaint::{Actor, ComplaintId, EventKind, Group, LinkKind, Member, Related, Source};
use redress::rules::diagnostics::Diagnostic;
use redress::rules::{Outcome, Refusal, Renames, Ruleset, RulesetSource};
use std::sync::Arc;

const NOTIFY: &str = "then { notify(\"h\", \"m\"); }";

fn refused(script: &str) -> Vec<Diagnostic> {
    let files = world("").ruleset.source().files().clone().into_iter();
    let files = files.map(|(n, t)| if n == "10.rhai" { (n, script.to_owned()) } else { (n, t) }).collect();
    Ruleset::load(RulesetSource::new(files), Default::default()).expect_err("it loads")
}

fn since(w: &World, rule: &str) -> redress::calendar::Moment {
    w.case.latches.iter().find(|l| l.rule.as_str() == rule).unwrap().since
}

#[test]
fn an_outage_displaces_no_repeat() {
    let mut w = world(&format!(
        "rule \"r\" when now >= at(complaint.received_at + days(2), \"09:00\") every weeks(1) {NOTIFY}"
    ));
    w.first();
    let late = w.due("2026-12-11 16:23");
    assert_eq!(fired(&late), ["r"]);
    assert_eq!(since(&w, "r"), at("2026-11-25 09:00"));
    assert_eq!(late.wake_at, Some(at("2026-12-16 09:00")), "once for all that was missed");
}

#[test]
fn a_condition_holds_since_it_came_to_hold_whatever_turned_last() {
    let hours = |n: i64| format!("complaint.received_at + hours({n})");
    let mut w = world(&format!(
        "rule \"on\" when (now >= {0} && now < {1}) || now >= {1} {NOTIFY}\nrule \"again\" when now >= {0} && !(now >= {1} && now < {2}) {NOTIFY}",
        hours(1),
        hours(2),
        hours(3)
    ));
    w.first();
    w.due("2026-11-23 17:00");
    assert_eq!(since(&w, "on"), at("2026-11-23 11:00"));
    assert_eq!(since(&w, "again"), at("2026-11-23 13:00"));
}

/// A complaint of the same sender, as it stands when the case is loaded.
fn related() -> Related {
    Related {
        id: ComplaintId(2),
        kind: LinkKind::Candidate,
        number: None,
        intake_id: "I-2026-000002".to_owned(),
        state: "a".into(),
        subject: String::new(),
        complainant_email: String::new(),
        decided_on: None,
    }
}

/// Time turns the one half of a condition at 11:00, when nobody looks because the other half does not hold; another
/// complaint turns that half, and wakes.
#[test]
fn what_another_complaint_changes_holds_from_its_moment() {
    for half in ["complaint.duplicates.len() > 0", "group(\"about\").len() > 0"] {
        for (wake, looked_at, expected) in [
            // Woken by the other, and looked at then, or late.
            (Some("2026-11-23 15:00"), "2026-11-23 15:00", "2026-11-23 15:00"),
            (Some("2026-11-23 15:00"), "2026-11-23 17:30", "2026-11-23 17:30"),
            // It changed before: what turned later turned then.
            (Some("2026-11-23 10:30"), "2026-11-23 17:30", "2026-11-23 11:00"),
            // Somebody looks before anything is due.
            (Some("2026-11-24 10:00"), "2026-11-23 16:00", "2026-11-23 16:00"),
            (None, "2026-11-23 16:00", "2026-11-23 16:00"),
        ] {
            let mut w = world(&format!(
                "rule \"r\" when {half} && now >= complaint.received_at + hours(1) every days(1) {NOTIFY}"
            ));
            w.case.complaint.about = Some("t@x.nl".to_owned());
            w.case.groups.extend(
                w.ruleset.grouping().keys(&w.case.complaint).into_iter().map(|k| (k, Group::default())),
            );
            w.first();
            let mut other = w.case.complaint.clone();
            other.intake_id = redress::complaint::IntakeId::new(2026, 2);
            let member = Arc::new(Member::of(ComplaintId(2), &other));
            w.case.groups.values_mut().for_each(|group| *group = Group::of(vec![Arc::clone(&member)]));
            w.case.related = vec![related()];
            w.case.wake_at = wake.map(at);
            w.due(looked_at);
            assert_eq!(since(&w, "r"), at(expected), "{half}: due {wake:?}, looked at {looked_at}");
        }
    }
}

#[test]
fn what_a_person_changes_holds_from_that_moment() {
    let mut w = world(&format!(
        "rule \"r\" when now >= complaint.received_at + hours(1) && complaint.flags.f {NOTIFY}\n\
         action zet \"Zet\" by [\"h\"] when true then {{ complaint.flags.f = true; }}"
    ));
    w.first();
    w.now = at("2026-11-24 15:00");
    let Ok(Outcome::Decided(d)) = w.act("zet", &["h"]) else { panic!("refused") };
    w.case = d.case;
    assert_eq!(since(&w, "r"), at("2026-11-24 15:00"));
}

#[test]
fn a_period_in_a_condition_wakes_when_the_next_begins() {
    let mut w = world(&format!("rule \"r\" when complaint.received_at <= previous_quarter().to {NOTIFY}"));
    assert_eq!(w.first().wake_at, Some(at("2027-01-01 00:00")));
    assert_eq!(fired(&w.due("2027-01-01 00:00")), ["r"]);
    let mut w = world(&format!("rule \"r\" when complaint.received_at > previous_year().to {NOTIFY}"));
    assert_eq!(w.first().wake_at, Some(at("2027-01-01 00:00")));
}

const CHAIN: &str = "action een \"Een\" by [\"h\"] when true then { perform(\"twee\", #{}); complaint.flags.f = true; }\n\
    action twee \"Twee\" by [\"h\", \"k\"] when complaint.flags.f then { notify(\"h\", \"m\"); }\n\
    action drie \"Drie\" by [\"k\"] when true then { perform(\"alleen\", #{}); }\n\
    action alleen \"Alleen\" by [\"h\"] when true then { refuse(\"zo niet\"); }\n\
    action rond \"Rond\" by [\"h\"] when true then { perform(\"rond\", #{}); }\n";

#[test]
fn what_an_action_performs_is_done_by_who_asked_under_its_own_name() {
    let mut w = world(CHAIN);
    w.first();
    let Ok(Outcome::Decided(d)) = w.act("een", &["h"]) else { panic!("refused") };
    let taken: Vec<_> = d.events.iter().filter(|e| e.kind == EventKind::ActionTaken).collect();
    assert_eq!(taken.iter().map(|e| e.data["action"].as_str().unwrap()).collect::<Vec<_>>(), ["een", "twee"]);
    assert!(taken.iter().all(|e| e.origin.by == Actor::Person("h@example.nl".to_owned())));
    let twee = Source::Action { id: "twee".into(), performed_by: None };
    assert_eq!(d.notifications[0].source, twee);
    assert!(w.due("2026-11-23 11:00").is_empty(), "nothing is left for a rule to do");
}

#[test]
fn what_an_action_performs_can_be_refused_and_then_nothing_is_done() {
    let mut w = world(CHAIN);
    w.first();
    let Err(Refusal(text)) = w.act("drie", &["k"]) else { panic!("done") };
    assert_eq!(text.en, "h@example.nl may not do `alleen`; it is for h");
    let Err(Refusal(text)) = w.act("drie", &["k", "h"]) else { panic!("done") };
    assert_eq!(text.en, "zo niet");
    let Err(Refusal(text)) = w.act("rond", &["h"]) else { panic!("done") };
    assert!(text.en.contains("performed twice"), "{text}");
}

#[test]
fn a_decision_records_a_thousand_of_each_kind_and_no_more() {
    for (effect, kind) in [
        ("remark(\"x\");", EventKind::Remarked),
        ("complaint.flags.f = !complaint.flags.f;", EventKind::FactChanged),
        ("deadline(\"d\", now + hours(1), \"h\");", EventKind::DeadlineArmed),
        ("enter(\"b\");", EventKind::Entered),
    ] {
        for (n, holds) in [(1_000, true), (1_001, false)] {
            let mut w = world(&format!(
                "rule \"r\" when complaint.state == \"a\" && complaint.counters.c == 0 then {{ for i in range(0, {n}) {{ {effect} }} }}"
            ));
            let d = w.first();
            assert_eq!((count(&d, kind) == n, d.new_faults.is_empty()), (holds, holds), "{n} × {effect}");
        }
    }
}

#[test]
fn a_rename_is_one_wherever_the_rule_stands_and_whatever_is_in_it() {
    let load = |script: &str| world(script).ruleset;
    let body = "for complaint.measures when it.state == \"x\" || complaint.measures.some(|m| m.id > 2)\n  then { if complaint.is_open { complaint.counters.c += 1; } for i in range(0, 2) { remark(`${i} keer`); } }";
    let body = body.replace("it.state == \"x\"", "it.id > 1");
    let before = load(&format!("rule \"oud\" {body}\nrule \"zelfde\" when true {NOTIFY}"));
    let after = load(&format!(
        "// een regel commentaar\n\n\nrule \"zelfde\"\n  when true /* zo */ {NOTIFY}\n\n   rule \"nieuw\" {}",
        body.replace("\n", "   \n // nog een\n")
    ));
    let renames = Renames::between(&before, &after);
    let pairs: Vec<_> = renames.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
    assert_eq!(pairs, [("oud", "nieuw")]);
    assert_eq!(before.texts()["zelfde"], after.texts()["zelfde"]);
    let other = load(&format!("rule \"nieuw\" {}", body.replace("keer", "maal")));
    assert!(Renames::between(&before, &other).is_empty(), "another text is another rule");
}

#[test]
fn twins_go_on_in_file_order_and_are_said() {
    let load = |names: &[&str]| {
        let rules: Vec<String> = names.iter().map(|n| format!("rule \"{n}\" when true {NOTIFY}")).collect();
        world(&rules.join("\n")).ruleset
    };
    let renames = Renames::between(&load(&["z", "a", "blijft"]), &load(&["y", "blijft", "b"]));
    let pairs: Vec<_> = renames.iter().map(|(o, n)| (o.as_str(), n.as_str(), renames.has_twin(o))).collect();
    assert_eq!(pairs, [("a", "b", true), ("z", "y", true)]);
    let one = Renames::between(&load(&["a"]), &load(&["b", "c"]));
    let pairs: Vec<_> = one.iter().map(|(o, n)| (o.as_str(), n.as_str(), one.has_twin(o))).collect();
    assert_eq!(pairs, [("a", "b", true)]);
}

#[test]
fn names_that_cannot_be_told_apart_or_are_taken_are_refused() {
    for (script, why) in [
        (
            format!(
                "rule \"Termijn voorbij\" when true {NOTIFY}\nrule \"termijn  Voorbij\" when true {NOTIFY}"
            ),
            "capitals or spaces",
        ),
        (format!("const now = 1;\nrule \"r\" when true {NOTIFY}"), "constant `now`"),
        (format!("const days = 1;\nrule \"r\" when true {NOTIFY}"), "constant `days`"),
        (
            format!("rule \"r\" when complaint.measures.some(|complaint| complaint.id > 1) {NOTIFY}"),
            "`|complaint|`",
        ),
        (
            format!("fn f(x) {{ x.some(|now| now.id > 1) }}\nrule \"r\" when f(complaint.measures) {NOTIFY}"),
            "`|now|`",
        ),
        (format!("rule \"r\" when now.to_string() == \"x\" {NOTIFY}"), "`now` can only be compared"),
        (format!("rule \"r\" when `${{today}}` == \"x\" {NOTIFY}"), "`today` can only be compared"),
    ] {
        let found = refused(&script);
        assert!(found.iter().any(|d| d.message.en.contains(why)), "{script}: {found:?}");
    }
    world(&format!("rule \"r\" when complaint.measures.some(|m| m.id > complaint.counters.c) {NOTIFY}"));
    let mut w = world(&format!(
        "fn value(x) {{ let held = #{{ x: x }}; held.x }}\nrule \"r\" when value(now).to_string() == \"x\" {NOTIFY}"
    ));
    assert!(w.first().new_faults[0].text.en.contains("can be compared"));
}

#[test]
fn a_state_that_no_rule_can_see_is_said() {
    let warned = |body: &str| {
        let w = world(&format!("rule \"r\" when true then {{ {body} }}"));
        w.ruleset.warnings().iter().filter(|d| d.message.en.contains("no rule sees")).count()
    };
    assert_eq!(warned("enter(\"b\"); remark(\"x\"); enter(\"a\");"), 1);
    assert_eq!(warned("if complaint.flags.f { enter(\"b\"); } enter(\"a\");"), 0);
    assert_eq!(warned("enter(\"b\");"), 0);
}

/// docs/semantics.md 4.1: conditions are looked at between blocks, in order.
#[test]
fn what_turns_false_and_true_between_two_looks_has_not_turned() {
    let rules = "rule \"away\" when complaint.flags.f then { enter(\"b\"); complaint.flags.f = false; }\n\
        rule \"back\" when complaint.state == \"b\" then { enter(\"a\"); }\n";
    let look = format!("rule \"look\" when complaint.state == \"a\" {NOTIFY}\n");
    let action = "action zet \"Zet\" by [\"h\"] when true then { complaint.flags.f = true; }\n";
    for (script, seen) in [
        (format!("{rules}{look}{action}"), 0),
        (
            format!(
                "{}{look}{}",
                &rules[..rules.find("rule \"back").unwrap()],
                &rules[rules.find("rule \"back").unwrap()..]
            ) + action,
            1,
        ),
    ] {
        let mut w = world(&script);
        w.first();
        let Ok(Outcome::Decided(d)) = w.act("zet", &["h"]) else { panic!("refused") };
        assert_eq!(d.notifications.len(), seen, "{script}");
    }
}
