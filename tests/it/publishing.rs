//! Publishing: it needs the plan that was looked at, and the approval of somebody else where that is asked; what is saved
//! is in force by itself only when it says nothing.

use crate::cli::{redress, stdout};
use crate::support::{Builder, clear_complaint, rules_copy};
use redress::rules::RulesFolder;
use redress::workflow::Saved;
use std::path::Path;

fn edit(rules: &Path, file: &str, from: &str, to: &str) {
    let path = rules.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file}: {from}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

/// The digest that a plan printed.
fn digest(output: &std::process::Output) -> String {
    let text = stdout(output);
    let line = text.lines().find(|l| l.starts_with("plan ")).unwrap_or_else(|| panic!("{text}"));
    line.trim_start_matches("plan ").to_owned()
}

#[test]
fn publishing_needs_the_plan_that_was_looked_at_and_history_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mail = folder.path().join("a.eml");
    std::fs::write(&mail, clear_complaint("jan@example.nl", "a1")).unwrap();
    let rules = rules_copy();
    let places = ["--clock", "2026-11-23T10:00:00+01:00", "--rules", rules.path().to_str().unwrap()];
    let run = |arguments: &[&str]| redress(&data, &[&places[..], arguments].concat());
    let error = |output: &std::process::Output| String::from_utf8(output.stderr.clone()).unwrap();
    assert!(run(&["intake", mail.to_str().unwrap()]).status.success());
    // The edit below is meant to contradict the scenarios; they are no part of this story.
    std::fs::remove_dir_all(rules.path().join("tests")).unwrap();
    let first = stdout(&run(&["rules", "history"]));
    assert!(first.contains("first start") && first.contains("in force"), "{first}");
    edit(
        rules.path(),
        "70_monitoring.rhai",
        "// Step 8",
        "rule \"Nieuw\" when complaint.is_open then { notify(\"complainant\", \"withdrawn\"); }\n// Step 8",
    );
    let refused = run(&["rules", "publish"]);
    assert!(error(&refused).contains("look at the plan first"), "{}", error(&refused));
    let planned = run(&["rules", "plan"]);
    let text = stdout(&planned);
    assert!(
        text.contains("would write to 1 complainant at once") && text.contains("new      Nieuw"),
        "{text}"
    );
    // Another complaint comes in: the plan is another one.
    let second = folder.path().join("b.eml");
    std::fs::write(&second, clear_complaint("piet@example.nl", "b1")).unwrap();
    assert!(run(&["intake", second.to_str().unwrap()]).status.success());
    let stale = run(&["rules", "publish", "--plan", &digest(&planned)]);
    assert_eq!(stale.status.code(), Some(1));
    assert!(error(&stale).contains("affect 2 complaints and write to 2 complainants"), "{}", error(&stale));
    let planned = run(&["rules", "plan"]);
    let published = run(&[
        "rules",
        "publish",
        "--plan",
        &digest(&planned),
        "--reason",
        "proef",
        "--as",
        "kwaliteit@lagant.nl",
    ]);
    assert!(stdout(&published).contains("is in force; "), "{}{}", stdout(&published), error(&published));
    let history = stdout(&run(&["rules", "history"]));
    assert!(history.contains("proef") && history.contains("2 affected"), "{history}");
    // Back again: diff, restore with its own plan.
    let old = history.lines().last().unwrap().split_whitespace().next().unwrap().to_owned();
    let diff = stdout(&run(&["rules", "diff", &old]));
    assert!(diff.contains("+rule \"Nieuw\"") && diff.contains("rules/70_monitoring.rhai"), "{diff}");
    assert_eq!(stdout(&run(&["rules", "diff"])), "", "the folder is what is in force");
    let planned = run(&["rules", "restore", &old]);
    assert!(stdout(&planned).contains("gone     Nieuw"), "{}", stdout(&planned));
    assert!(
        run(&["rules", "restore", &old, "--plan", &digest(&planned), "--reason", "terug"]).status.success()
    );
    assert!(stdout(&run(&["rules", "diff"])).contains("+rule \"Nieuw\""), "the folder still has it");
    assert!(error(&run(&["rules", "restore", "ffff"])).contains("no ruleset ffff"));
}

#[test]
fn four_eyes_need_somebody_elses_approval() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let config = folder.path().join("redress.toml");
    std::fs::write(&config, "[rules]\nfour_eyes = true\n").unwrap();
    let rules = rules_copy();
    let places = [
        "--clock",
        "2026-11-23T10:00:00+01:00",
        "--rules",
        rules.path().to_str().unwrap(),
        "--config",
        config.to_str().unwrap(),
    ];
    let run = |arguments: &[&str]| redress(&data, &[&places[..], arguments].concat());
    assert!(run(&["tick"]).status.success());
    edit(rules.path(), "00_terms.rhai", "const MIN_TEXT = 40;", "const MIN_TEXT = 41;");
    let planned = digest(&run(&["rules", "plan"]));
    let publish = |who: &str| run(&["rules", "publish", "--plan", &planned, "--as", who]);
    assert_eq!(publish("kwaliteit@lagant.nl").status.code(), Some(1));
    assert!(run(&["rules", "approve", &planned, "--as", "kwaliteit@lagant.nl"]).status.success());
    assert_eq!(publish("kwaliteit@lagant.nl").status.code(), Some(1), "not one's own approval");
    assert!(publish("directeur@lagant.nl").status.success());
    assert_eq!(run(&["rules", "approve", &planned, "--as", "wie@x.nl"]).status.code(), Some(1));
}

#[tokio::test]
async fn a_saved_edit_is_in_force_by_itself_only_when_it_says_nothing() {
    let rules = rules_copy();
    let app = Builder::default().rules(rules.path()).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let consider = async || app.app.workflow.consider_saved(RulesFolder::read(rules.path())).await.unwrap();
    assert!(matches!(consider().await, Saved::Unchanged));
    edit(rules.path(), "00_terms.rhai", "const MIN_TEXT = 40;", "const MIN_TEXT = 38;");
    assert!(matches!(consider().await, Saved::Published(_)));
    assert!(matches!(consider().await, Saved::Unchanged));
    edit(rules.path(), "00_terms.rhai", "const INFO_TERM = days(14);", "const INFO_TERM = days(7);");
    assert!(
        matches!(consider().await, Saved::Failing(names) if names.contains(&"Informatie gevraagd en gekregen".to_owned()))
    );
    edit(rules.path(), "00_terms.rhai", "const INFO_TERM = days(7);", "const INFO_TERM = dagen(14);");
    assert!(matches!(consider().await, Saved::Broken(_)));
    edit(rules.path(), "00_terms.rhai", "const INFO_TERM = dagen(14);", "const INFO_TERM = days(14);");
    std::fs::remove_dir_all(rules.path().join("tests")).unwrap();
    edit(
        rules.path(),
        "70_monitoring.rhai",
        "// Step 8",
        "rule \"Nieuw\" when complaint.is_open then { notify(\"director\", \"legal_alert\"); }\n// Step 8",
    );
    assert!(matches!(consider().await, Saved::Waits(plan) if plan.affected == 1));
    let before = app.app.store.register().notices().await.unwrap().len();
    drop(consider().await);
    assert_eq!(app.app.store.register().notices().await.unwrap().len(), before, "told once");
}
