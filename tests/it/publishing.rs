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
    // The edit below is meant to contradict the scenarios; they are no part of this story.
    std::fs::remove_dir_all(rules.path().join("tests")).unwrap();
    let places = ["--clock", "2026-11-23T10:00:00+01:00", "--rules", rules.path().to_str().unwrap()];
    let run = |arguments: &[&str]| redress(&data, &[&places[..], arguments].concat());
    let error = |output: &std::process::Output| String::from_utf8(output.stderr.clone()).unwrap();
    assert!(run(&["intake", mail.to_str().unwrap()]).status.success());
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
    let order = ["--as", "kwaliteit@lagant.nl", "--reason", "een proef met een brief"];
    let publish = |plan: &str| run(&[&["rules", "publish", "--plan", plan], &order[..]].concat());
    let stale = publish(&digest(&planned));
    assert_eq!(stale.status.code(), Some(1));
    assert!(error(&stale).contains("affect 2 complaints and write to 2 complainants"), "{}", error(&stale));
    let planned = run(&["rules", "plan"]);
    let published = publish(&digest(&planned));
    assert!(stdout(&published).contains("is in force; "), "{}{}", stdout(&published), error(&published));
    let history = stdout(&run(&["rules", "history"]));
    assert!(history.contains("een proef met een brief") && history.contains("2 affected"), "{history}");
    // Back again: diff, restore with its own plan.
    let old = history.lines().last().unwrap().split_whitespace().next().unwrap().to_owned();
    let diff = stdout(&run(&["rules", "diff", &old]));
    assert!(diff.contains("+rule \"Nieuw\"") && diff.contains("rules/70_monitoring.rhai"), "{diff}");
    assert_eq!(stdout(&run(&["rules", "diff"])), "", "the folder is what is in force");
    let planned = run(&["rules", "restore", &old]);
    assert!(stdout(&planned).contains("gone     Nieuw"), "{}", stdout(&planned));
    let restore = ["rules", "restore", &old, "--plan", &digest(&planned)];
    assert!(error(&run(&restore)).contains("say who you are: --as EMAIL"), "{}", error(&run(&restore)));
    assert!(run(&[&restore, &order[..]].concat()).status.success());
    assert!(stdout(&run(&["rules", "diff"])).contains("+rule \"Nieuw\""), "the folder still has it");
    assert!(error(&run(&["rules", "restore", "ffff"])).contains("no ruleset ffff"));
}

const PEOPLE: &str = r#"
[[people]]
name = "Kwaliteit"
email = "kwaliteit@lagant.nl"
roles = ["quality_manager"]
[[people]]
name = "Tweede"
email = "tweede@lagant.nl"
roles = ["quality_manager"]
[[people]]
name = "Derde"
email = "derde@lagant.nl"
roles = ["employee"]
[[people]]
name = "Afwezige"
email = "afwezig@lagant.nl"
roles = ["quality_manager"]
deputy = "derde@lagant.nl"
[[people]]
name = "Behandelaar"
email = "behandelaar@lagant.nl"
roles = ["handler", "receiver", "director"]
[[people]]
name = "Integrator"
email = "integratie@lagant.nl"
roles = ["integrator"]
"#;

/// An installation with an edit of the rules folder that waits for somebody.
struct Waiting {
    folder: tempfile::TempDir,
    rules: tempfile::TempDir,
}

impl Waiting {
    fn new(config: &str) -> Self {
        let waiting = Self { folder: tempfile::tempdir().unwrap(), rules: rules_copy() };
        waiting.configure(config);
        // Who may publish what is no question of scenarios, and each publication would play them.
        std::fs::remove_dir_all(waiting.rules.path().join("tests")).unwrap();
        assert!(waiting.run(&["tick"]).status.success());
        edit(waiting.rules.path(), "00_terms.rhai", "const MIN_TEXT = 40;", "const MIN_TEXT = 41;");
        waiting
    }

    fn configure(&self, config: &str) {
        std::fs::write(self.folder.path().join("redress.toml"), config).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> std::process::Output {
        let config = self.folder.path().join("redress.toml");
        let (rules, config) = (self.rules.path().to_str().unwrap(), config.to_str().unwrap());
        let places = ["--clock", "2026-11-23T10:00:00+01:00", "--rules", rules, "--config", config];
        redress(&self.folder.path().join("data"), &[&places[..], arguments].concat())
    }

    /// Runs what must be refused, and returns why.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", stdout(&output));
        String::from_utf8(output.stderr).unwrap()
    }
}

const WHY: &str = "kortere berichten gaan ook vanzelf";

#[test]
fn only_a_quality_manager_puts_rules_in_force_and_says_why() {
    let waiting = Waiting::new(PEOPLE);
    let plan = digest(&waiting.run(&["rules", "plan"]));
    let history = |expected: usize| {
        let past = stdout(&waiting.run(&["--json", "rules", "history"]));
        let past: serde_json::Value = serde_json::from_str(&past).unwrap();
        assert_eq!(past.as_array().unwrap().len(), expected, "{past}");
    };
    let publish = ["rules", "publish", "--plan", &plan];
    for (who, remedy) in [
        (None, "say who you are: --as EMAIL; it is for the quality manager (kwaliteit@lagant.nl, tweede@"),
        (Some("wie@x.nl"), "wie@x.nl is not one of the people in redress.toml: give the address of somebody"),
        (Some("system"), "system is not one of the people in redress.toml"),
        (
            Some("integratie@lagant.nl"),
            "integratie@lagant.nl may not do this; it is for the quality manager (",
        ),
        (Some("behandelaar@lagant.nl"), "may not do this; it is for the quality manager ("),
        (Some("derde@lagant.nl"), "may not do this"),
    ] {
        let order: Vec<&str> = who.iter().flat_map(|who| ["--as", *who]).collect();
        let why = waiting.refused(&[&publish, &order[..], &["--reason", WHY]].concat());
        assert!(why.contains(remedy), "{who:?}: {why}");
    }
    for reason in ["", "x", "           ", "proefje  "] {
        let why =
            waiting.refused(&[&publish, &["--as", "kwaliteit@lagant.nl", "--reason", reason][..]].concat());
        assert!(why.contains("say why") && why.contains("--reason"), "{reason:?}: {why}");
    }
    history(1);
    // A deputy acts for who is absent, and for nobody else.
    let absent =
        PEOPLE.replace("deputy = \"derde@", "absent = [\"2026-11-20/2026-11-30\"]\ndeputy = \"derde@");
    waiting.configure(&absent);
    let order = ["--as", "Derde@Lagant.nl", "--reason", WHY];
    let published = waiting.run(&[&publish, &order[..]].concat());
    assert!(published.status.success(), "{}", String::from_utf8_lossy(&published.stderr));
    history(2);
    let past = stdout(&waiting.run(&["rules", "history"]));
    assert!(past.contains("derde@lagant.nl") && past.contains(WHY), "{past}");
    // Nobody has the role any more: the refusal says what is to be done.
    waiting.configure(&PEOPLE.replace("quality_manager", "employee"));
    let why = waiting.refused(&[&publish, &order[..]].concat());
    assert!(
        why.contains("nobody is: give somebody in redress.toml") && why.contains("quality_manager"),
        "{why}"
    );
}

/// The procedure in force says who may, not the one that is to come.
#[test]
fn an_edit_lets_nobody_in_by_itself() {
    let waiting = Waiting::new(PEOPLE);
    let key = "rules_published_by = \"quality_manager\"";
    edit(waiting.rules.path(), "procedure.toml", key, "rules_published_by = \"integrator\"");
    let plan = digest(&waiting.run(&["rules", "plan"]));
    let publish =
        |who: &str| waiting.run(&["rules", "publish", "--plan", &plan, "--as", who, "--reason", WHY]);
    assert_eq!(publish("integratie@lagant.nl").status.code(), Some(1));
    let published = publish("kwaliteit@lagant.nl");
    assert!(published.status.success(), "{}", String::from_utf8_lossy(&published.stderr));
    edit(waiting.rules.path(), "00_terms.rhai", "const MIN_TEXT = 41;", "const MIN_TEXT = 42;");
    let plan = digest(&waiting.run(&["rules", "plan"]));
    let publish =
        |who: &str| waiting.run(&["rules", "publish", "--plan", &plan, "--as", who, "--reason", WHY]);
    assert_eq!(publish("kwaliteit@lagant.nl").status.code(), Some(1));
    assert!(publish("integratie@lagant.nl").status.success());
}

#[test]
fn four_eyes_need_a_second_quality_managers_approval() {
    let waiting = Waiting::new(&format!("[rules]\nfour_eyes = true\n{PEOPLE}"));
    let plan = digest(&waiting.run(&["rules", "plan"]));
    let publish = ["rules", "publish", "--plan", &plan, "--as", "kwaliteit@lagant.nl", "--reason", WHY];
    let run = |who: &str| {
        waiting.run(&["rules", "approve", &plan, "--as", who, "--reason", "nagelezen en akkoord"])
    };
    let why = waiting.refused(&publish);
    assert!(why.contains("somebody other than kwaliteit@lagant.nl who is quality manager"), "{why}");
    assert!(why.contains("(tweede@lagant.nl, afwezig@lagant.nl)"), "{why}");
    for who in ["integratie@lagant.nl", "behandelaar@lagant.nl", "wie@x.nl"] {
        assert_eq!(run(who).status.code(), Some(1), "{who}");
    }
    let why = waiting.refused(&["rules", "approve", &plan, "--as", "tweede@lagant.nl", "--reason", "ok"]);
    assert!(why.contains("say why"), "{why}");
    assert!(run("kwaliteit@lagant.nl").status.success());
    assert_eq!(waiting.run(&publish).status.code(), Some(1), "not one's own approval");
    assert!(run("tweede@lagant.nl").status.success());
    // Who approved and is no quality manager any more has not approved.
    let four_eyes = |people: &str| format!("[rules]\nfour_eyes = true\n{people}");
    let demoted = "email = \"tweede@lagant.nl\"\nroles = [\"employee\"]";
    let people = PEOPLE.replace("email = \"tweede@lagant.nl\"\nroles = [\"quality_manager\"]", demoted);
    waiting.configure(&four_eyes(&people));
    assert_eq!(waiting.run(&publish).status.code(), Some(1));
    waiting.configure(&four_eyes(PEOPLE));
    let published = waiting.run(&publish);
    assert!(published.status.success(), "{}", String::from_utf8_lossy(&published.stderr));
    // Alone, nobody can: the refusal says what is to be done.
    let alone = four_eyes(&people.replace(
        "\"afwezig@lagant.nl\"\nroles = [\"quality_manager\"]",
        "\"afwezig@lagant.nl\"\nroles = [\"employee\"]",
    ));
    waiting.configure(&alone);
    edit(waiting.rules.path(), "00_terms.rhai", "const MIN_TEXT = 41;", "const MIN_TEXT = 42;");
    let plan = digest(&waiting.run(&["rules", "plan"]));
    let why = waiting.refused(&[
        "rules",
        "publish",
        "--plan",
        &plan,
        "--as",
        "kwaliteit@lagant.nl",
        "--reason",
        WHY,
    ]);
    assert!(why.contains("nobody else has that role; give it to a second person"), "{why}");
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
        matches!(consider().await, Saved::Failing(names) if names.contains(&"De klager is niet te bereiken".to_owned()))
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
