//! Asking why, and what would be: explanations and simulations, which change nothing.

use crate::cli::{redress, stdout};
use crate::support::{TestApp, clear_complaint};
use redress::complaint::{ComplaintId, Via};
use redress::rules::RuleStanding;
use redress::workflow::simulate::Assumptions;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

#[tokio::test]
async fn each_rule_says_why_it_fired_or_what_keeps_it() {
    let app = TestApp::start("2026-12-23 10:00").await;
    app.complaint("a1").await;
    let why = app.app.workflow.why(ComplaintId(1)).await.unwrap().unwrap();
    let fired: Vec<&str> = why.fired.iter().filter_map(|e| e.rule.as_deref()).collect();
    assert!(fired.contains(&"Bevestig een duidelijke klacht vanzelf") && fired.contains(&"acknowledge"));
    let rule = |name: &str| why.rules.iter().find(|r| r.rule == name).unwrap();
    let reminder = rule("Herinner de behandelaar twee weken voor de beloofde datum");
    assert_eq!(reminder.standing, RuleStanding::Waiting);
    let first = reminder.first_false().unwrap();
    assert_eq!(first.text, "now >= at(due(\"decision_term\") - FIRST_REMINDER, REMIND_AT)");
    let moment = crate::support::amsterdam().rfc3339(first.turns_at.unwrap());
    assert_eq!(moment, "2027-01-20T09:00:00.000+01:00");
    assert!(
        first.read.contains(&"due(\"decision_term\") is 2027-02-03 23:59".to_owned()),
        "{:?}",
        first.read
    );
    let merged = rule("Bezwaartermijn voorbij: sluiten").first_false().unwrap();
    assert_eq!((merged.text.as_str(), merged.turns_at), ("complaint.state == \"not_taken_up\"", None));
    let or = rule("Termijn voorbij: de klacht gaat naar de directeur").first_false().unwrap();
    assert_eq!(or.text, "(overdue(\"decision_term\") || overdue(\"limit\"))");
    let measures = rule("Maatregel niet op tijd uitgevoerd");
    assert_eq!(measures.standing, RuleStanding::NoElement);
    assert!(app.app.workflow.why(ComplaintId(7)).await.unwrap().is_none());
}

/// Where a part is false now and can turn by time, the rule really fires then, and not a millisecond before.
#[tokio::test]
async fn the_moment_it_names_is_the_moment_it_happens() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    for _ in 0..6 {
        let why = app.app.workflow.why(ComplaintId(1)).await.unwrap().unwrap();
        let next = why.rules.iter().filter_map(|r| Some((r.can_hold_at?, r.rule.clone()))).min();
        let (at, rule) = next.unwrap();
        let fired = async || {
            let why = app.app.workflow.why(ComplaintId(1)).await.unwrap().unwrap();
            why.fired.iter().filter(|e| e.rule.as_deref() == Some(&rule) && e.at == at).count()
        };
        app.clock.advance_to(redress::calendar::Moment::from_millis(at.millis() - 1));
        app.app.turn().await.unwrap();
        assert_eq!(fired().await, 0, "{rule}");
        app.clock.advance_to(at);
        app.app.turn().await.unwrap();
        assert_eq!(fired().await, 1, "{rule}");
    }
}

#[test]
fn why_reads_well_at_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mail = folder.path().join("a.eml");
    std::fs::write(&mail, clear_complaint("jan@example.nl", "a1")).unwrap();
    let clock = ["--clock", "2026-12-23T10:00:00+01:00"];
    let run = |arguments: &[&str]| stdout(&redress(&data, &[&clock[..], arguments].concat()));
    run(&["intake", mail.to_str().unwrap()]);
    let text = run(&["why", "K-2026-0001"]);
    for line in [
        "acknowledgement ends 2026-12-31 = 2026-12-23 + 5 working days; not counted: 25 dec is Eerste Kerstdag, 26 dec is Tweede Kerstdag, 27 dec is zondag; set by Nieuw bericht: termijnen gaan lopen",
        "can become true on 2027-01-27 09:00",
        "← the first that keeps it",
        "text_mentions(…) is true",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let one = run(&["why", "K-2026-0001", "bezwaartermijn"]);
    assert!(one.contains("no  complaint.state == \"not_taken_up\"  ← the first that keeps it"), "{one}");
    let document: Value = serde_json::from_str(&run(&["--json", "why", "K-2026-0001"])).unwrap();
    assert_eq!(document["deadlines"][0]["skipped"].as_array().unwrap().len(), 3);
}

/// Every byte of the data folder that holds facts. Which part of it lies in the log of SQLite depends on how far a process got
/// before it ended, so the log is written back first; that changes no fact.
fn content(data: &Path) -> Vec<u8> {
    let file = data.join("redress.db");
    let checkpoint = async {
        let url = format!("sqlite:{}", file.display());
        sqlx::any::install_default_drivers();
        let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&url).await.unwrap();
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await.unwrap();
        sqlx::Connection::close(connection).await.unwrap();
    };
    tokio::runtime::Runtime::new().unwrap().block_on(checkpoint);
    std::fs::read(file).unwrap()
}

#[test]
fn a_simulation_shows_the_course_and_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mail = folder.path().join("a.eml");
    std::fs::write(&mail, clear_complaint("jan@example.nl", "a1")).unwrap();
    let clock = ["--clock", "2026-11-23T10:00:00+01:00"];
    let run = |arguments: &[&str]| redress(&data, &[&clock[..], arguments].concat());
    assert!(run(&["intake", mail.to_str().unwrap()]).status.success());
    // What the connection itself tidies away at opening is done by an opening that only looks.
    assert!(run(&["list"]).status.success());
    let before = content(&data);
    let assume = folder.path().join("assume.toml");
    let text = r#"
[[assume]]
at = "2026-11-24 10:00"
action = "note_consultation"
as = "behandelaar@lagant.nl"
input = { consultation = "Met de planner" }
[[assume]]
at = "2026-11-25 10:00"
action = "decide"
as = "behandelaar@lagant.nl"
input = { verdict = "upheld", reasons = "r", solution = "s" }
[[assume]]
in = "decided"
after_days = 2
[[assume]]
in = "decided"
after_days = 3
action = "agree"
as = "behandelaar@lagant.nl"
[[assume]]
in = "settled"
action = "archive_complaint"
as = "directeur@lagant.nl"
"#;
    std::fs::write(&assume, text).unwrap();
    let course = stdout(&run(&[
        "simulate",
        "K-2026-0001",
        "--until",
        "2027-01-31",
        "--assume",
        assume.to_str().unwrap(),
    ]));
    for line in [
        "2026-11-25 10:00  in_treatment → decided",
        "2026-11-27 10:00  the complainant wrote",
        "2026-11-28 10:00  decided → settled",
        "assumed, but refused: archive_complaint: `archive_complaint` kan nu niet",
        "2026-12-21 09:00  evaluation_due to handler",
        "would be in state settled on 2027-01-31; nothing was changed",
    ] {
        assert!(course.contains(line), "{line}\n{course}");
    }
    assert_eq!(content(&data), before, "not a byte of the store has changed");
    std::fs::write(&assume, "[[assume]]\nwhen = 1\n").unwrap();
    let wrong = run(&["simulate", "K-2026-0001", "--assume", assume.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("unknown field `when`"));
}

#[tokio::test]
async fn what_is_simulated_without_answers_is_what_happens() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let ask: BTreeMap<String, Value> = [("questions".to_owned(), Value::from("x"))].into();
    app.app
        .workflow
        .act("K-2026-0001", "ask_information", "behandelaar@lagant.nl", ask, Via::CommandLine)
        .await
        .unwrap();
    let until = "2027-01-20".parse().unwrap();
    let course =
        app.app.workflow.simulate(ComplaintId(1), Some(until), &Assumptions::default()).await.unwrap();
    let line = |kind: &str, summary: &str| format!("{kind} {summary}");
    // Here letters have no address to go to; in a simulation they arrive.
    let is_letter = |text: &str| text.contains("letter") || text.contains("escalation_notice");
    let simulated: Vec<String> = course
        .events
        .iter()
        .map(|(_, e)| line(e.kind.as_str(), &e.summary))
        .filter(|l| !is_letter(l))
        .collect();
    let before = app.app.store.trail().events(ComplaintId(1)).await.unwrap().len();
    app.until("2027-01-20 23:59").await;
    let events = app.app.store.trail().events(ComplaintId(1)).await.unwrap();
    let happened: Vec<String> = events[before..]
        .iter()
        .map(|e| line(e.kind.as_str(), &e.summary))
        .filter(|l| !is_letter(l))
        .collect();
    assert!(happened.len() > 10, "{happened:?}");
    assert_eq!(simulated, happened);
}

/// A reply to a complaint that was merged would reach another, which a simulation does not have.
#[tokio::test]
async fn a_merged_complaint_is_simulated_without_its_parent() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.mail("From: x@example.nl\r\nSubject: Vraag\r\nMessage-ID: <x@x>\r\n\r\nHoi\r\n").await;
    app.complaint("a1").await;
    app.mail("From: jan@example.nl\r\nSubject: Nog iets\r\nMessage-ID: <b1@x>\r\n\r\nGeen koffie.\r\n").await;
    let merge: BTreeMap<String, Value> = [("number".to_owned(), Value::from("K-2026-0001"))].into();
    let workflow = &app.app.workflow;
    workflow
        .act("I-2026-000003", "merge_into", "ontvanger@lagant.nl", merge, Via::CommandLine)
        .await
        .unwrap();
    let assumed: Assumptions = toml::from_str("[[assume]]\nat = \"2026-11-24 10:00\"\n").unwrap();
    let until = "2026-11-30".parse().unwrap();
    let course = workflow.simulate(ComplaintId(3), Some(until), &assumed).await.unwrap();
    assert_eq!(course.state, "merged");
    assert!(course.refused[0].contains("merged into"), "{:?}", course.refused);
}
