//! `redress rules terms` through the real binary: shown, changed, refused; the file keeps everything else.

use crate::support::repository;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A copy of the shipped rules, which a test may change.
struct Rules {
    folder: tempfile::TempDir,
}

impl Rules {
    fn copied() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&repository().join("rules"), &folder.path().join("rules"));
        Self { folder }
    }

    fn terms(&self) -> PathBuf {
        self.folder.path().join("rules/00_terms.rhai")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.terms()).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_redress"));
        let command = command.current_dir(self.folder.path()).args(["--rules", "rules", "--data", "data"]);
        command.args(arguments).output().unwrap()
    }

    fn done(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn refused(&self, arguments: &[&str]) -> (i32, String) {
        let before = self.text();
        let output = self.run(arguments);
        assert!(!output.status.success());
        assert_eq!(self.text(), before, "nothing is written");
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}

#[test]
fn terms_are_listed_and_told_in_words() {
    let rules = Rules::copied();
    let list = rules.done(&["rules", "terms", "--language", "en"]);
    assert!(list.contains("Acknowledgement and handling") && list.contains("6 weeks – 3 months"), "{list}");
    let one = rules.done(&["rules", "terms", "SUBMISSION_TERM", "--language", "nl"]);
    assert!(
        one.starts_with("Termijn om een klacht in te dienen (SUBMISSION_TERM)\n00_terms.rhai: 2 weken\n"),
        "{one}"
    );
    assert!(one.contains("bounds: ≥ 2 weken") && one.contains("  rows       8 "), "{one}");
    let all: serde_json::Value = serde_json::from_str(&rules.done(&["--json", "rules", "terms"])).unwrap();
    let promise = all.as_array().unwrap().iter().find(|term| term["name"] == "PROMISE_DEFAULT").unwrap();
    assert_eq!(promise["value"], serde_json::json!({"nl": "6 weken", "en": "6 weeks"}));
    assert_eq!(promise["least"]["term"], "PROMISE_MIN");
    let keys: Vec<&String> = promise.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["file", "group", "hint", "kind", "label", "least", "most", "name", "remark", "touches", "value"]
    );
}

#[test]
fn a_term_is_changed_in_its_file_and_nothing_else() {
    let rules = Rules::copied();
    // As an editor of Windows leaves it.
    let of_windows = format!("\u{feff}{}", rules.text().replace('\n', "\r\n").trim_end());
    std::fs::write(rules.terms(), &of_windows).unwrap();
    let said = rules.done(&["rules", "terms", "INFO_TERM=3 weken"]);
    assert!(
        said.contains("-const INFO_TERM = days(14);") && said.contains("+const INFO_TERM = weeks(3);"),
        "{said}"
    );
    assert_eq!(rules.text(), of_windows.replace("INFO_TERM = days(14)", "INFO_TERM = weeks(3)"));
    rules.done(&["rules", "terms", "CONTACT_PHONE=030 \"123\" \\ ${x}"]);
    assert!(rules.text().contains(r#"CONTACT_PHONE = "030 \"123\" \\ ${x}"; //"#), "{}", rules.text());
    rules.done(&["rules", "terms", "INFO_TERM=days(14)"]);
    rules.done(&["rules", "terms", "CONTACT_PHONE="]);
    assert_eq!(rules.text(), of_windows, "and back");
    let again = rules.done(&["rules", "terms", "AUTO_REGISTER=ja"]);
    assert!(again.contains("already"), "{again}");
    assert!(rules.done(&["rules", "check"]).contains("no mistakes"));
}

#[test]
fn what_is_out_of_bounds_or_no_value_is_refused_with_its_words() {
    let rules = Rules::copied();
    let nl = |term| rules.refused(&["rules", "terms", "--language", "nl", term]);
    assert!(nl("PROMISE_MAX=4 maanden").1.contains("Het mag nooit meer dan 3 maanden zijn."));
    assert!(nl("PROMISE_MIN=7 weken").1.contains("Gewone behandeltermijn"));
    assert!(nl("REMIND_AT=laat").1.contains("Vul een tijd in als 09:00."));
    assert!(nl("PATTERN_COUNT=1").1.contains("ten minste 2"));
    assert!(
        rules
            .refused(&["rules", "terms", "--language", "en", "RETENTION_TERM=1 year"])
            .1
            .contains("at least 2 years")
    );
    // The bounds allow it, and the folder would not load.
    let (_, outside) = nl("REMIND_AT=23:00");
    assert!(outside.contains("R508") && outside.contains("buiten de werktijd"), "{outside}");
    let (code, unknown) = nl("PROMISE_MAXX=3 maanden");
    assert!(code == 2 && unknown.contains("PROMISE_MAX"), "{code} {unknown}");
    assert_eq!(nl("PROMISE_MAXX").0, 2);
}

#[test]
fn a_file_that_passes_a_bound_does_not_load() {
    let rules = Rules::copied();
    std::fs::write(
        rules.terms(),
        rules.text().replace("= months(3);         // the longest", "= months(4);         // the longest"),
    )
    .unwrap();
    let output = rules.run(&["rules", "check", "--language", "nl"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success()
            && said.contains("R512")
            && said.contains("`PROMISE_MAX` is meer dan 3 maanden"),
        "{said}"
    );
    // What is wrong already is put right by the command.
    rules.done(&["rules", "terms", "PROMISE_MAX=months(3)"]);
    assert!(rules.done(&["rules", "check"]).contains("no mistakes"));
}

#[test]
fn words_and_bounds_that_fit_nothing_are_told() {
    let rules = Rules::copied();
    let procedure = rules.folder.path().join("rules/procedure.toml");
    let text = std::fs::read_to_string(&procedure).unwrap();
    let told = |from: &str, to: &str| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        std::fs::write(&procedure, text.replace(from, to)).unwrap();
        let output = rules.run(&["rules", "check", "--language", "en"]);
        assert!(!output.status.success(), "{to}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(told("\nINFO_TERM = {", "\nINFO_TERMS = {").contains("did you mean `INFO_TERM`?"));
    assert!(told("max = \"PROMISE_MIN\"", "max = \"PROMISE_MINN\"").contains("R511"));
    assert!(told("PATTERN_COUNT = {", "REMIND_AT = {").contains("stands twice"));
    assert!(told("min = 2 }", "min = \"weeks(2)\" }").contains("of another kind"));
    assert!(
        told("max = \"weeks(4)\" }", "min = \"weeks(5)\", max = \"weeks(4)\" }")
            .contains("more than the most")
    );
    assert!(told("min = 2 }", "min = 2.5 }").contains("procedure.toml"));
}
