//! Plans: what they say is what happens, and `--adopt` keeps what holds already quiet.

use crate::support::{BY_QUALITY, Builder, TestApp, at, clear_complaint, repository};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use redress::complaint::{ComplaintId, EventKind, Via};
use redress::rules::RulesetSource;
use redress::workflow::{PlanOptions, PublishOrder, Published};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An edit of a file of the shipped rules, and a story after which it does something at once.
struct Edit {
    file: &'static str,
    from: &'static str,
    to: &'static str,
    story: &'static [Deed],
}

const ASK_INFORMATION: Deed = Deed::Act { complaint: 1, action: 0 };

const EDITS: &[Edit] = &[
    Edit {
        file: "00_terms.rhai",
        from: "const FIRST_REMINDER = days(14);",
        to: "const FIRST_REMINDER = days(41);",
        story: &[Deed::Wait { days: 2 }],
    },
    Edit {
        file: "00_terms.rhai",
        from: "const NUDGE_BEFORE = days(7);",
        to: "const NUDGE_BEFORE = days(13);",
        story: &[ASK_INFORMATION, Deed::Wait { days: 3 }],
    },
    Edit {
        file: "70_monitoring.rhai",
        from: "// Step 8",
        to: "rule \"Nieuw\" when complaint.is_open then { notify(\"director\", \"term_expiring\"); }\n// Step 8",
        story: &[],
    },
    Edit {
        file: "70_monitoring.rhai",
        from: "// Step 8",
        to: "rule \"Nieuw\" when complaint.state == \"in_treatment\" then { deadline(\"notice\", now + days(3), \"handler\"); }\n// Step 8",
        story: &[],
    },
    Edit {
        file: "70_monitoring.rhai",
        from: "// Step 8",
        to: "rule \"Stuk\" when complaint.is_open then { let leeg = []; leeg[3]; }\n// Step 8",
        story: &[],
    },
    Edit {
        file: "70_monitoring.rhai",
        from: "// Step 8",
        to: "rule \"Weg\" when complaint.state == \"received\" then { enter(\"registered\"); register(); }\n// Step 8",
        story: &[Deed::Mail { clear: false }],
    },
    Edit {
        file: "70_monitoring.rhai",
        from: "every NEGLECT_TERM",
        to: "every days(1)",
        story: &[Deed::Wait { days: 70 }],
    },
    // Complaints of one organisation, one of which becomes another by it, which the others see.
    Edit {
        file: "70_monitoring.rhai",
        from: "// Step 8",
        to: "rule \"Groep\" when group(\"organisation\").len() > 1 && group(\"organisation\").some(|k| k.is_this && k.is_newest) && !complaint.flags.structural then { complaint.flags.structural = true; }\n\
             rule \"Ook\" when group(\"organisation\").some(|k| k.flags.structural && !k.is_this) then { notify(\"director\", \"term_expiring\"); }\n// Step 8",
        story: &[Deed::Mail { clear: true }, Deed::Mail { clear: true }],
    },
    // What is due already, and has not been settled, happens under the new rules.
    Edit {
        file: "30_treatment.rhai",
        from: "then { notify(\"complainant\", \"information_reminder\"); }",
        to: "then { notify(\"handler\", \"information_lapsed\"); }",
        story: &[ASK_INFORMATION, Deed::Lapse { days: 8 }],
    },
    // It can be worded for the sample and not for this complaint.
    Edit {
        file: "messages/nl/information_reminder.md",
        from: "\n---\n",
        to: "\n---\n{% if complaint.complainant == \"Jan\" %}{{ 1 // 0 }}{% endif %}\n",
        story: &[ASK_INFORMATION, Deed::Lapse { days: 8 }],
    },
];

/// A rule that has fired and still holds gets another name, and nothing else changes.
const RENAME: Edit = Edit {
    file: "10_intake.rhai",
    from: "Onduidelijk bericht: de ontvanger beoordeelt",
    to: "Een mens kijkt mee",
    story: &[Deed::Mail { clear: false }],
};

#[derive(Clone, Debug)]
enum Deed {
    Mail {
        clear: bool,
    },
    Act {
        complaint: i64,
        action: usize,
    },
    /// Days in which everything happens when it is due.
    Wait {
        days: i64,
    },
    /// Days in which nothing runs.
    Lapse {
        days: i64,
    },
}

/// An action, who does it, and the answers.
type Act = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const DEEDS: &[Act] = &[
    ("ask_information", "behandelaar@lagant.nl", &[("questions", "x")]),
    ("note_consultation", "behandelaar@lagant.nl", &[("consultation", "Met de planner")]),
    ("decide", "behandelaar@lagant.nl", &[("verdict", "upheld"), ("reasons", "r"), ("solution", "s")]),
    ("escalate_complaint", "behandelaar@lagant.nl", &[("reason", "x")]),
    ("agree", "behandelaar@lagant.nl", &[]),
];

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        2 => any::<bool>().prop_map(|clear| Deed::Mail { clear }),
        3 => (1_i64..4, 0..DEEDS.len()).prop_map(|(complaint, action)| Deed::Act { complaint, action }),
        2 => (1_i64..30).prop_map(|days| Deed::Wait { days }),
        1 => (1_i64..30).prop_map(|days| Deed::Lapse { days }),
    ];
    prop::collection::vec(deed, 2..10)
}

const START: &str = "2026-11-23 10:00";

async fn play(app: &TestApp, deeds: &[Deed]) {
    app.complaint("first").await;
    let mut day = 0;
    for (i, deed) in deeds.iter().enumerate() {
        match deed {
            Deed::Mail { clear: true } => {
                drop(app.mail(&clear_complaint(&format!("k{i}@example.nl"), &format!("m{i}"))).await)
            }
            Deed::Mail { clear: false } => {
                drop(
                    app.mail(&format!(
                        "From: v{i}@example.nl\r\nSubject: Vraag\r\nMessage-ID: <v{i}@x>\r\n\r\nHoi\r\n"
                    ))
                    .await,
                );
            }
            Deed::Act { complaint, action } => {
                let (id, who, answers) = DEEDS[*action];
                let Some(found) = app.app.store.cases().candidate(ComplaintId(*complaint)).await.unwrap()
                else {
                    continue;
                };
                let input: BTreeMap<String, Value> =
                    answers.iter().map(|(k, v)| ((*k).to_owned(), Value::from(*v))).collect();
                // A refusal is an answer like another.
                drop(app.app.workflow.act(&found.intake_id, id, who, input, Via::CommandLine).await);
                app.app.turn().await.unwrap();
            }
            Deed::Lapse { days } => {
                day += days;
                app.clock.advance_to(at(START).plus_millis(day * 86_400_000));
            }
            Deed::Wait { days } => {
                day += days;
                let to = at(START).plus_millis(day * 86_400_000);
                while let Some(next) = app.app.workflow.next_due().await.unwrap().filter(|n| *n <= to) {
                    app.clock.advance_to(next);
                    app.app.turn().await.unwrap();
                }
                app.clock.advance_to(to);
                app.app.turn().await.unwrap();
            }
        }
    }
}

fn edited(edit: &Edit, app: &TestApp) -> Published {
    let mut files = RulesetSource::read(&repository().join("rules")).unwrap().files().clone();
    let Edit { file, from, to, .. } = edit;
    let text = files.get_mut(*file).unwrap();
    assert!(text.contains(from), "{file}: {from}");
    *text = text.replacen(from, to, 1);
    Published::load(RulesetSource::new(files), &app.app.settings).unwrap_or_else(|f| panic!("{}", f[0]))
}

/// One line per event; what was planned and what happened must be the same lines.
type Lines = Vec<String>;

async fn planned_and_done(
    deeds: &[Deed],
    edit: &Edit,
    adopt: bool,
) -> (BTreeMap<i64, Lines>, BTreeMap<i64, Lines>, Vec<String>) {
    let app = TestApp::start(START).await;
    play(&app, deeds).await;
    let workflow = &app.app.workflow;
    let candidate = Arc::new(edited(edit, &app));
    let hash = candidate.ruleset.hash().to_owned();
    let options = PlanOptions { adopt, ..PlanOptions::default() };
    let before = app.app.store.trail().events_after(0).await.unwrap().len();
    let plan = workflow.plan(Arc::clone(&candidate), options, &|_, _| {}).await.unwrap();
    assert_eq!(app.app.store.trail().events_after(0).await.unwrap().len(), before, "a plan does nothing");
    let planned: BTreeMap<i64, Lines> = plan
        .shown
        .iter()
        .map(|c| {
            (
                c.id.0,
                c.events
                    .iter()
                    .map(|e| format!("{} {:?} {} {}", e.kind, e.origin.source.name(), e.summary, e.data))
                    .collect(),
            )
        })
        .filter(|(_, lines): &(i64, Lines)| !lines.is_empty())
        .collect();
    let candidate = Arc::into_inner(candidate).unwrap();
    workflow
        .publishing()
        .publish(candidate, PublishOrder::new("kwaliteit@lagant.nl", "", Some(&plan)))
        .await
        .unwrap();
    workflow.tick().await.unwrap();
    let mut done: BTreeMap<i64, Lines> = BTreeMap::new();
    let mut messages = Vec::new();
    for event in app.app.store.trail().events_after(before as i64).await.unwrap() {
        if let Some(id) = event.complaint_id.filter(|_| event.ruleset == hash) {
            if event.kind == EventKind::Notified {
                messages.push(event.summary.clone());
            }
            done.entry(id.0)
                .or_default()
                .push(format!("{} {:?} {} {}", event.kind, event.rule, event.summary, event.data));
        }
    }
    (planned, done, messages)
}

fn fixed(lines: &BTreeMap<i64, Lines>) -> BTreeMap<i64, Lines> {
    // Numbers are given in the commit; a plan has the mark that stands for them.
    let fix = |l: &String| {
        let mut text = l.replace('\u{f8ff}', "NUMBER");
        for n in 1..10 {
            text = text
                .replace(&format!("K-2026-{n:04}"), "NUMBER")
                .replace(&format!("K-2027-{n:04}"), "NUMBER");
        }
        text
    };
    lines.iter().map(|(id, l)| (*id, l.iter().map(fix).collect())).collect()
}

#[tokio::test]
async fn what_each_edit_does_is_what_was_planned() {
    for edit in EDITS {
        for adopt in [false, true] {
            let (planned, done, _) = planned_and_done(edit.story, edit, adopt).await;
            assert_eq!(fixed(&planned), fixed(&done), "{} adopt {adopt}", edit.to);
            assert!(adopt || !planned.is_empty(), "it does something: {}", edit.to);
        }
    }
}

#[test]
fn what_was_planned_is_what_happens() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config {
        cases: 30,
        failure_persistence: None,
        max_shrink_iters: 50,
        ..Config::default()
    });
    let edits: Vec<&Edit> = EDITS.iter().chain([&RENAME]).collect();
    let outcome = runner.run(&(deeds(), 0..edits.len(), any::<bool>()), |(deeds, edit, adopt)| {
        let edit = edits[edit];
        let (planned, done, messages) = runtime.block_on(planned_and_done(&deeds, edit, adopt));
        prop_assert_eq!(fixed(&planned), fixed(&done), "{}", edit.to);
        // The new rule among the edits; what it says stands for what holds already.
        if adopt && edit.to.contains("term_expiring") {
            let is_quiet = messages.iter().all(|m| !m.starts_with("term_expiring to director"));
            prop_assert!(is_quiet, "adopted rules are quiet: {:?}", messages);
        }
        Ok(())
    });
    outcome.unwrap_or_else(|e| panic!("{e}"));
}

#[tokio::test]
async fn a_rule_with_a_new_name_is_planned_to_repeat_nothing() {
    let app = TestApp::start(START).await;
    play(&app, RENAME.story).await;
    let before = app.notified("I-2026-000002").await;
    assert!(before.contains(&"receiver triage_needed".to_owned()), "{before:?}");
    let candidate = Arc::new(edited(&RENAME, &app));
    let options = PlanOptions::default();
    let plan = app.app.workflow.plan(Arc::clone(&candidate), options, &|_, _| {}).await.unwrap();
    let renamed = plan.changes.renamed.iter().map(|(old, new)| (old.as_str(), new.as_str()));
    assert_eq!(renamed.collect::<Vec<_>>(), [(RENAME.from, RENAME.to)]);
    assert_eq!((plan.affected, plan.rescheduled, plan.is_silent()), (0, 0, true), "{plan:#?}");
    assert!(plan.rules.is_empty() && plan.shown.is_empty(), "{plan:#?}");
    let order = PublishOrder::new("kwaliteit@lagant.nl", "", Some(&plan));
    app.app.workflow.publishing().publish(candidate, order).await.unwrap();
    app.app.turn().await.unwrap();
    assert_eq!(app.notified("I-2026-000002").await, before);
}

/// Whoever else looks at the ruleset meanwhile changes nothing about it.
#[tokio::test]
async fn a_rule_with_a_new_name_repeats_nothing_while_its_ruleset_is_shared() {
    let app = TestApp::start(START).await;
    play(&app, RENAME.story).await;
    let before = app.notified("I-2026-000002").await;
    let candidate = edited(&RENAME, &app);
    let shared = Arc::clone(&candidate.ruleset);
    app.app.workflow.publishing().publish(candidate, BY_QUALITY).await.unwrap();
    app.app.turn().await.unwrap();
    assert_eq!(app.notified("I-2026-000002").await, before);
    drop(shared);
}

#[tokio::test]
async fn an_adopted_rule_fires_from_its_next_turning_true() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let rule = "rule \"Nieuw\" when complaint.state == \"in_treatment\" then { notify(\"director\", \"term_expiring\"); }\n";
    let mut files = RulesetSource::read(&repository().join("rules")).unwrap().files().clone();
    files.insert("95_new.rhai".to_owned(), rule.to_owned());
    let candidate = Arc::new(Published::load(RulesetSource::new(files), &app.app.settings).unwrap());
    let options = PlanOptions { adopt: true, ..PlanOptions::default() };
    let plan = app.app.workflow.plan(Arc::clone(&candidate), options, &|_, _| {}).await.unwrap();
    assert!(plan.is_silent() && plan.affected == 0, "{plan:?}");
    assert_eq!(
        (plan.rules["Nieuw"].adopted, plan.rules["Nieuw"].fires),
        (1, 0),
        "it holds, and is taken for fired"
    );
    let order = PublishOrder::new("kwaliteit@lagant.nl", "", Some(&plan));
    app.app.workflow.publishing().publish(candidate, order).await.unwrap();
    app.app.turn().await.unwrap();
    let told = |list: Vec<String>| list.iter().filter(|n| *n == "director term_expiring").count();
    assert_eq!(told(app.notified("K-2026-0001").await), 0);
    let ask: BTreeMap<String, Value> = [("questions".to_owned(), Value::from("x"))].into();
    app.app
        .workflow
        .act("K-2026-0001", "ask_information", "behandelaar@lagant.nl", ask, Via::CommandLine)
        .await
        .unwrap();
    app.until("2026-12-09 10:00").await;
    assert_eq!(told(app.notified("K-2026-0001").await), 1, "back in treatment: it turned true anew");
    app.mail(&clear_complaint("piet@example.nl", "b1")).await;
    assert_eq!(told(app.notified("K-2026-0002").await), 1, "a new complaint adopts nothing");
}

#[tokio::test]
async fn a_plan_looks_at_finished_complaints_when_asked() {
    let app = Builder::default().start("2026-11-23 10:00").await;
    app.mail("From: v@example.nl\r\nSubject: Vraag\r\nMessage-ID: <v@x>\r\n\r\nHoi\r\n").await;
    let act = async |action: &str, who: &str| {
        let input = if action == "dismiss" {
            [("reason".to_owned(), Value::from("x"))].into()
        } else {
            BTreeMap::new()
        };
        app.app.workflow.act("I-2026-000001", action, who, input, Via::CommandLine).await.unwrap();
    };
    act("dismiss", "ontvanger@lagant.nl").await;
    app.until("2027-03-01 10:00").await;
    act("anonymise", "directeur@lagant.nl").await;
    let source = RulesetSource::read(&repository().join("rules")).unwrap();
    let candidate = Arc::new(Published::load(source, &app.app.settings).unwrap());
    let plan = async |n: usize| {
        let options = PlanOptions { sample_closed: n, adopt: false };
        app.app.workflow.plan(Arc::clone(&candidate), options, &|_, _| {}).await.unwrap()
    };
    assert_eq!((plan(0).await.complaints, plan(0).await.closed), (0, 0));
    assert_eq!((plan(5).await.complaints, plan(5).await.closed), (0, 1));
}
