//! The exact semantics of rules (docs/semantics.md 2 to 4), on single decisions.

use crate::support::{amsterdam, at};
use redress::calendar::Moment;
use redress::complaint::{Case, Complaint, ComplaintId, EventKind, IntakeId, Party, State, Via};
use redress::rules::{
    ActionCall, Decision, Input, Outcome, Refusal, Ruleset, RulesetSource, Trigger, act, decide, unobserved,
};
use std::collections::BTreeMap;
use std::sync::Arc;

const PROCEDURE: &str = r#"
initial = "a"
faults_to = "h"
name = { nl = "n", en = "n" }
states.a = { nl = "n", en = "n", phase = "p", open = true }
states.b = { nl = "n", en = "n", phase = "p", open = true }
roles.h = { nl = "n", en = "n" }
roles.k = { nl = "n", en = "n" }
deadlines.d = { nl = "n", en = "n", side = "own", mandatory = true, alarms = ["h"] }
deadlines.e = { nl = "n", en = "n", side = "own", mandatory = true, alarms = ["h", "k"] }
flags.f = { nl = "n", en = "n" }
flags.g = { nl = "n", en = "n" }
counters.c = { nl = "n", en = "n" }
"#;

pub(crate) struct World {
    pub(crate) ruleset: Arc<Ruleset>,
    pub(crate) case: Case,
    pub(crate) now: Moment,
}

pub(crate) fn world(script: &str) -> World {
    let files = [
        ("procedure.toml", PROCEDURE),
        ("10.rhai", script),
        ("messages/nl/m.md", ""),
        ("messages/en/m.md", ""),
    ];
    let files = files.into_iter().map(|(n, t)| (n.to_owned(), t.to_owned())).collect();
    let ruleset = Ruleset::load(RulesetSource::new(files), Default::default())
        .unwrap_or_else(|found| panic!("{}", found[0]));
    let now = at("2026-11-23 10:00");
    let who = Party { name: "K".to_owned(), email: "k@example.nl".to_owned() };
    let complaint = Complaint::received(IntakeId::new(2026, 1), State::from("a"), "s".to_owned(), who, now);
    World { ruleset: Arc::new(ruleset), case: Case::new(ComplaintId(1), complaint), now }
}

impl World {
    pub(crate) fn outcome(&self, trigger: Trigger) -> Outcome {
        let input = Input::new(self.case.clone(), trigger, self.now);
        decide(&self.ruleset, &Arc::new(amsterdam()), input, unobserved())
    }

    pub(crate) fn go(&mut self, trigger: Trigger) -> Decision {
        match self.outcome(trigger) {
            Outcome::Decided(decision) => {
                self.case = decision.case.clone();
                *decision
            }
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn due(&mut self, now: &str) -> Decision {
        self.now = at(now);
        self.go(Trigger::Due)
    }

    pub(crate) fn first(&mut self) -> Decision {
        self.go(Trigger::Received { by: "k@example.nl".to_owned(), via: Via::Scenario })
    }

    pub(crate) fn act(&self, id: &str, roles: &[&str]) -> Result<Outcome, Refusal> {
        let call = ActionCall {
            id: id.to_owned(),
            actor: "h@example.nl".to_owned(),
            roles: roles.iter().map(|r| (*r).into()).collect(),
            input: BTreeMap::new(),
            via: Via::Scenario,
        };
        let input = Input::new(self.case.clone(), call, self.now);
        act(&self.ruleset, &Arc::new(amsterdam()), input, unobserved())
    }
}

pub(crate) fn fired(decision: &Decision) -> Vec<String> {
    let fired = decision.events.iter().filter(|e| e.kind == EventKind::RuleFired);
    fired.map(|e| e.origin.source.name().unwrap_or_default().to_owned()).collect()
}

pub(crate) fn count(decision: &Decision, kind: EventKind) -> usize {
    decision.events.iter().filter(|e| e.kind == kind).count()
}

const NOTIFY: &str = "then { notify(\"h\", \"m\"); }";

#[test]
fn a_rule_fires_on_turning_true_and_again_only_after_it_was_false() {
    let mut w = world(&format!(
        "rule \"r\" when complaint.state == \"a\" {NOTIFY}\naction step \"g\" by [\"h\"] when true then {{ if complaint.state == \"a\" {{ enter(\"b\"); }} else {{ enter(\"a\"); }} }}"
    ));
    assert_eq!(fired(&w.first()), ["r"]);
    assert!(w.due("2026-11-23 11:00").is_empty());
    for expected in [vec![], vec!["r".to_owned()]] {
        let Ok(Outcome::Decided(d)) = w.act("step", &["h"]) else { panic!("refused") };
        assert_eq!(fired(&d), expected);
        w.case = d.case;
    }
}

#[test]
fn now_greater_than_a_moment_wakes_one_millisecond_after_it() {
    let mut w = world(&format!("rule \"r\" when now > complaint.received_at + hours(2) {NOTIFY}"));
    let wake = w.first().wake_at.unwrap();
    assert_eq!(wake.millis(), at("2026-11-23 12:00").millis() + 1);
    let mut w = world(&format!("rule \"r\" when complaint.received_at + hours(2) <= now {NOTIFY}"));
    assert_eq!(w.first().wake_at, Some(at("2026-11-23 12:00")));
}

#[test]
fn every_repeats_at_the_same_wall_clock_and_once_after_an_outage() {
    let mut w = world(&format!("rule \"r\" when complaint.is_open every weeks(1) {NOTIFY}"));
    assert_eq!(w.first().wake_at, Some(at("2026-11-30 10:00")));
    let late = w.due("2026-12-22 15:00");
    assert_eq!(fired(&late), ["r"]);
    assert_eq!(late.wake_at, Some(at("2026-12-28 10:00")));
}

#[test]
fn every_under_an_hour_is_a_fault() {
    let mut w = world(&format!("rule \"r\" when true every hours(0) {NOTIFY}"));
    let d = w.first();
    assert_eq!(d.new_faults.len(), 1);
    assert!(d.new_faults[0].text.en.contains("an hour or longer"));
}

/// Hides from the check what kind a value is, so that what happens when it runs can be seen.
const VALUE: &str = "fn value(x) { let held = #{ x: x }; held.x }\n";

#[test]
fn now_compares_and_nothing_else() {
    for (condition, why) in [
        ("value(now) == complaint.received_at", "now == a moment has no meaning"),
        ("value(now) >= \"x\"", "now >= a text has no meaning"),
        ("now >= complaint.arose_on", "known("),
        ("value(now) >= days(1)", "now >= a span has no meaning"),
        ("value(now) >= today", "now >= today has no meaning"),
        ("value(complaint.received_at) + days(1) >= 5", "a moment >= a number has no meaning"),
        ("value(now) + days(1) >= complaint.received_at", "`+` does not go with now and a span"),
        ("value(1)", "`when` must be true or false"),
    ] {
        let mut w = world(&format!("{VALUE}rule \"r\" when {condition} {NOTIFY}"));
        let d = w.first();
        assert_eq!(d.new_faults.len(), 1, "{condition}");
        assert!(d.new_faults[0].text.en.contains(why), "{condition}: {}", d.new_faults[0].text);
        assert!(d.notifications.iter().all(|n| n.message != "m"), "{condition}: the engine alone tells");
    }
}

/// Every (type, operator, type) triple either answers or errors; none is silently false: of an operator and its
/// opposite exactly one holds (docs/semantics.md 2.4).
#[test]
fn every_triple_of_types_is_answered_or_refused() {
    let values = [
        ("now", "now"),
        ("today", "today"),
        ("moment", "complaint.received_at"),
        ("date", "first_workday_from(complaint.received_at)"),
        ("span", "days(1)"),
        ("text", "\"x\""),
        ("number", "5"),
        ("nothing", "()"),
    ];
    let timed = ["now", "today", "moment", "date", "span"];
    let orders = ["<", "<=", ">", ">="];
    for (a, left) in values {
        for (b, right) in values {
            if !timed.contains(&a) && !timed.contains(&b) {
                continue;
            }
            for (op, opposite) in
                [("==", "!="), ("!=", "=="), ("<", ">="), ("<=", ">"), (">", "<="), (">=", "<")]
            {
                let is_order = orders.contains(&op);
                let answers = match (a, b) {
                    ("now", "moment" | "date") | ("moment" | "date", "now") => is_order,
                    ("today", "date") | ("date", "today") => true,
                    ("moment" | "date", "moment" | "date") | ("span", "span") => true,
                    ("moment" | "date" | "span", "nothing") | ("nothing", "moment" | "date" | "span") => {
                        !is_order
                    }
                    _ => false,
                };
                let mut w = world(&format!(
                    "{VALUE}rule \"r\" when value({left}) {op} value({right}) || true {NOTIFY}"
                ));
                let faults = w.first().new_faults;
                assert_eq!(faults.is_empty(), answers, "{a} {op} {b}: {faults:?}");
                if answers {
                    let holds = |op: &str| {
                        let mut w = world(&format!(
                            "{VALUE}rule \"r\" when value({left}) {op} value({right}) {NOTIFY}"
                        ));
                        !fired(&w.first()).is_empty()
                    };
                    assert_ne!(holds(op), holds(opposite), "{a} {op} {b}");
                }
            }
        }
    }
}

#[test]
fn due_is_never_while_nothing_is_armed() {
    let mut w = world(&format!("rule \"r\" when now >= due(\"d\") - days(400) {NOTIFY}"));
    let d = w.first();
    assert!(fired(&d).is_empty());
    assert_eq!(d.wake_at, None);
}

#[test]
fn a_new_instance_of_a_deadline_lets_the_rule_fire_again() {
    let mut w = world(&format!(
        "rule \"arm\" when !happened(\"again\") && !armed(\"d\") then {{ deadline(\"d\", now + hours(2), \"h\"); }}\n\
         rule \"r\" when armed(\"d\") && now >= due(\"d\") - hours(1) {NOTIFY}\n\
         action again \"A\" by [\"h\"] when true then {{ deadline(\"d\", now + hours(1), \"h\"); }}"
    ));
    w.first();
    assert_eq!(fired(&w.due("2026-11-23 11:00")), ["r"]);
    let Ok(Outcome::Decided(d)) = w.act("again", &["h"]) else { panic!("refused") };
    assert_eq!(fired(&d), ["r"]);
    let ends: Vec<_> = d.deadlines.iter().map(|d| (d.instance, d.replaced_at.is_some())).collect();
    assert_eq!(ends, [(1, true), (2, false)], "the old end stays in the record");
}

#[test]
fn the_engine_records_a_breach_once_and_tells_it_when_no_rule_does() {
    let arm =
        "rule \"arm\" when !armed(\"d\") then { deadline(\"d\", complaint.received_at + hours(1), \"h\"); }";
    let mut silent = world(arm);
    assert_eq!(silent.first().wake_at.unwrap().millis(), at("2026-11-23 11:00").millis() + 1);
    let d = silent.due("2026-11-23 11:01");
    assert_eq!(count(&d, EventKind::DeadlineBreached), 1);
    let told: Vec<_> = d.notifications.iter().map(|n| (n.recipient.as_str(), n.message.as_str())).collect();
    assert_eq!(told, [("h", "deadline_breached")]);
    assert!(silent.due("2026-11-23 12:00").is_empty());
    let mut telling = world(&format!("{arm}\nrule \"r\" when overdue(\"d\") {NOTIFY}"));
    telling.first();
    let d = telling.due("2026-11-23 11:01");
    let told: Vec<_> = d.notifications.iter().map(|n| n.message.as_str()).collect();
    assert_eq!(told, ["m"], "exactly one notice");
}

#[test]
fn a_breach_is_told_when_every_rule_is_broken() {
    let mut w = world(
        "rule \"arm\" when !armed(\"d\") then { deadline(\"d\", complaint.received_at + hours(1), \"h\"); }",
    );
    w.first();
    let broken = world(
        "fn value(x) { let held = #{ x: x }; held.x }\nrule \"r\" when overdue(\"d\") && value(now) == today then { notify(\"h\", \"m\"); }",
    );
    w.ruleset = broken.ruleset;
    let d = w.due("2026-11-23 11:01");
    let told: Vec<_> = d.notifications.iter().map(|n| n.message.as_str()).collect();
    assert_eq!(told, ["deadline_breached"]);
    assert_eq!(d.new_faults.len(), 1);
}

#[test]
fn a_fault_undoes_its_rule_and_nothing_else() {
    let mut w = world(&format!(
        "rule \"bad\" when true then {{ complaint.flags.f = true; notify(\"h\", \"m\"); let x = complaint.promised_by + days(1); }}\n\
         rule \"good\" when true {NOTIFY}"
    ));
    let d = w.first();
    assert_eq!(fired(&d), ["good"]);
    assert_eq!(d.notifications.len(), 1);
    assert!(w.case.complaint.flags.is_empty());
    assert_eq!(d.new_faults[0].place.rsplit_once(':').unwrap().0, "rules/10.rhai:1");
    assert!(w.due("2026-11-23 11:00").is_empty(), "told once per rule and ruleset");
}

#[test]
fn hostile_scripts_stop_within_their_limits() {
    for body in [
        "for i in range(0, 100000000) { }",
        "let s = \"x\"; for i in range(0, 60) { s += s; }",
        "let a = []; for i in range(0, 100000) { a.push(i); }",
        "deep(1);",
        "let x = 9223372036854775807; x += 1;",
    ] {
        let mut w = world(&format!(
            "fn deep(n) {{ deep(n + 1) }}\nrule \"r\" when true then {{ {body} }}\nrule \"ok\" when true {NOTIFY}"
        ));
        let d = w.first();
        assert_eq!(fired(&d), ["ok"], "{body}");
        assert_eq!(d.new_faults.len(), 1, "{body}");
    }
}

#[test]
fn a_rule_that_turns_itself_on_is_suspended_and_the_rest_goes_on() {
    let mut w = world(&format!(
        "rule \"arm\" when !armed(\"d\") then {{ deadline(\"d\", now + hours(1), \"h\"); }}\n\
         rule \"again\" when armed(\"d\") && now < due(\"d\") then {{ deadline(\"d\", now + hours(5), \"h\"); }}\n\
         rule \"good\" when true {NOTIFY}"
    ));
    let d = w.first();
    assert_eq!(fired(&d), ["arm", "good"]);
    let suspended: Vec<_> = w.case.suspensions.iter().map(|s| s.rule.as_str()).collect();
    assert_eq!(suspended, ["again"]);
    assert_eq!(count(&d, EventKind::Suspended), 1);
    assert!(w.due("2026-11-23 10:30").is_empty());
}

#[test]
fn rules_that_go_round_are_suspended_together() {
    let mut w = world(&format!(
        "rule \"third\" when complaint.counters.c == 1 then {{ complaint.counters.c = 2; complaint.flags.f = true; }}\n\
         rule \"second\" when complaint.flags.g then {{ complaint.flags.g = false; complaint.counters.c = 1; }}\n\
         rule \"first\" when complaint.flags.f then {{ complaint.flags.f = false; complaint.flags.g = true; }}\n\
         rule \"bystander\" when complaint.flags.g {NOTIFY}\n\
         rule \"start\" when complaint.counters.c == 0 then {{ complaint.flags.f = true; }}\n\
         rule \"good\" when true {NOTIFY}"
    ));
    let d = w.first();
    assert_eq!(fired(&d), ["start", "good"]);
    let mut suspended: Vec<_> = w.case.suspensions.iter().map(|s| s.rule.as_str()).collect();
    suspended.sort_unstable();
    assert_eq!(suspended, ["first", "second", "third"]);
    let texts: Vec<_> = d.new_faults.iter().map(|f| f.text.en.as_str()).collect();
    assert!(texts[0].starts_with("it and \"second\" and \"third\" turn each other on"), "{texts:?}");
    assert_eq!(count(&d, EventKind::Suspended), 3);
    assert!(w.due("2026-11-23 11:00").is_empty());
}

#[test]
fn effects_are_visible_to_later_rules_and_passes_repeat() {
    let mut w = world(
        "rule \"third\" when complaint.counters.c == 2 then { complaint.counters.c = 3; }\n\
         rule \"second\" when complaint.counters.c == 1 then { complaint.counters.c = 2; }\n\
         rule \"first\" when complaint.counters.c == 0 then { complaint.counters.c = 1; }",
    );
    assert_eq!(fired(&w.first()), ["first", "second", "third"]);
}

#[test]
fn a_bare_return_ends_its_own_rule_only() {
    let mut w = world(&format!(
        "rule \"a\" when true then {{ if complaint.is_open {{ return; }} enter(\"b\"); }}\nrule \"b\" when true {NOTIFY}"
    ));
    assert_eq!(fired(&w.first()), ["a", "b"]);
}

#[test]
fn actions_are_checked_and_refused_in_words() {
    let w = world("action step \"G\" by [\"h\"] when complaint.state == \"b\" then { refuse(\"nee\"); }");
    for (roles, expected) in [
        (&["x"][..], "h@example.nl may not do `step`; it is for h"),
        (&["h"][..], "`step` is not possible now; the complaint is in state a"),
    ] {
        let Err(Refusal(text)) = w.act("step", roles) else { panic!("done") };
        assert_eq!(text.en, expected);
    }
    let w = world("action step \"G\" by [\"h\"] when true then { enter(\"b\"); refuse(\"nee\"); }");
    let Err(Refusal(text)) = w.act("step", &["h"]) else { panic!("done") };
    assert_eq!(text.en, "nee");
    let Err(Refusal(text)) = w.act("stap", &["h"]) else { panic!("done") };
    assert!(text.en.starts_with("there is no action `stap`"));
}

#[test]
fn a_late_action_still_records_the_breach_first() {
    let mut w = world(
        "rule \"arm\" when !armed(\"d\") && complaint.state == \"a\" then { deadline(\"d\", complaint.received_at + hours(1), \"h\"); }\n\
         action done \"D\" by [\"h\"] when true then { met(\"d\"); enter(\"b\"); }",
    );
    w.first();
    w.now = at("2026-11-23 12:00");
    let Ok(Outcome::Decided(d)) = w.act("done", &["h"]) else { panic!("refused") };
    assert_eq!(count(&d, EventKind::DeadlineBreached), 1);
    assert_eq!(count(&d, EventKind::DeadlineMet), 1);
}

#[test]
fn perform_runs_the_action_as_the_system_with_its_guards() {
    let mut w = world(
        "rule \"auto\" when complaint.state == \"a\" then { perform(\"step\", #{}); }\n\
         action step \"G\" by [\"h\"] asks #{ day: date(\"D\").preset(today) } when complaint.state == \"a\" then { complaint.arose_on = input.day; enter(\"b\"); }",
    );
    let d = w.first();
    assert_eq!(w.case.complaint.state.as_str(), "b");
    assert_eq!(w.case.complaint.arose_on.unwrap().to_string(), "2026-11-23");
    assert_eq!(count(&d, EventKind::ActionTaken), 1);
    let mut refused = world(
        "rule \"auto\" when true then { perform(\"step\", #{}); }\naction step \"G\" by [\"h\"] when false then { enter(\"b\"); }",
    );
    assert_eq!(refused.first().new_faults.len(), 1);
}

#[test]
fn time_never_goes_back_for_a_complaint() {
    let mut w = world("rule \"r\" when true then { complaint.arose_on = today; }");
    w.first();
    let d = w.due("2026-11-20 10:00");
    assert_eq!(d.at, at("2026-11-23 10:00"));
}

#[test]
fn a_firing_says_what_its_condition_read() {
    let mut w = world(&format!(
        "const ON = true;\nrule \"r\" when ON && complaint.state == \"a\" && now >= complaint.received_at && !complaint.flags.f {NOTIFY}"
    ));
    let d = w.first();
    let event = d.events.iter().find(|e| e.kind == EventKind::RuleFired).unwrap();
    assert_eq!(
        event.data["because"],
        serde_json::json!([
            "ON is true",
            "complaint.state is a",
            "complaint.received_at is 2026-11-23 10:00",
            "now >= 2026-11-23 10:00 is true",
            "complaint.flags.f is false"
        ])
    );
}
