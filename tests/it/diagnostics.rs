//! The kinds of diagnostics: each example yields its kind and nothing else, mended it does not, and what it says is fixed.

use crate::cli::redress;
use crate::support::repository;
use redress::complaint::Language;
use redress::config::Settings;
use redress::rules::RulesFolder;
use redress::rules::RulesetSource;
use redress::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Severity, example, kinds};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The files of the sound ruleset that examples change.
fn sound() -> BTreeMap<String, String> {
    let folder = repository().join("tests/fixtures/example");
    RulesetSource::read(&folder).unwrap().files().clone()
}

/// What a folder of these files is told.
fn check(mut files: BTreeMap<String, String>) -> Vec<Diagnostic> {
    let scenarios = files.extract_if(.., |name, _| name.starts_with("tests/")).collect();
    let clauses = files.remove("clauses.toml");
    let folder = RulesFolder { source: RulesetSource::new(files), scenarios, clauses };
    folder.check(&Settings::parse("", "redress.toml").unwrap()).diagnostics
}

/// The files with the mistake of an example, and without it; none where no text shows it.
fn files(example: Example) -> Option<[BTreeMap<String, String>; 2]> {
    let with = |name: &str, text: &str| {
        let mut files = sound();
        files.insert(name.to_owned(), text.to_owned());
        files
    };
    Some(match example {
        Example::Script { wrong, mended } => [with("10.rhai", wrong), with("10.rhai", mended)],
        Example::File { name, wrong, mended } => [with(name, wrong), with(name, mended)],
        Example::Edit { name, wrong, mended } => {
            let text = &sound()[name];
            assert_eq!(text.matches(mended).count(), 1, "{mended} stands once in {name}");
            [with(name, &text.replace(mended, wrong)), sound()]
        }
        Example::Missing { name } => {
            let mut files = sound();
            files.remove(name).unwrap();
            [files, sound()]
        }
        Example::Folder => return None,
    })
}

/// What the example is told beyond what it is told without the mistake.
fn told(kind: &DiagnosticKind) -> Option<Vec<Diagnostic>> {
    let [wrong, mended] = files(kind.example)?.map(check);
    let said = |d: &Diagnostic| (d.kind.code, d.message.clone());
    let known: BTreeSet<_> = mended.iter().map(said).collect();
    Some(wrong.into_iter().filter(|d| !known.contains(&said(d))).collect())
}

#[test]
fn every_example_yields_its_kind_and_is_mended() {
    let mut wrong = Vec::new();
    for kind in kinds::ALL {
        let Some([_, mended]) = files(kind.example) else { continue };
        let told = told(kind).unwrap();
        let codes: BTreeSet<&str> = told.iter().map(|d| d.kind.code).collect();
        if codes != BTreeSet::from([kind.code]) {
            wrong.push(format!("{} {}: {told:#?}", kind.code, kind.slug));
        }
        let rest = check(mended);
        let rest = rest.iter().filter(|d| d.kind == *kind || d.kind.severity == Severity::Error);
        wrong.extend(rest.map(|d| format!("{} {} mended: {d}", kind.code, kind.slug)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_every_example_says() {
    let mut report = String::new();
    for (kind, found) in kinds::ALL.iter().filter_map(|kind| Some((kind, told(kind)?))) {
        report.push_str(&format!("{} {}\n", kind.code, kind.slug));
        for found in found {
            for language in Language::ALL {
                report.push_str(&format!("{}\n", found.in_language(*language)));
            }
            if let Some(fix) = &found.fix {
                report.push_str(&format!("  -> {}\n", fix.replacement));
            }
        }
        report.push('\n');
    }
    insta::assert_snapshot!("diagnostics", report);
}

#[test]
fn codes_are_unique_and_never_used_again() {
    let codes: Vec<&str> = kinds::ALL.iter().map(|k| k.code).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "in order, each once: {codes:?}");
    let is_code = |c: &str| c.len() == 4 && c.starts_with('R') && c[1..].bytes().all(|b| b.is_ascii_digit());
    assert!(codes.iter().all(|c| is_code(c) && !kinds::RETIRED.contains(c)));
    let slugs: BTreeSet<&str> = kinds::ALL.iter().map(|k| k.slug).collect();
    assert_eq!(slugs.len(), codes.len());
    for kind in kinds::ALL {
        assert_eq!(kinds::find(kind.code), Some(*kind));
        assert_eq!(kinds::find(&kind.slug.to_uppercase()), Some(*kind));
    }
    assert_eq!(kinds::find("R999"), None);
}

#[test]
fn every_kind_has_a_file_of_its_own_and_every_file_is_listed() {
    let folder = repository().join("src/rules/diagnostics/kinds");
    let names = |path: &Path| path.file_stem().unwrap().to_str().unwrap().replace('_', "-");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| names(&e.unwrap().path()))
        .filter(|n| n != "mod")
        .collect();
    let listed: BTreeSet<String> = kinds::ALL.iter().map(|k| k.slug.to_owned()).collect();
    assert_eq!(files, listed);
}

#[test]
fn every_text_is_short_and_in_both_languages() {
    for kind in kinds::ALL {
        for text in [kind.meaning.nl, kind.meaning.en] {
            assert!(text.ends_with('.') && text.len() < 400, "{}: {text}", kind.slug);
        }
        assert_ne!(kind.meaning.nl, kind.meaning.en);
        for found in told(kind).into_iter().flatten() {
            assert_ne!(found.message.nl, found.message.en, "{}", kind.slug);
            for word in ["i64", "string", "map ", "fn ", "expression", "Expecting"] {
                assert!(!found.message.nl.contains(word), "{}: {}", kind.slug, found.message.nl);
            }
        }
    }
}

/// The page is made of the kinds; `UPDATE_GUIDE=1` writes it anew.
#[test]
fn the_page_of_diagnostics_tells_every_kind() {
    let mut page = PAGE_HEAD.to_owned();
    for kind in kinds::ALL {
        let severity = kind.severity.word().en;
        page.push_str(&format!("\n## {} {} ({severity})\n\n{}\n", kind.code, kind.slug, kind.meaning.nl));
        page.push_str(&format!("\n{}\n", kind.meaning.en));
        if let Some(example) = example(kind.example, Language::English) {
            page.push_str(&format!("\n{example}"));
        }
        for message in told(kind).unwrap_or_default().first().map(|d| &d.message).into_iter() {
            page.push_str(&format!("\n- {}\n- {}\n", message.nl, message.en));
        }
    }
    let path = repository().join("docs/diagnostics.md");
    if std::env::var_os("UPDATE_GUIDE").is_some() {
        std::fs::write(path, page).unwrap();
        return;
    }
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(stored, page, "run UPDATE_GUIDE=1 cargo test the_page_of_diagnostics");
}

const PAGE_HEAD: &str = "# Mistakes in rules

<!-- Made of src/rules/diagnostics/kinds: UPDATE_GUIDE=1 cargo test the_page_of_diagnostics -->

`redress rules check` finds these, each with its place, its code and, where there is one, the remedy; `redress rules explain R201`
or `redress rules explain unknown-name` explains one, in Dutch or English. What begins with R7 is a warning: it loads, and is
probably not meant so. A code never changes its meaning.

`redress rules check --json` prints them as data: `diagnostics`, each with `file`, `span` (`line`, `column`, `end_line` and
`end_column`, from 1, in characters, the end just behind the last; null for the whole file), `code`, `slug`, `severity` (`error` or
`warning`), `message` and `remedy` (each with `nl` and `en`; the remedy may be null) and `fix` (`span` and `replacement`; null where
no edit is certain). `edits` are the changes of `--fix`, `ruleset` is null when it does not load. `redress rules check --fix` makes
every edit that is certain and shows what it changed; with `--dry-run` it only shows it.

Under each kind is an example, and what it is told, in Dutch and English.
";

/// A folder with the sound ruleset and some files in place of its own.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let all = sound().into_iter().chain(files.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())));
    for (name, text) in all {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn rules(folder: &Path, arguments: &[&str]) -> std::process::Output {
    let data = folder.join("data");
    let rules = ["--rules", folder.to_str().unwrap(), "rules"];
    redress(&data, &[&rules, arguments].concat())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const MISSPELT: &str = "\u{feff}// één\r\nrule \"r\" when complaint.state == \"arived\" && complaint.flags.lat\r\n  then { met(\"respons\"); remark(\"x\"); }\r\n";

#[test]
fn a_check_as_data() {
    let folder = folder(&[("10.rhai", "rule \"r\" when complaint.stat == \"x\" then { remark(\"x\") }")]);
    let checked = rules(folder.path(), &["check", "--json"]);
    assert_eq!(checked.status.code(), Some(1));
    insta::assert_json_snapshot!(
        "check_json",
        serde_json::from_slice::<serde_json::Value>(&checked.stdout).unwrap()
    );
}

#[test]
fn a_check_for_people_is_in_their_language() {
    let folder =
        folder(&[("10.rhai", "rule \"r\"\n\twhen complaint.stat == \"x\"\n\tthen { remark(\"x\") }")]);
    for (arguments, expected) in [
        (
            &["check"][..],
            "error: 10.rhai:2:17: R204 een klacht heeft geen gegeven `stat`\n 2 | \twhen complaint.stat == \"x\"\n   | \t               ^^^^\n  oplossing: bedoelt u `state`?\n",
        ),
        (
            &["check", "--language", "en"],
            "error: 10.rhai:2:17: R204 a complaint has no field `stat`\n 2 | \twhen complaint.stat == \"x\"\n   | \t               ^^^^\n  help: did you mean `state`?\n",
        ),
    ] {
        assert_eq!(text(&rules(folder.path(), arguments).stderr), expected);
    }
}

#[test]
fn what_is_certain_is_mended_and_nothing_else() {
    let folder = folder(&[("10.rhai", MISSPELT), ("20.rhai", "rule \"s\" when complaint.xyz then { }\r\n")]);
    let file = folder.path().join("10.rhai");
    let shown = rules(folder.path(), &["check", "--fix", "--dry-run"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), MISSPELT, "a dry run changes nothing");
    assert!(text(&shown.stderr).contains("R204"), "it tells what is wrong now");
    let before = std::fs::metadata(folder.path().join("20.rhai")).unwrap().modified().unwrap();
    let mended = rules(folder.path(), &["check", "--fix"]);
    assert_eq!(text(&shown.stdout), text(&mended.stdout), "the dry run shows what is done");
    assert!(text(&mended.stdout).starts_with("--- 10.rhai\n+++ 10.rhai, mended\n@@ -2,2 +2,2 @@\n"));
    let expected =
        MISSPELT.replace("arived", "arrived").replace("lat\r", "late\r").replace("respons\"", "response\"");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), expected);
    let stderr = text(&mended.stderr);
    assert!(stderr.contains("20.rhai:1:25: R204") && !stderr.contains("10.rhai"), "{stderr}");
    assert_eq!(std::fs::metadata(folder.path().join("20.rhai")).unwrap().modified().unwrap(), before);
    let mixed = "// een\nrule \"r\" when complaint.state == \"arived\" then { }\n// twee\r\n";
    std::fs::write(&file, mixed).unwrap();
    rules(folder.path(), &["check", "--fix"]);
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        mixed.replace("arived", "arrived"),
        "mixed ends of lines"
    );
    let again = rules(folder.path(), &["check", "--fix"]);
    assert_eq!(text(&again.stdout), "", "nothing is left to mend");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_str().unwrap().contains(".mended")), "{left:?}");
}

#[cfg(unix)]
#[test]
fn mending_keeps_permissions_and_links_and_respects_what_is_read_only() {
    use std::os::unix::fs::PermissionsExt;
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("shared.rhai");
    std::fs::write(&target, MISSPELT).unwrap();
    std::fs::set_permissions(&target, PermissionsExt::from_mode(0o640)).unwrap();
    let folder = folder(&[]);
    let link = folder.path().join("10.rhai");
    std::fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    rules(folder.path(), &["check", "--fix"]);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(std::fs::read_to_string(&target).unwrap().contains("arrived"));
    assert_eq!(std::fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);

    std::fs::write(&target, MISSPELT).unwrap();
    std::fs::set_permissions(&target, PermissionsExt::from_mode(0o440)).unwrap();
    let refused = rules(folder.path(), &["check", "--fix"]);
    assert!(text(&refused.stderr).contains("was not changed: it is read-only"), "{}", text(&refused.stderr));
    assert_eq!(std::fs::read_to_string(&target).unwrap(), MISSPELT);
}

#[test]
fn a_kind_is_explained_by_code_and_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let explain = |arguments: &[&str]| rules(folder.path(), &[&["explain"], arguments].concat());
    let by_code = text(&explain(&["r201"]).stdout);
    assert_eq!(by_code, text(&explain(&["unknown-name", "--language", "nl"]).stdout));
    assert!(by_code.starts_with("R201 unknown-name (fout)\n\nDeze naam bestaat niet."), "{by_code}");
    assert!(by_code.contains("\nFout:\n\n    rule \"r\" when complaint.state == \"arived\""), "{by_code}");
    let all = text(&explain(&["--language", "en"]).stdout);
    assert_eq!(all.lines().count(), kinds::ALL.len() + 1);
    let data: serde_json::Value = serde_json::from_slice(&explain(&["--json"]).stdout).unwrap();
    assert_eq!(data[0]["code"], "R001");
    let wrong = explain(&["unknown-nam"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("did you mean `unknown-name`?"));
}
