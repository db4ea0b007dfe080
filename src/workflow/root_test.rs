//! A message that cannot be rendered is a fault of the rule at its root: the decision is what it would be
//! without that rule, and the fault is recorded (docs/semantics.md 4.4). Rulesets are generated; a seeded
//! mistake proves that the test can fail.

use super::prepare::{Job, Prepared, prepare};
use super::renderer::Renderer;
use super::{Outgoing, Published, Router};
use crate::calendar::Moment;
use crate::complaint::{Case, Complaint, ComplaintId, EventKind, FaultKind, IntakeId, Party, RuleName};
use crate::config::Settings;
use crate::rules::mutants::{ACTIVE, Mutant};
use crate::rules::{RulesetSource, Trigger, unobserved};
use crate::store::{AuditKey, Commit, NewDelivery};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) const PROCEDURE: &str = r#"
initial = "a"
faults_to = "h"
name = { nl = "proef", en = "trial" }
states.a = { nl = "a", en = "a", phase = "p", open = true }
states.b = { nl = "b", en = "b", phase = "p", open = true }
roles.h = { nl = "h", en = "h" }
deadlines.d = { nl = "d", en = "d", side = "own", mandatory = true, alarms = ["h"] }
flags.f1 = { nl = "f1", en = "f1" }
flags.f2 = { nl = "f2", en = "f2" }
counters.c = { nl = "c", en = "c" }
"#;

/// Renders with what the trial at load hands it, and not with what the scripts hand it.
const BAD: &str = "---\nsubject: s\n---\n{% if data.x != 'x' %}{{ 1 // 0 }}{% endif %}\n";
const GOOD: &str = "---\nsubject: s\n---\n{{ complaint.reference }}\n";

/// Goes nowhere.
#[derive(Debug)]
pub(super) struct Nowhere;

impl Router for Nowhere {
    fn deliveries(&self, _: &Outgoing) -> Vec<NewDelivery> {
        Vec::new()
    }

    fn gatherers(&self, _: &Outgoing) -> Vec<String> {
        Vec::new()
    }

    fn takes_events(&self) -> bool {
        false
    }
}

/// SplitMix64: a fixed seed gives a fixed case, on every machine.
pub(super) struct Dice(pub u64);

impl Dice {
    /// Returns a number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[(self.next() % from.len() as u64) as usize]
    }

    fn effect(&mut self) -> &'static str {
        self.pick(&[
            "notify(\"h\", \"good\"); ",
            "notify(\"h\", \"bad\", #{ x: complaint.subject }); ",
            "complaint.flags.f1 = true; ",
            "complaint.flags.f2 = true; ",
            "complaint.counters.c += 1; ",
            "enter(\"b\"); ",
            "deadline(\"d\", now + hours(3), \"h\"); ",
        ])
    }

    fn script(&mut self) -> String {
        let mut script = String::new();
        for i in 0..4 {
            let condition = self.pick(&[
                "complaint.is_open",
                "complaint.state == \"b\"",
                "complaint.flags.f1",
                "complaint.counters.c > 0",
                "now >= complaint.received_at",
            ]);
            let action = format!("perform(\"a{i}\", #{{}});");
            let then = format!("{}{}", self.effect(), self.pick(&["", &action, &action]));
            script.push_str(&format!("rule \"r{i}\" when {condition} then {{ {then} }}\n"));
            let does = format!("{}{}", self.effect(), self.effect());
            script.push_str(&format!(
                "action a{i} \"a\" by [\"h\"] when complaint.is_open then {{ {does} }}\n"
            ));
        }
        script
    }
}

pub(super) fn source(script: &str) -> RulesetSource {
    let files = [
        ("procedure.toml", PROCEDURE),
        ("10.rhai", script),
        ("messages/nl/good.md", GOOD),
        ("messages/en/good.md", GOOD),
        ("messages/nl/bad.md", BAD),
        ("messages/en/bad.md", BAD),
    ];
    let named = files.into_iter().map(|(n, t)| (n.to_owned(), t.to_owned()));
    RulesetSource::new(named.collect::<BTreeMap<_, _>>())
}

/// Decides about a new complaint as if some rules were not there.
fn decided(script: &str, settings: &Arc<Settings>, left_out: &BTreeSet<RuleName>) -> Commit {
    let is_left_out = |name: &str| left_out.iter().any(|rule| *rule == name);
    let published = Published::load_without(source(script), settings, &is_left_out);
    let published = Arc::new(published.unwrap_or_else(|found| panic!("{script}\n{}", found[0])));
    let (settings, key) = (Arc::clone(settings), AuditKey::new(b"k"));
    let renderer = Renderer { published, settings, router: Arc::new(Nowhere), key };
    let now = Moment::from_millis(1_800_000_000_000);
    let party = Party { name: "K".to_owned(), email: "k@example.nl".to_owned() };
    let complaint =
        Complaint::received(IntakeId::new(2026, 1), "a".into(), "onderwerp".to_owned(), party, now);
    let case = Case::new(ComplaintId(1), complaint);
    let job = Job::of(renderer.published.input(case, Trigger::Due, now));
    match prepare(&renderer, &[job], unobserved()).pop() {
        Some(Prepared::Commit(commit, _)) => *commit,
        other => panic!("{script}\n{other:?}"),
    }
}

/// Returns what happened, but for faults.
fn happened(commit: &Commit) -> Vec<String> {
    let is_fault = |kind: EventKind| kind == EventKind::Faulted;
    let events = commit.events.iter().filter(|e| !is_fault(e.kind));
    let events = events.map(|e| format!("{} {} {}", e.kind, e.origin.source, e.summary));
    events.chain(commit.notifications.iter().map(|n| format!("{} by {}", n.message, n.source))).collect()
}

/// Returns what is wrong with this seed's ruleset, if anything, and whether a message failed in it.
fn violation(seed: u64, mistake: Option<Mutant>) -> (Option<String>, bool) {
    let settings = Arc::new(Settings::parse("", "redress.toml").expect("settings"));
    let script = Dice(seed).script();
    ACTIVE.set(mistake);
    let commit = decided(&script, &settings, &BTreeSet::new());
    ACTIVE.set(None);
    let faults = commit.case.faults.iter().filter(|f| f.kind == FaultKind::Message);
    let failed: BTreeSet<RuleName> = faults.filter_map(|f| f.source.rule().cloned()).collect();
    let expected = happened(&decided(&script, &settings, &failed));
    let got = happened(&commit);
    let wrong =
        (got != expected).then(|| format!("{script}\nwithout {failed:?}\n{got:#?}\nexpected {expected:#?}"));
    (wrong, !failed.is_empty())
}

#[test]
fn a_decision_is_what_it_would_be_without_the_rule_at_fault() {
    let mut failed = 0;
    for seed in 0..120 {
        let (wrong, has_failed) = violation(seed, None);
        assert_eq!(wrong, None, "seed {seed}");
        failed += usize::from(has_failed);
    }
    assert!(failed > 40, "only {failed} rulesets sent a message that cannot be rendered");
}

#[test]
fn leaving_out_by_the_name_of_the_action_is_found() {
    let found = (0..500).find(|seed| violation(*seed, Some(Mutant::ExcludedByAction)).0.is_some());
    assert!(found.is_some(), "it goes unnoticed");
}
