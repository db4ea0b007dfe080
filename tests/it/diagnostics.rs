//! The kinds of diagnostics: each example yields its kind and nothing else, mended it does not, and what it says is fixed.

use crate::support::repository;
use redress::complaint::Language;
use redress::config::Settings;
use redress::rules::RulesetSource;
use redress::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Severity, kinds};
use redress::workflow::RulesFolder;
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
