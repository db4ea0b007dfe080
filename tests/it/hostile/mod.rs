//! Hostile scripts: every class, in generated variants, is refused at load or stopped within its limits, and costs
//! only its own rule for its own complaint.

mod binary;
mod scripts;
mod store;
mod templates;

use crate::support::{amsterdam, at};
use redress::complaint::{Case, Complaint, ComplaintId, IntakeId, Language, Party, State, Via};
use redress::rules::{Input, Outcome, Ruleset, RulesetSource, Trigger, decide, unobserved};
use scripts::CLASSES;
use std::fmt::Write;
use std::sync::Arc;

const PROCEDURE: &str = r#"
initial = "a"
faults_to = "h"
name = { nl = "n", en = "n" }
states.a = { nl = "n", en = "n", phase = "p", open = true }
states.b = { nl = "n", en = "n", phase = "p" }
roles.h = { nl = "n", en = "n" }
deadlines.d = { nl = "n", en = "n", side = "own", mandatory = true, alarms = ["h"] }
flags.f = { nl = "n", en = "n" }
counters.c = { nl = "n", en = "n" }
measures.open = { nl = "n", en = "n" }
"#;

/// What happened to a script.
#[derive(Debug, PartialEq)]
enum Fate {
    /// It never loads; the first mistake.
    Refused(String),
    /// It loads, its rule fails, the others do what they do; where the fault is, and what it says.
    Contained(String),
    /// It loads and does nothing bad.
    Harmless,
}

impl std::fmt::Display for Fate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(why) => write!(f, "refused: {}", why.replace('\n', " ")),
            Self::Contained(why) => write!(f, "contained: {}", why.replace('\n', " ")),
            Self::Harmless => f.write_str("harmless"),
        }
    }
}

/// Loads a hostile rule beside an honest one, and decides.
fn fate(hostile: &str) -> Fate {
    let script = format!(
        "{hostile}\nrule \"eerlijk\" when complaint.state == \"a\" then {{ complaint.flags.f = true; deadline(\"d\", now + days(1), \"h\"); notify(\"h\", \"m\"); }}\n"
    );
    let files = [
        ("procedure.toml", PROCEDURE),
        ("10.rhai", &script),
        ("messages/nl/m.md", ""),
        ("messages/en/m.md", ""),
    ];
    let files = files.into_iter().map(|(n, t)| (n.to_owned(), t.to_owned())).collect();
    let ruleset = match Ruleset::load(RulesetSource::new(files), Default::default()) {
        Ok(ruleset) => Arc::new(ruleset),
        Err(found) => return Fate::Refused(found[0].in_language(Language::English)),
    };
    let now = at("2026-11-23 10:00");
    let party = Party { name: "K".to_owned(), email: "k@example.nl".to_owned() };
    let complaint = Complaint::received(IntakeId::new(2026, 1), State::from("a"), "s".to_owned(), party, now);
    let mut case = Case::new(ComplaintId(1), complaint);
    case.text = Some("tekst".into());
    let trigger = Trigger::Received { by: "k".to_owned(), via: Via::Scenario };
    let input = Input::new(case, trigger, now);
    let Outcome::Decided(decision) = decide(&ruleset, &Arc::new(amsterdam()), input, unobserved()) else {
        panic!("a hostile rule sank the decision: {hostile}");
    };
    assert!(decision.case.complaint.flags.contains("f"), "the honest rule fired: {hostile}");
    assert!(decision.case.armed("d").is_some(), "its term runs: {hostile}");
    let honest = decision.notifications.iter().filter(|n| n.source.name() == Some("eerlijk")).count();
    assert_eq!(honest, 1, "{hostile}");
    // Of rules that turn each other on each is named.
    assert!(decision.new_faults.len() <= hostile.matches("rule \"").count().max(3), "{hostile}");
    assert!(
        decision.new_faults.iter().all(|f| f.source.name() != Some("eerlijk")),
        "{hostile}: {:?}",
        decision.new_faults
    );
    match decision.new_faults.first() {
        Some(fault) => Fate::Contained(format!("{}: {}", fault.place, fault.text)),
        None => Fate::Harmless,
    }
}

/// Classes that are nothing bad.
const HARMLESS: &[&str] = &["return in a body"];

#[test]
fn every_class_of_hostile_script_is_contained() {
    let mut report = String::new();
    for (name, variant) in CLASSES {
        writeln!(report, "{name}").unwrap();
        let mut last = String::new();
        for size in [1, 2, 3, 7] {
            let fate = fate(&variant(size));
            let is_harmless = HARMLESS.contains(name);
            assert_eq!(fate == Fate::Harmless, is_harmless, "{name} ({size}):\n{}", variant(size));
            let why = fate.to_string();
            if why != last {
                writeln!(report, "  {size}: {why}").unwrap();
            }
            last = why;
        }
    }
    // Why each is refused or fails, where its size makes a difference more than once: another reason shows here.
    insta::assert_snapshot!("fates", report);
}

/// Resident memory in bytes.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = statm.split_whitespace().nth(1).unwrap().parse().unwrap();
    pages * 4096
}

/// Other tests use memory too, so this one runs alone in a process of its own.
#[test]
fn memory_stays_flat() {
    if std::env::var_os("REDRESS_ALONE").is_none() {
        let alone = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "hostile::memory_stays_flat", "--nocapture"])
            .env("REDRESS_ALONE", "1")
            .output()
            .unwrap();
        assert!(alone.status.success(), "{}", String::from_utf8_lossy(&alone.stderr));
        return;
    }
    let growing = [
        "string growth by doubling",
        "array growth",
        "array doubling",
        "nested containers",
        "map growth by property",
        "direct recursion",
    ];
    let classes: Vec<_> = CLASSES.iter().filter(|(name, _)| growing.contains(name)).collect();
    assert_eq!(classes.len(), growing.len());
    let round = || classes.iter().for_each(|(_, variant)| drop(fate(&variant(3))));
    round();
    let before = resident();
    (0..20).for_each(|_| round());
    let grown = resident().saturating_sub(before) >> 20;
    assert!(grown < 16, "{grown} MiB");
}
