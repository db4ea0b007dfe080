//! What is planned is what happens, also where rules only changed their name. A seeded mistake proves that
//! the test can fail.

use super::root_test::{Dice, Nowhere, source};
use super::{PlanOptions, PublishOrder, Published, Workflow};
use crate::calendar::Moment;
use crate::clock::{Clock, VirtualClock};
use crate::complaint::{Complaint, ComplaintId, EventKind, Party, StoredTrigger};
use crate::config::Settings;
use crate::rules::mutants::{ACTIVE, Mutant};
use crate::store::{AuditKey, NewMail, Store};
use std::sync::Arc;

const NOW: i64 = 1_800_000_000_000;

/// Four rules, some of which hold for a new complaint.
fn rules(dice: &mut Dice) -> Vec<(String, String)> {
    let rule = |i: usize, dice: &mut Dice| {
        let condition = dice.pick(&["complaint.is_open", "complaint.flags.f1", "complaint.state == \"a\""]);
        let then = dice.pick(&[
            "notify(\"h\", \"good\");",
            "complaint.flags.f1 = true;",
            "complaint.counters.c += 1;",
        ]);
        (format!("r{i}"), format!("when {condition} then {{ {then} }}"))
    };
    (0..4).map(|i| rule(i, dice)).collect()
}

/// Renames some, changes some, adds one.
fn edited(mut rules: Vec<(String, String)>, dice: &mut Dice) -> Vec<(String, String)> {
    for (name, body) in &mut rules {
        match dice.pick(&["keep", "keep", "rename", "change"]) {
            "rename" => *name = format!("{name} anders"),
            "change" => *body = body.replace("complaint.is_open", "complaint.is_open && true"),
            _ => {}
        }
    }
    rules.push(("nieuw".to_owned(), "when complaint.flags.f1 then { notify(\"h\", \"good\"); }".to_owned()));
    rules
}

fn published(rules: &[(String, String)], settings: &Settings) -> Published {
    let script: String = rules.iter().map(|(name, body)| format!("rule \"{name}\" {body}\n")).collect();
    Published::load(source(&script), settings).unwrap_or_else(|found| panic!("{script}\n{}", found[0]))
}

async fn workflow(folder: &std::path::Path, first: Published, settings: Arc<Settings>) -> Workflow {
    let clock = VirtualClock::new(Moment::from_millis(NOW));
    let url = format!("sqlite:{}", folder.join("t.db").display());
    let store = Store::open(&url, Arc::clone(&settings.calendar), AuditKey::new(b"k")).await.expect("opens");
    let order = PublishOrder { by: "system", reason: "", plan: None };
    first.publish(&store, clock.now(), &order).await.expect("publishes");
    Workflow::new(store, Arc::new(clock), settings, first, Arc::new(Nowhere))
}

async fn complaint(workflow: &Workflow) -> ComplaintId {
    let at = Moment::from_millis(NOW);
    let mail = NewMail {
        received_at: at,
        source: "test".to_owned(),
        kind: crate::complaint::MailKind::Complaint,
        message_id: "m1".to_owned(),
        body_hash: "h".to_owned(),
        sender: "k@example.nl".to_owned(),
        subject: "onderwerp".to_owned(),
        body: "tekst".to_owned(),
        attachments: Vec::new(),
        remarks: Vec::new(),
        history_at: None,
        raw: Vec::new(),
        cursor: None,
    };
    let party = Party { name: "K".to_owned(), email: "k@example.nl".to_owned() };
    let trigger = StoredTrigger::Received { by: party.email.clone() }.to_json();
    let make = |intake| Complaint::received(intake, "a".into(), "onderwerp".to_owned(), party, at);
    let opened = workflow.store.mails().open_complaint(mail, &trigger, at, make).await.expect("opens");
    workflow.tick().await.expect("ticks");
    opened.expect("it is new").0
}

/// What is wrong with the plan of this seed's edit, if anything, and whether the edit renames a rule that has
/// fired.
async fn violation(seed: u64, mistake: Option<Mutant>) -> (Option<String>, bool) {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Arc::new(Settings::parse("", "redress.toml").expect("settings"));
    let mut dice = Dice(seed);
    let before = rules(&mut dice);
    let candidate = Arc::new(published(&edited(before.clone(), &mut dice), &settings));
    let workflow = workflow(folder.path(), published(&before, &settings), Arc::clone(&settings)).await;
    let id = complaint(&workflow).await;
    ACTIVE.set(mistake);
    let plan =
        workflow.plan(Arc::clone(&candidate), PlanOptions::default(), &|_, _| {}).await.expect("plans");
    ACTIVE.set(None);
    let seen = workflow.store.trail().events(id).await.expect("reads").len();
    let latched = workflow.store.cases().load(&[id]).await.expect("reads").remove(0).latches;
    let order = PublishOrder { by: "system", reason: "", plan: Some(&plan) };
    let renames = workflow.publishing().publish(candidate, order).await.expect("publishes");
    workflow.tick().await.expect("ticks");
    let happened: Vec<String> = workflow.store.trail().events(id).await.expect("reads")[seen..]
        .iter()
        .filter(|e| e.kind != EventKind::RulesetPublished)
        .map(|e| format!("{} {} {}", e.kind, e.source(), e.summary))
        .collect();
    let planned = plan.shown.iter().flat_map(|c| &c.events);
    let planned: Vec<String> =
        planned.map(|e| format!("{} {} {}", e.kind, e.origin.source, e.summary)).collect();
    let is_telling = renames.iter().any(|(old, _)| latched.iter().any(|latch| latch.rule == *old));
    let wrong = (planned != happened).then(|| format!("planned {planned:#?}\nhappened {happened:#?}"));
    (wrong, is_telling)
}

#[tokio::test]
async fn what_is_planned_is_what_happens() {
    let mut telling = 0;
    for seed in 0..25 {
        let (wrong, is_telling) = violation(seed, None).await;
        assert_eq!(wrong, None, "seed {seed}");
        telling += usize::from(is_telling);
    }
    assert!(telling > 5, "only {telling} edits rename a rule that has fired");
}

#[tokio::test]
async fn a_plan_that_knows_no_renames_is_found() {
    for seed in 0..100 {
        if violation(seed, Some(Mutant::PlanWithoutRenames)).await.0.is_some() {
            return;
        }
    }
    panic!("it goes unnoticed");
}
