//! What a plan foresees beside the first decision about each complaint, and what its digest covers.

use crate::support::{BY_QUALITY, TestApp, clear_complaint, repository};
use redress::complaint::{EventKind, Via};
use redress::rules::RulesetSource;
use redress::workflow::{Plan, PlanOptions, Published};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The shipped rules with a file more, and with `from` for `to` in one of theirs.
fn candidate(app: &TestApp, more: &str, edit: Option<(&str, &str, &str)>) -> Arc<Published> {
    let mut files = RulesetSource::read(&repository().join("rules")).unwrap().files().clone();
    files.insert("95_new.rhai".to_owned(), more.to_owned());
    if let Some((file, from, to)) = edit {
        let text = files.get_mut(file).unwrap();
        assert!(text.contains(from), "{file}: {from}");
        *text = text.replacen(from, to, 1);
    }
    let loaded = Published::load(RulesetSource::new(files), &app.app.settings);
    Arc::new(loaded.unwrap_or_else(|found| panic!("{}", found[0])))
}

async fn plan(app: &TestApp, candidate: &Arc<Published>) -> Plan {
    app.app.workflow.plan(Arc::clone(candidate), PlanOptions::default(), &|_, _| {}).await.unwrap()
}

async fn ask_information(app: &TestApp, number: &str) {
    let input: BTreeMap<String, Value> = [("questions".to_owned(), Value::from("x"))].into();
    let by = "behandelaar@lagant.nl";
    app.app.workflow.act(number, "ask_information", by, input, Via::CommandLine).await.unwrap();
    app.app.turn().await.unwrap();
}

/// Publishes what was planned, and returns the messages that went out, in the words of a plan.
async fn published(app: &TestApp, candidate: Arc<Published>) -> BTreeMap<String, usize> {
    let all = async || app.app.store.trail().events_after(0).await.unwrap();
    let before = all().await.len();
    let notices = app.app.store.register().notices().await.unwrap().len();
    app.app.workflow.publishing().publish(candidate, BY_QUALITY).await.unwrap();
    app.app.workflow.tick().await.unwrap();
    let mut sent = BTreeMap::new();
    for event in all().await.into_iter().skip(before).filter(|e| e.kind == EventKind::Notified) {
        let (message, to) = event.summary.split_once(" to ").unwrap();
        *sent.entry(format!("{to} {message}")).or_insert(0) += 1;
    }
    for notice in app.app.store.register().notices().await.unwrap().into_iter().skip(notices) {
        *sent.entry(format!("{} {}", notice.recipient, notice.message)).or_insert(0) += 1;
    }
    sent
}

const LETTER: &str = "rule \"Nieuw\" when complaint.state == \"in_treatment\" then { notify(\"complainant\", \"withdrawn\"); }";

#[tokio::test]
async fn another_complainant_with_the_letter_is_another_plan() {
    let mut digests = Vec::new();
    for asked in ["K-2026-0001", "K-2026-0002"] {
        let app = TestApp::start("2026-11-23 10:00").await;
        app.complaint("a1").await;
        app.mail(&clear_complaint("piet@example.nl", "a2")).await;
        ask_information(&app, asked).await;
        let plan = plan(&app, &candidate(&app, LETTER, None)).await;
        assert_eq!((plan.affected, plan.mails_to_complainants()), (1, 1), "{plan:#?}");
        digests.push(plan.digest());
    }
    assert_ne!(digests[0], digests[1], "the counts are the same, who gets the letter is not");
}

#[tokio::test]
async fn the_same_plan_a_little_later_is_the_same_plan() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let more = "rule \"Nieuw\" when complaint.is_open then { deadline(\"notice\", now + hours(4), \"handler\"); notify(\"director\", \"legal_alert\"); }";
    let candidate = candidate(&app, more, None);
    let first = plan(&app, &candidate).await;
    app.clock.advance_to(crate::support::at("2026-11-23 10:45"));
    assert_eq!(first.digest(), plan(&app, &candidate).await.digest());
    app.clock.advance_to(crate::support::at("2026-11-24 10:45"));
    assert_ne!(first.digest(), plan(&app, &candidate).await.digest(), "the term ends a day later");
}

#[tokio::test]
async fn taking_for_fired_is_another_plan() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let candidate = candidate(&app, LETTER, None);
    let adopt = PlanOptions { adopt: true, ..PlanOptions::default() };
    let adopting = app.app.workflow.plan(Arc::clone(&candidate), adopt, &|_, _| {}).await.unwrap();
    assert_ne!(plan(&app, &candidate).await.digest(), adopting.digest());
}

/// A term that a rule arms in the past is passed at once, and the engine tells of it.
#[tokio::test]
async fn the_engines_notices_of_terms_that_are_over_at_once_are_planned() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.mail(&clear_complaint("piet@example.nl", "a2")).await;
    app.until("2026-12-02 10:00").await;
    let more = "rule \"Te laat\" when complaint.is_open then { deadline(\"approach\", complaint.received_at + days(2), \"director\"); }";
    let candidate = candidate(&app, more, None);
    let plan = plan(&app, &candidate).await;
    assert_eq!(plan.deadlines.get("approach breached"), Some(&2), "{plan:#?}");
    let notices: usize =
        plan.messages.iter().filter(|(m, _)| m.ends_with("deadline_breached")).map(|(_, n)| n).sum();
    assert!(notices >= 2 && !plan.is_silent(), "{plan:#?}");
    // A plan says which of them are lines of a digest; they are recorded like the others.
    let planned = plan.messages.iter().map(|(m, n)| (m.trim_end_matches(" (digest)").to_owned(), *n));
    assert_eq!(published(&app, candidate).await, planned.collect());
}

/// What a decision changes for others is decided about them as well.
#[tokio::test]
async fn what_another_complaint_does_about_it_is_planned() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.mail(
        &clear_complaint("jan@example.nl", "a2").replace("parkeren in Utrecht", "lesmateriaal in Arnhem"),
    )
    .await;
    ask_information(&app, "K-2026-0001").await;
    let more = "rule \"Intrekken\" when complaint.state == \"awaiting_complainant\" then { enter(\"withdrawn\"); }\n\
        rule \"Ook de andere\" for complaint.duplicates when it.state == \"withdrawn\" then { notify(\"director\", \"legal_alert\"); }\n";
    let candidate = candidate(&app, more, None);
    let plan = plan(&app, &candidate).await;
    assert_eq!(plan.messages.get("director legal_alert"), Some(&1), "{plan:#?}");
    let other = plan.shown.iter().find(|c| c.reference == "K-2026-0002").unwrap();
    assert_eq!((other.decisions, other.fires.as_slice()), (2, &["Ook de andere".to_owned()][..]));
    assert_eq!(published(&app, candidate).await, plan.messages);
}

/// A schedule with other times may be late already.
#[tokio::test]
async fn the_runs_of_schedules_that_are_due_at_once_are_planned() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.app.turn().await.unwrap();
    app.until("2026-11-27 10:00").await;
    let edit = ("80_reports.rhai", "\"0 0 9 1 1,4,7,10 *\"", "\"0 0 9 * * *\"");
    let candidate = candidate(&app, "", Some(edit));
    let plan = plan(&app, &candidate).await;
    assert_eq!(plan.schedules["Kwartaalverslag"].runs, 4, "{plan:#?}");
    assert_eq!(plan.messages.get("director periodic_report"), Some(&4));
    assert!(!plan.is_silent(), "a saved edit that sends this is not published by itself");
    assert_eq!(published(&app, candidate).await, plan.messages);
}

/// Mail that nobody has decided on yet is decided on under the new rules.
#[tokio::test]
async fn what_waits_for_a_decision_is_planned() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let raw = clear_complaint("piet@example.nl", "a2");
    redress::intake::ingest(&app.app.workflow, raw.as_bytes(), "test").await.unwrap();
    let candidate = candidate(&app, "", None);
    let plan = plan(&app, &candidate).await;
    assert_eq!(plan.messages.get("complainant acknowledgement"), Some(&1), "{plan:#?}");
    assert_eq!(published(&app, candidate).await, plan.messages);
}

#[tokio::test]
async fn finished_complaints_that_are_looked_at_change_no_plan() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.mail("From: v@example.nl\r\nSubject: Vraag\r\nMessage-ID: <v@x>\r\n\r\nHoi\r\n").await;
    let act = async |action: &str, who: &str, input: BTreeMap<String, Value>| {
        app.app.workflow.act("I-2026-000001", action, who, input, Via::CommandLine).await.unwrap();
    };
    let reason = [("reason".to_owned(), Value::from("x"))].into();
    act("dismiss", "ontvanger@lagant.nl", reason).await;
    app.until("2027-03-01 10:00").await;
    act("anonymise", "directeur@lagant.nl", BTreeMap::new()).await;
    let more = "rule \"Nieuw\" when complaint.state == \"anonymised\" then { notify(\"director\", \"legal_alert\"); }";
    let candidate = candidate(&app, more, None);
    let sampled = PlanOptions { sample_closed: 5, adopt: false };
    let sampled = app.app.workflow.plan(Arc::clone(&candidate), sampled, &|_, _| {}).await.unwrap();
    assert_eq!((sampled.closed, sampled.finished.len(), sampled.affected), (1, 1, 0), "{sampled:#?}");
    assert_eq!(sampled.finished[0].fires, ["Nieuw"]);
    assert_eq!(sampled.digest(), plan(&app, &candidate).await.digest(), "publishing makes the same plan");
    assert!(published(&app, candidate).await.is_empty());
}
