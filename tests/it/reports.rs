//! Reports agree with the events: what they count is counted once more, from the audit trail alone.

use crate::support::{TestApp, clear_complaint};
use redress::calendar::Date;
use redress::complaint::{EventKind, Via};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What the events of a complaint say of it.
#[derive(Default)]
struct Told {
    state: String,
    /// The last state that settles what it counts as.
    last: String,
    has_number: bool,
    decisions: usize,
    escalated: bool,
    actions: Vec<String>,
}

/// The states that say what a complaint counts as, by the company's words: an open one counts as a complaint.
const SAYS: &[&str] = &[
    "received",
    "registered",
    "in_treatment",
    "awaiting_complainant",
    "decided",
    "clarification",
    "not_a_complaint",
    "not_taken_up",
    "withdrawn",
    "merged",
];

async fn told(app: &TestApp) -> Vec<Told> {
    let mut found: BTreeMap<i64, Told> = BTreeMap::new();
    for event in app.app.store.trail().events_after(0).await.unwrap() {
        let Some(id) = event.complaint_id else { continue };
        let told = found.entry(id.0).or_default();
        let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
        match event.kind {
            EventKind::Received => (told.state, told.last) = ("received".to_owned(), "received".to_owned()),
            EventKind::Registered => told.has_number = true,
            EventKind::Escalated => told.escalated = true,
            EventKind::ActionTaken => told.actions.push(event.rule.clone().unwrap_or_default()),
            EventKind::Entered => {
                told.state = data["to"].as_str().unwrap().to_owned();
                if SAYS.contains(&told.state.as_str()) {
                    told.last.clone_from(&told.state);
                }
                // A complaint that is opened again has no decision any more.
                match told.state.as_str() {
                    "decided" => told.decisions += 1,
                    "in_treatment" => told.decisions = 0,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    found.into_values().collect()
}

/// The stories, one of each kind that a report must tell apart.
async fn play(app: &TestApp) {
    let act = async |number: &str, who: &str, action: &str, input: Value| {
        let who = format!("{who}@lagant.nl");
        let input = input.as_object().unwrap().clone().into_iter().collect();
        app.app.workflow.act(number, action, &who, input, Via::CommandLine).await.unwrap();
        app.app.turn().await.unwrap();
    };
    let decided = async |number: &str| {
        act(number, "behandelaar", "note_consultation", json!({"consultation": "Met de planner"})).await;
        let decision = json!({"verdict": "upheld", "reasons": "r", "solution": "s"});
        act(number, "behandelaar", "decide", decision).await;
    };
    for i in 1..=8 {
        app.mail(&clear_complaint(&format!("klager{i}@example.nl"), &format!("r{i}"))).await;
    }
    decided("K-2026-0001").await;
    act("K-2026-0001", "behandelaar", "agree", json!({})).await;
    decided("K-2026-0002").await;
    act("K-2026-0003", "behandelaar", "withdraw", json!({"confirmation": "per mail", "confirmed": "ja"}))
        .await;
    let evaluation = json!({"cause_kind": "other", "cause": "Te weinig plek", "structural": "nee"});
    act("K-2026-0003", "behandelaar", "evaluate", evaluation).await;
    act("K-2026-0004", "ontvanger", "dismiss", json!({"reason": "een vraag"})).await;
    let proposal = json!({"ground": "not_competent", "reasons": "Van een ander."});
    act("K-2026-0005", "behandelaar", "propose_decline", proposal).await;
    act("K-2026-0005", "directeur", "approve_decline", json!({})).await;
    act("K-2026-0006", "behandelaar", "escalate_complaint", json!({"reason": "buiten mijn mandaat"})).await;
    // Withdrawn, and opened again.
    act("K-2026-0007", "behandelaar", "withdraw", json!({"confirmation": "per mail", "confirmed": "ja"}))
        .await;
    act("K-2026-0007", "directeur", "reopen", json!({"reason": "bedacht zich", "promised_by": "2027-01-11"}))
        .await;
    // The same subject again, while the first is open: merged by rule.
    app.mail(&clear_complaint("klager8@example.nl", "r8-again")).await;
    // Nobody answers the decision, and it is settled without a reply.
    app.until("2026-12-08 10:00").await;
    act("K-2026-0002", "behandelaar", "no_reply", json!({})).await;
}

#[tokio::test]
async fn a_report_counts_what_the_events_tell() {
    let app = TestApp::start("2026-11-23 10:00").await;
    play(&app).await;
    let day = |text: &str| text.parse::<Date>().unwrap();
    let report =
        app.app.workflow.records().report_counts(day("2026-10-01"), day("2026-12-31")).await.unwrap();
    let told = told(&app).await;
    let count = |is: &dyn Fn(&Told) -> bool| told.iter().filter(|t| is(t)).count();
    let apart = ["not_a_complaint", "withdrawn", "merged"];
    let counts = |t: &Told| !apart.contains(&t.last.as_str());
    let open = |t: &Told| SAYS[..6].contains(&t.state.as_str());
    let expected = json!({
        "messages": told.len(),
        "no_complaint": count(&|t| t.last == "not_a_complaint"),
        "merged": count(&|t| t.last == "merged"),
        "withdrawn": count(&|t| t.last == "withdrawn"),
        "received": count(&counts),
        "registered": count(&|t| counts(t) && t.has_number),
        "declined": count(&|t| t.last == "not_taken_up"),
        "decided": count(&|t| counts(t) && t.decisions > 0),
        "escalated": count(&|t| counts(t) && t.escalated),
        "open": count(&|t| counts(t) && open(t) && t.decisions == 0),
    });
    for (name, expected) in expected.as_object().unwrap() {
        assert_eq!(&report[name], expected, "{name}: {report:#}");
    }
    let of = |list: &str, name: &str| {
        let rows = report[list].as_array().unwrap();
        rows.iter().find(|row| row["name"] == name).map(|row| row["count"].clone()).unwrap()
    };
    let done = |action: &str| count(&|t| counts(t) && t.actions.iter().any(|a| a == action));
    assert_eq!(of("agreements", "yes"), done("agree"));
    assert_eq!(of("agreements", "no_reply"), done("no_reply"));
    assert_eq!(of("grounds", "not_competent"), 1);
    assert_eq!(of("verdicts", "upheld"), 2);
    // Nothing is counted twice, and nothing is left out.
    let sum = |names: &[&str]| names.iter().map(|name| report[*name].as_u64().unwrap()).sum::<u64>();
    assert_eq!(sum(&["received", "no_complaint", "merged", "withdrawn"]), sum(&["messages"]), "{report:#}");
    assert_eq!(sum(&["declined", "decided", "open"]), sum(&["received"]), "{report:#}");
    assert_eq!(sum(&["messages"]), 9);
}

/// The conclusions go to whom the procedure names, the organisation included, each person once.
#[tokio::test]
async fn the_conclusions_reach_the_organisation() {
    let app = TestApp::start("2026-11-23 10:00").await;
    play(&app).await;
    app.until("2027-01-04 10:00").await;
    let before = app.app.store.register().notices().await.unwrap().len();
    let period = ("2026-10-01".parse().unwrap(), "2026-12-31".parse().unwrap());
    let conclude = async |text: &str, by: &str| {
        app.app
            .workflow
            .records()
            .conclude_report(period, text, (by, redress::complaint::Via::CommandLine))
            .await
            .map_err(|e| e.to_string())
    };
    assert!(
        conclude("Het parkeren.", "behandelaar@lagant.nl")
            .await
            .unwrap_err()
            .contains("it is for the director")
    );
    conclude("Het parkeren gaf de meeste klachten.", "directeur@lagant.nl").await.unwrap();
    assert!(conclude("Nog eens.", "directeur@lagant.nl").await.unwrap_err().contains("concluded before"));
    let notices = app.app.store.register().notices().await.unwrap().split_off(before);
    let mut reached: Vec<String> =
        notices.iter().flat_map(|n| serde_json::from_str::<Vec<String>>(&n.addresses).unwrap()).collect();
    reached.sort_unstable();
    let everybody = ["behandelaar", "directeur", "integratie", "kwaliteit", "ontvanger"];
    assert_eq!(reached, everybody.map(|name| format!("{name}@lagant.nl")), "each once");
    assert!(notices.iter().all(|n| n.message == "report_concluded"), "{notices:?}");
    app.app.turn().await.unwrap();
    let letters = app.outbox();
    let said = letters.iter().filter(|l| l.contains("Het parkeren gaf de meeste klachten.")).count();
    assert_eq!(said, 5, "with the conclusions in it");
}
