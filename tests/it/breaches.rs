//! Who hears of a breach, and how often (docs/semantics.md 3.3, 5.1), on single decisions.

use crate::semantics::{World, count, fired, world};
use redress::complaint::EventKind;
use redress::rules::{Decision, Outcome, Sender, Trigger};

const ARM: &str = "rule \"arm\" when complaint.state == \"a\" then { deadline(\"d\", now + days(1), \"h\"); enter(\"b\"); }\n";

fn told(decision: &Decision) -> Vec<String> {
    decision.notifications.iter().map(|n| format!("{} {}", n.recipient, n.message)).collect()
}

fn acted(w: &mut World) -> Decision {
    let Ok(Outcome::Decided(d)) = w.act("zet", &["h"]) else { panic!("refused") };
    w.case = d.case.clone();
    *d
}

#[test]
fn a_rule_that_only_read_a_term_tells_nobody_of_its_breach() {
    let mut w = world(
        "rule \"arm\" when complaint.state == \"a\" then { deadline(\"d\", now + days(1), \"h\"); deadline(\"e\", now + days(8), \"h\"); enter(\"b\"); }\n\
         rule \"manen\" when now > due(\"e\") + weeks(1) || now > due(\"d\") every weeks(1) then { notify(\"k\", \"m\"); }",
    );
    w.first();
    let d = w.due("2026-11-25 00:00");
    assert_eq!(told(&d), ["k m", "h deadline_breached"]);
    let d = w.due("2026-12-02 00:00");
    assert_eq!(
        (fired(&d), told(&d)),
        (
            vec!["manen".to_owned()],
            vec!["k m".to_owned(), "h deadline_breached".to_owned(), "k deadline_breached".to_owned()]
        )
    );
}

#[test]
fn each_role_that_no_rule_told_is_told() {
    let mut w = world(
        "rule \"arm\" when complaint.state == \"a\" then { deadline(\"e\", now + days(1), \"h\"); enter(\"b\"); }\n\
         rule \"laat\" when overdue(\"e\") then { notify(\"k\", \"m\"); }",
    );
    w.first();
    assert_eq!(told(&w.due("2026-11-25 09:00")), ["k m", "h deadline_breached"]);
}

#[test]
fn a_term_armed_in_the_past_is_breached_and_told_at_once() {
    let action = "action zet \"Zet\" by [\"h\"] when true then { deadline(\"d\", complaint.received_at + days(1), \"h\"); }";
    let mut w =
        world(&format!("rule \"laat\" when overdue(\"d\") then {{ notify(\"h\", \"m\"); }}\n{action}"));
    w.first();
    w.now = crate::support::at("2026-11-30 10:00");
    let d = acted(&mut w);
    assert_eq!((told(&d), count(&d, EventKind::DeadlineBreached)), (vec!["h m".to_owned()], 1));
    assert!(w.due("2026-11-30 10:01").is_empty());
    // A reminder that goes out because the term has a new end says nothing of its being over.
    let reminder = "rule \"straks\" when now >= due(\"d\") - hours(3) then { notify(\"h\", \"m\"); }";
    let mut w = world(&format!("{reminder}\n{action}"));
    w.first();
    w.now = crate::support::at("2026-11-30 10:00");
    assert_eq!(told(&acted(&mut w)), ["h m", "h deadline_breached"]);
}

#[test]
fn counting_the_terms_that_are_over_reads_each() {
    let mut w =
        world(&format!("{ARM}rule \"laat\" when overdue_terms() > 0 then {{ notify(\"h\", \"m\"); }}"));
    w.first();
    assert_eq!(told(&w.due("2026-11-25 10:00")), ["h m"]);
}

#[test]
fn a_tick_before_an_action_or_a_mail_changes_nothing() {
    let script = format!(
        "{ARM}rule \"laat\" when overdue(\"d\") && complaint.flags.f then {{ notify(\"h\", \"m\"); }}\n\
         rule \"schreef\" when overdue(\"d\") && happened(\"complainant_replied\") then {{ notify(\"k\", \"m\"); }}\n\
         action zet \"Zet\" by [\"h\"] when true then {{ complaint.flags.f = true; }}"
    );
    let mail = || Trigger::Mail { by: "k@example.nl".to_owned(), sender: Sender::Complainant };
    for ticks in [true, false] {
        let (mut acting, mut writing) = (world(&script), world(&script));
        acting.first();
        writing.first();
        let (mut notices, mut letters) = (Vec::new(), Vec::new());
        if ticks {
            notices.extend(told(&acting.due("2026-11-30 10:00")));
            letters.extend(told(&writing.due("2026-11-30 10:00")));
        }
        (acting.now, writing.now) =
            (crate::support::at("2026-11-30 10:00"), crate::support::at("2026-11-30 10:00"));
        notices.extend(told(&acted(&mut acting)));
        letters.extend(told(&writing.go(mail())));
        assert_eq!(notices, ["h deadline_breached", "h m"]);
        assert_eq!(letters, ["h deadline_breached", "k m"]);
    }
}

#[test]
fn the_notice_names_the_end_that_passed() {
    let mut w = world(&format!(
        "{ARM}rule \"nieuw\" when overdue(\"d\") then {{ deadline(\"d\", now + days(9), \"h\"); }}"
    ));
    w.first();
    let d = w.due("2026-11-25 10:00");
    assert_eq!(told(&d), ["h deadline_breached"]);
    assert_eq!(d.notifications[0].data["due"], "2026-11-24T23:59:59.999+01:00");
}
