//! Who has heard of a breach hears of it no more, by whatever name he was told (docs/semantics.md 3.3).

use super::World;
use crate::config::Settings;
use crate::rules::scenario::{MailSketch, Stage};
use crate::rules::{MAIL_MESSAGE, RulesetSource, unobserved};
use crate::workflow::Published;
use std::sync::Arc;

const PEOPLE: &str = r#"
[[people]]
name = "Hanna"
email = "h@test.example"
roles = ["h", "both"]

[[people]]
name = "Karel"
email = "k@test.example"
roles = ["k", "both"]
"#;

const PROCEDURE: &str = r#"
initial = "a"
faults_to = "h"
name = { nl = "proef", en = "trial" }
states.a = { nl = "a", en = "a", phase = "p", open = true }
states.b = { nl = "b", en = "b", phase = "p", open = true }
roles.h = { nl = "h", en = "h" }
roles.k = { nl = "k", en = "k" }
roles.both = { nl = "both", en = "both" }
deadlines.d = { nl = "d", en = "d", side = "own", mandatory = true, alarms = ["h", "both"] }
"#;

/// Returns who was told of a breach: `recipient message: addresses`.
fn told(effects: &str) -> Vec<String> {
    let script = format!(
        "rule \"arm\" when complaint.state == \"a\" then {{ deadline(\"d\", now + days(1), \"h\"); complaint.responsible = \"h@test.example\"; enter(\"b\"); }}\n\
         rule \"laat\" when overdue(\"d\") then {{ {effects} }}\n"
    );
    let text = "---\nsubject: s\n---\nt\n";
    let files = [
        ("procedure.toml", PROCEDURE),
        ("10.rhai", &script),
        ("messages/nl/m.md", text),
        ("messages/en/m.md", text),
    ];
    let files = files.into_iter().map(|(n, t)| (n.to_owned(), t.to_owned())).collect();
    let settings = Arc::new(Settings::parse(PEOPLE, "redress.toml").expect("settings"));
    let published = Published::load(RulesetSource::new(files), &settings);
    let published = Arc::new(published.unwrap_or_else(|found| panic!("{}", found[0])));
    let mut world = World::new(published, settings, Arc::clone(unobserved()));
    let from = "jan@example.nl".to_owned();
    world.mail(MailSketch { from, subject: "s".to_owned(), ..MailSketch::default() }).expect("taken in");
    world.until("2026-11-04 10:00").expect("goes on");
    // That the mail came is told by the engine too, and is another matter.
    let sent = world.players[0].sent.iter().filter(|m| m.message != MAIL_MESSAGE);
    sent.map(|m| format!("{} {}: {}", m.recipient, m.message, m.addresses.join(" "))).collect()
}

#[test]
fn the_engine_tells_each_person_once() {
    assert_eq!(
        told("remark(\"x\");"),
        ["h deadline_breached: h@test.example", "both deadline_breached: k@test.example"]
    );
}

#[test]
fn whom_a_rule_told_by_another_name_is_not_told_again() {
    for to in ["responsible", "h@test.example", "h"] {
        assert_eq!(
            told(&format!("notify(\"{to}\", \"m\");")),
            [format!("{to} m: h@test.example"), "both deadline_breached: k@test.example".to_owned()]
        );
    }
    assert_eq!(told("notify(\"both\", \"m\");"), ["both m: h@test.example k@test.example"]);
}

#[test]
fn whom_a_rule_could_not_reach_is_told() {
    assert_eq!(
        told("complaint.responsible = (); notify(\"responsible\", \"m\");"),
        ["responsible m: ", "h deadline_breached: h@test.example", "both deadline_breached: k@test.example"]
    );
}
