//! What somebody wrote or is called stands in no log, whatever its level.

use crate::plugins::text;
use crate::support::{repository, rules_copy};
use std::path::Path;
use std::process::{Command, Output};

/// Stands wherever a person writes something or is named.
const PERSONAL: &str = "Persoonlijk";

fn run(folder: &Path, rules: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_redress"))
        .current_dir(repository())
        .args(["--clock", "2026-11-23T10:00:00+01:00", "--data"])
        .arg(folder.join("data"))
        .arg("--rules")
        .arg(rules)
        .arg("--plugins")
        .arg(folder.join("plugins"))
        .args(arguments)
        .env("REDRESS_LOG", "trace")
        .output()
        .unwrap()
}

/// A mail with a name in every place, and a rule that fails over the value that it read: the log at its most talkative
/// names nobody. Auditors see what a rule read.
#[test]
fn no_log_names_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let rules = rules_copy();
    let watching = "rule \"mislukt\" when known(\"complainant\") && complaint.complainant != \"-\" then { \
        notify(complaint.complainant_name, \"new_complaint\"); let a = [1]; let b = a[9]; }\n\
        rule \"gelezen\" when known(\"complainant_name\") && complaint.complainant_name != \"-\" then { remark(\"x\"); }\n";
    std::fs::write(rules.path().join("99_watch.rhai"), watching).unwrap();
    let mail = format!(
        "From: {PERSONAL} Naam <{PERSONAL}@example.nl>\r\nTo: planning@lagant.nl\r\nSubject: Klacht {PERSONAL}\r\n\
         Message-ID: <{PERSONAL}@example.nl>\r\nReply-To: {PERSONAL}2@example.nl\r\n\r\n\
         Ik heb een klacht over {PERSONAL} bij de training in Utrecht.\r\n"
    );
    let file = folder.path().join("a.eml");
    std::fs::write(&file, mail).unwrap();
    let mut logs = String::new();
    for arguments in [&["intake", file.to_str().unwrap()][..], &["tick"]] {
        let output = run(folder.path(), rules.path(), arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        logs.push_str(&text(&output.stderr));
    }
    assert!(logs.contains("a rule failed"), "the rule fails, and the log says so: {logs}");
    assert!(logs.lines().count() > 20, "the log talks: {logs}");
    let named = logs.lines().find(|line| line.to_lowercase().contains(&PERSONAL.to_lowercase()));
    assert_eq!(named, None);
    let why = text(&run(folder.path(), rules.path(), &["why", "K-2026-0001"]).stdout);
    assert!(why.contains(&format!("complaint.complainant_name is {PERSONAL} Naam")), "{why}");
}
