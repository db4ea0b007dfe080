//! The real binary: what it prints, how it exits, what it refuses.

use crate::support::{clear_complaint, repository, shipped_untried};
use std::path::Path;
use std::process::{Command, Output, Stdio};

pub fn redress(data: &Path, arguments: &[&str]) -> Output {
    redress_with(data, arguments, "")
}

fn redress_with(data: &Path, arguments: &[&str], input: &str) -> Output {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_redress"))
        .current_dir(if arguments.contains(&"rules") { repository() } else { shipped_untried().to_owned() })
        .arg("--data")
        .arg(data)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    assert!(output.status.success(), "{}", stderr(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

const CLOCK: [&str; 2] = ["--clock", "2026-11-23T10:00:00+01:00"];

#[test]
fn a_complaint_from_intake_to_show() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let taken = json(&redress_with(
        &data,
        &[CLOCK[0], CLOCK[1], "--json", "intake", "-"],
        &clear_complaint("jan@example.nl", "a1"),
    ));
    assert_eq!(
        taken,
        serde_json::json!([{"source": "stdin", "outcome": "complaint", "intake_id": "I-2026-000001", "number": "K-2026-0001"}])
    );
    let listed = json(&redress(&data, &["--json", "list"]));
    insta::assert_json_snapshot!("list", listed);
    let shown = json(&redress(&data, &["--json", "show", "K-2026-0001"]));
    let keys: Vec<&String> = shown.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "actions",
            "complaint",
            "deadlines",
            "events",
            "faults",
            "measures",
            "messages",
            "notifications",
            "responsibilities",
            "similar"
        ]
    );
    insta::assert_json_snapshot!("show_deadlines", shown["deadlines"]);
    insta::assert_json_snapshot!("show_actions", shown["actions"]);
    let acted = redress(
        &data,
        &[
            CLOCK[0],
            CLOCK[1],
            "act",
            "K-2026-0001",
            "note_consultation",
            "--input",
            "consultation=met de planner",
            "--as",
            "behandelaar@lagant.nl",
        ],
    );
    assert_eq!(stdout(&acted), "K-2026-0001: note_consultation done; the complaint is now in_treatment\n");
    let text = stdout(&redress(&data, &["show", "I-2026-000001"]));
    assert!(text.starts_with("K-2026-0001  in_treatment  Klacht over parkeren in Utrecht\n"), "{text}");
    for said in ["de klacht kwam binnen", "ingeschreven als K-2026-0001", "Intern overleg vastleggen"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let english = folder.path().join("en.toml");
    std::fs::write(&english, "[organisation]\nlanguage = \"en\"\n").unwrap();
    let shown = redress(&data, &["--config", english.to_str().unwrap(), "show", "K-2026-0001"]);
    assert!(stdout(&shown).contains("registered as K-2026-0001"), "{}", stdout(&shown));
    assert!(stdout(&redress(&data, &["audit", "verify"])).starts_with("the audit trail holds: "));
    assert!(stdout(&redress(&data, &["doctor"])).contains("nothing needs attention"));
    let listed = json(&redress(&data, &["--json", "deliveries", "list"]));
    assert_eq!(listed.as_array().unwrap().len(), 2, "{listed}");
}

/// Deliveries are chosen by kind, plugin, state and time, and their times are said as everywhere.
#[test]
fn deliveries_are_listed_by_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    redress_with(&data, &[CLOCK[0], CLOCK[1], "intake"], &clear_complaint("jan@example.nl", "a1"));
    let run = |more: &[&str]| redress(&data, &[&["--json", "deliveries"], more].concat());
    let count = |more: &[&str]| json(&run(&[&["list"], more].concat())).as_array().unwrap().len();
    let all = json(&run(&["list"]));
    let at = "2026-11-23T10:00:00.000+01:00";
    for delivery in all.as_array().unwrap() {
        assert_eq!((&delivery["created_at"], &delivery["next_at"]), (&at.into(), &serde_json::Value::Null));
    }
    let (first, topic) = (all[0]["id"].as_str().unwrap(), all[0]["topic"].as_str().unwrap());
    assert_ne!(all[1]["topic"], topic);
    for (chosen, found) in [
        (&["--topic", topic][..], 1),
        (&["--plugin", "mail"], 2),
        (&["--state", "accepted"], 2),
        (&["--state", "queued"], 0),
        (&["--since", "2026-11-23"], 2),
        (&["--since", at, "--until", "2026-11-24"], 2),
        (&["--until", at], 0),
        (&["--since", "2026-11-24"], 0),
        (&["--topic", topic, "--plugin", "mail", "--state", "accepted", "--since", at], 1),
    ] {
        assert_eq!(count(chosen), found, "{chosen:?}");
    }
    let shown = json(&run(&["show", first]));
    assert_eq!((&shown["id"], &shown["created_at"]), (&first.into(), &at.into()));
    assert_eq!(shown["tried"][0]["at"], at);
    for (wrong, said) in [
        (&["--topic", "notification.nothing"][..], "nothing is sent of the kind `notification.nothing`"),
        (&["--plugin", "mial"], "did you mean"),
        (&["--since", "gisteren"], "--since gisteren is no day"),
    ] {
        let refused = run(&[&["list"], wrong].concat());
        assert_eq!(refused.status.code(), Some(2), "{wrong:?}");
        assert!(stderr(&refused).contains(said), "{wrong:?}: {}", stderr(&refused));
    }
}

#[test]
fn mistakes_name_the_thing_and_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    redress_with(&data, &[CLOCK[0], CLOCK[1], "intake"], &clear_complaint("jan@example.nl", "a1"));
    for (arguments, code, text) in [
        (&["show", "K-1"][..], 1, "error: there is no complaint K-1"),
        (&["--clock", "gisteren", "tick"], 2, "error: --clock gisteren is not a moment"),
        (&["--clock", "2026-11-22T10:00:00+01:00", "tick"], 1, "may not go back"),
        (&["tick"], 1, "is a rehearsal; give its time with --clock"),
        (&["--clock", "2026-11-23T10:00:00+01:00", "serve"], 2, "serve runs on real time"),
        (
            &[
                "--clock",
                "2026-11-23T10:00:00+01:00",
                "act",
                "K-2026-0001",
                "agree",
                "--as",
                "behandelaar@lagant.nl",
            ],
            1,
            "`agree` kan nu niet; de klacht heeft de status in_treatment",
        ),
        (
            &[
                "--clock",
                "2026-11-23T10:00:00+01:00",
                "act",
                "K-2026-0001",
                "decide",
                "--as",
                "ontvanger@lagant.nl",
            ],
            1,
            "ontvanger@lagant.nl mag `decide` niet doen; het is voor handler of director",
        ),
        (
            &[
                "--clock",
                "2026-11-23T10:00:00+01:00",
                "act",
                "K-2026-0001",
                "decide",
                "--input",
                "x",
                "--as",
                "a@b",
            ],
            2,
            "--input x is not KEY=VALUE",
        ),
        (
            &["--clock", "2026-11-23T10:00:00+01:00", "intake", "no-such-file"],
            75,
            "no-such-file cannot be read",
        ),
        (&["demo"], 1, "is not a demo folder and is left alone"),
        (&["frobnicate"], 2, "unrecognized subcommand"),
    ] {
        let output = redress(&data, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(text), "{arguments:?}: {}", stderr(&output));
    }
}

/// Whoever looks at the data folder between two commands finds one file, which is all of it.
#[test]
fn no_command_leaves_a_log_beside_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mail = folder.path().join("a.eml");
    std::fs::write(&mail, crate::support::clear_complaint("jan@example.nl", "a1")).unwrap();
    let copy = folder.path().join("copy.zip");
    let (intake, backup) = (["intake", mail.to_str().unwrap()], ["backup", copy.to_str().unwrap()]);
    for arguments in [&["tick"][..], &intake, &["list"], &["deliveries", "list"], &["tick"], &backup] {
        assert!(redress(&data, arguments).status.success());
        assert!(data.join("redress.db").is_file() && !data.join("redress.db-wal").exists(), "{arguments:?}");
    }
}

#[test]
fn the_clock_is_refused_on_a_real_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(redress(&data, &["tick"]).status.success());
    let output = redress(&data, &[CLOCK[0], CLOCK[1], "tick"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("is real; --clock works only on a folder that was created with it"));
}

/// The database may be elsewhere: it remembers by itself that it is real.
#[test]
fn a_rehearsal_never_touches_a_real_database() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("redress.toml");
    std::fs::write(
        &config,
        format!("[database]\nurl = \"sqlite:{}\"\n", folder.path().join("shared.db").display()),
    )
    .unwrap();
    let config = config.to_str().unwrap();
    assert!(redress(&folder.path().join("real"), &["--config", config, "tick"]).status.success());
    let output = redress(&folder.path().join("try"), &["--config", config, CLOCK[0], CLOCK[1], "tick"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("the database is for real use and this is a rehearsal folder"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn an_unknown_key_in_the_configuration_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("redress.toml");
    std::fs::write(&config, "[organisation]\nmailbx = \"a@b.nl\"\n").unwrap();
    let output = redress(&folder.path().join("data"), &["--config", config.to_str().unwrap(), "list"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("redress.toml:2: unknown field `mailbx`"), "{}", stderr(&output));
    assert!(stderr(&output).contains("did you mean `mailbox`?"));
}

#[test]
fn a_broken_rules_folder_refuses_a_first_start_and_no_later_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let rules = crate::support::rules_copy();
    let named = rules.path().to_str().unwrap().to_owned();
    let file = rules.path().join("10_intake.rhai");
    let good = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, good.replace("complaint.state ==", "complaint.stat ==")).unwrap();
    let refused = redress(&data, &["--rules", &named, "tick"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("10_intake.rhai:4:"), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("did you mean `state`?"));
    std::fs::write(&file, &good).unwrap();
    assert!(redress(&data, &["--rules", &named, "tick"]).status.success());
    std::fs::write(&file, good.replace("complaint.state ==", "complaint.stat ==")).unwrap();
    assert!(redress(&data, &["--rules", &named, "tick"]).status.success(), "the published ruleset runs");
    assert!(
        stdout(&redress(&data, &["--rules", &named, "doctor"])).contains("rules folder: 10_intake.rhai:4:")
    );
    let published = redress(&data, &["--rules", &named, "rules", "publish"]);
    assert_eq!(published.status.code(), Some(1));
    assert!(stderr(&published).contains("10_intake.rhai:4:"), "{}", stderr(&published));
}

/// A message that fails for one complaint is no failure of the command that meets it.
#[test]
fn what_cannot_be_worded_fails_neither_intake_nor_tick() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let rules = crate::support::rules_copy();
    let file = rules.path().join("messages/nl/acknowledgement.md");
    let text = std::fs::read_to_string(&file).unwrap();
    let trap = "{% if complaint.complainant == \"Jan\" %}{{ 1 // 0 }}{% endif %}\n";
    std::fs::write(&file, format!("{text}{trap}")).unwrap();
    let run = |clock: &str, arguments: &[&str], input: &str| {
        let places = ["--rules", rules.path().to_str().unwrap(), "--clock", clock];
        redress_with(&data, &[&places[..], arguments].concat(), input)
    };
    let first = "2026-11-23T10:00:00+01:00";
    let taken = run(first, &["--json", "intake", "-"], &clear_complaint("jan@example.nl", "a1"));
    assert_eq!(json(&taken)[0]["number"], "K-2026-0001", "{}", stderr(&taken));
    let later = "2027-02-23T10:00:00+01:00";
    let ticked = run(later, &["tick"], "");
    assert_eq!(ticked.status.code(), Some(0), "{}", stderr(&ticked));
    let shown = json(&run(later, &["--json", "show", "K-2026-0001"], ""));
    assert_eq!(shown["faults"].as_array().unwrap().len(), 1, "{}", shown["faults"]);
    let deadlines = shown["deadlines"].as_array().unwrap();
    let breached = deadlines.iter().filter(|d| !d["breached_at"].is_null()).count();
    assert!(breached > 0, "{deadlines:?}");
    let doctor = stdout(&run(later, &["doctor"], ""));
    assert!(!doctor.contains("nothing needs attention"), "{doctor}");
}

#[test]
fn rules_are_checked_tested_and_published() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(stdout(&redress(&data, &["rules", "check"])).contains("rules, no mistakes; ruleset "));
    assert!(stdout(&redress(&data, &["rules", "test"])).ends_with(" passed, 0 failed\n"));
    assert!(redress(&data, &["tick"]).status.success());
    let rules = crate::support::rules_copy();
    let named = rules.path().to_str().unwrap().to_owned();
    let file = rules.path().join("00_terms.rhai");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("INFO_TERM = days(14)", "INFO_TERM = days(7)")).unwrap();
    let failed = redress(&data, &["--rules", &named, "rules", "publish"]);
    assert_eq!(failed.status.code(), Some(1), "a scenario no longer holds");
    assert!(
        stdout(&failed)
            .contains("termijn info: verwacht lopend tot 2026-12-28, is armed met einde 2026-12-18")
    );
    let failed = redress(&data, &["--rules", &named, "rules", "test"]);
    assert!(
        stdout(&failed).contains("FAILED  De klager is niet te bereiken (rules/tests/70_monitoring.rhai:")
    );
    std::fs::write(&file, text + "\nconst SPARE = 1;\n").unwrap();
    let planned = json(&redress(&data, &["--rules", &named, "--json", "rules", "plan"]));
    let digest = planned["digest"].as_str().unwrap();
    let order = ["--as", "kwaliteit@lagant.nl", "--reason", "een term voor later"];
    let published =
        redress(&data, &[&["--rules", &named, "rules", "publish", "--plan", digest], &order[..]].concat());
    assert!(stdout(&published).contains("is in force; 0 complaints evaluated"), "{}", stderr(&published));
    // A copy of the folder from before is brought up to date; what is edited in it stays.
    let in_force = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, in_force.replace("\nconst SPARE = 1;\n", "")).unwrap();
    let pulled = redress(&data, &["--rules", &named, "rules", "pull"]);
    assert!(stdout(&pulled).contains("written") && pulled.status.success(), "{}", stderr(&pulled));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), in_force);
    std::fs::write(&file, format!("{in_force}// Mijn werk.\n")).unwrap();
    let left = redress(&data, &["--rules", &named, "--json", "rules", "pull"]);
    assert_eq!(left.status.code(), Some(1));
    let said: serde_json::Value = serde_json::from_str(&stdout(&left)).unwrap();
    assert_eq!(said["left"], serde_json::json!(["00_terms.rhai"]));
    assert!(stderr(&left).contains("redress rules pull --replace"), "{}", stderr(&left));
}

#[test]
fn plugins_are_listed_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let listed = stdout(&redress(folder.path(), &["plugins", "list"]));
    let line = |name: &str| listed.lines().find(|l| l.starts_with(name)).unwrap().to_owned();
    assert!(line("mail ").contains("enabled"), "{listed}");
    assert!(line("standard-webhooks ").contains("disabled"), "{listed}");
    assert!(stdout(&redress(folder.path(), &["plugins", "check"])).contains("19 plugins, no mistakes"));
    let plugin = folder.path().join("p/hook");
    std::fs::create_dir_all(&plugin).unwrap();
    let manifest = "kind = \"webhook\"\nenabled = true\n[webhook]\nurl = \"https://x.example/\"\nsecret = { env = \"REDRESS_NOT_SET\" }\n";
    std::fs::write(plugin.join("plugin.toml"), manifest).unwrap();
    let named = folder.path().join("p");
    let output = redress(folder.path(), &["--plugins", named.to_str().unwrap(), "plugins", "check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("environment variable REDRESS_NOT_SET cannot be read"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn the_demonstration_ends_with_the_register() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    let output = redress(&data, &["demo", "--complaints", "1200"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("── April 2026 ──") && text.contains("The register"), "{text}");
    assert!(
        text.contains("audit trail holds") && text.contains("\n1200 complaints of earlier years"),
        "{text}"
    );
    assert!(!data.join("earlier-register.csv").exists(), "the spreadsheet is gone");
    let audit = redress(&data, &["audit", "verify"]);
    assert!(audit.status.success(), "{audit:?}");
    // Beside the demonstration's own, which keep their numbers.
    let last = stdout(&redress(&data, &["--json", "show", "K-2026-1214"]));
    assert!(last.contains("2026/1199") && last.contains("2026-04-09"), "received before it began: {last}");
    let beyond = redress(&data, &["show", "K-2026-1215"]);
    assert!(!beyond.status.success(), "{beyond:?}");
    let again = json(&redress(&data, &["demo", "--json", "--complaints", "5"]));
    let imported = stdout(&redress(&data, &["--json", "show", "K-2026-0019"]));
    assert!(imported.contains("2024/4"), "{imported}");
    let register = again["register"].as_array().unwrap();
    assert_eq!(register.len(), 14, "the demo folder is replaced");
    let states: Vec<&str> = register.iter().map(|r| r[7].as_str().unwrap()).collect();
    insta::assert_json_snapshot!("demo_states", states);
    assert!(stdout(&redress(&data, &["list"])).contains("K-2026-0001"));
    let mut holding = 0;
    for number in (1..=6).map(|n| format!("K-2026-{n:04}")) {
        let made = redress(&data, &["--json", "rules", "scenario", &number]);
        let said = format!("{}{}", stdout(&made), stderr(&made));
        assert!(
            made.status.success()
                || said.contains("a scenario cannot")
                || said.contains("not in the scenario"),
            "{number}: {said}"
        );
        holding += usize::from(made.status.success());
    }
    assert!(holding >= 4, "{holding}");
    let clauses = json(&redress(&data, &["--json", "rules", "clauses"]));
    assert_eq!(clauses["gaps"], serde_json::json!([]));
    let acknowledged = clauses["clauses"].as_array().unwrap().iter().find(|c| c["row"] == 13).unwrap();
    assert!(acknowledged["fired"].as_i64().unwrap() > 20, "live counts: {acknowledged}");
    let monitored = clauses["clauses"].as_array().unwrap().iter().find(|c| c["row"] == 35).unwrap();
    assert!(monitored["overdue"].as_i64().unwrap() > 0, "and what is overdue: {monitored}");
}
