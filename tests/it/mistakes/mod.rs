//! Mistakes of people who are no programmers: each is an edit of a small sound ruleset, and is told at its place, by its
//! cause and with its remedy, in Dutch and in English.

mod case;
mod judgement;

use crate::support::repository;
use case::{Case, cases, ruleset};
use judgement::{Judgement, told};
use redress::complaint::Language;
use std::collections::BTreeSet;

/// The mean of the judgements, of 5, that the collection must reach.
const MEAN: f64 = 4.5;

#[test]
fn the_ruleset_that_is_edited_is_sound() {
    assert_eq!(told(&ruleset()), [], "nothing is said of it");
}

#[test]
fn every_mistake_is_told_at_its_place_by_its_cause_and_with_its_remedy() {
    let cases = cases();
    assert!(cases.len() >= 80, "{} cases", cases.len());
    let judged: Vec<(&Case, Judgement)> = cases.iter().map(|case| (case, Judgement::of(case))).collect();
    let mut table =
        String::from("| mistake | code | place | cause | remedy | of 5 |\n|---|---|---|---|---|---|\n");
    for (case, judgement) in &judged {
        table.push_str(&judgement.row(case));
    }
    let mean = judged.iter().map(|(_, j)| j.mark()).sum::<f64>() / judged.len() as f64;
    table.push_str(&format!("\nMean of {}: {mean:.2}\n", judged.len()));
    std::io::Write::write_all(&mut std::io::stderr(), table.as_bytes()).unwrap();
    let path = repository().join("tests/it/mistakes/judgements.md");
    if std::env::var_os("UPDATE_JUDGEMENTS").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let accepted: Vec<&str> =
        judged.iter().filter(|(_, j)| j.is_accepted()).map(|(c, _)| c.name.as_str()).collect();
    let wrong: Vec<String> = judged.iter().filter_map(|(case, j)| j.shortfall(case)).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), judged.len(), wrong.join("\n"));
    assert_eq!(accepted, [""; 0], "these cannot be meant and are accepted");
    assert!(mean >= MEAN, "{mean:.2}");
    assert_eq!(
        std::fs::read_to_string(&path).unwrap_or_default(),
        table,
        "UPDATE_JUDGEMENTS=1 writes the table anew"
    );
}

#[test]
fn what_people_are_told() {
    let mut said = String::new();
    for case in cases() {
        said.push_str(&format!("# {}\n{}\n", case.name, case.written()));
        for diagnostic in told(&case.files()) {
            for language in Language::ALL {
                said.push_str(&format!("{}\n", diagnostic.in_language(*language)));
            }
            if let Some(fix) = &diagnostic.fix {
                said.push_str(&format!("  -> {:?}\n", fix.replacement));
            }
        }
        said.push('\n');
    }
    insta::assert_snapshot!("mistakes", said);
}

#[test]
fn all_mistakes_of_all_files_are_told_in_one_go() {
    let (cases, mut files) = (cases(), ruleset());
    // One edit each of different lines, of as many files as there are.
    let mut expected = BTreeSet::new();
    let mut lines = BTreeSet::new();
    let apart = |c: &&Case| c.among_others;
    for case in cases.iter().filter(apart) {
        let Some(text) = files.get(&case.file).filter(|text| text.matches(case.find.as_str()).count() == 1)
        else {
            continue;
        };
        let line = text[..text.find(&case.find).unwrap()].matches('\n').count();
        if !lines.insert((case.file.clone(), line)) {
            continue;
        }
        files.insert(case.file.clone(), text.replace(&case.find, &case.put()));
        expected.insert((case.file.clone(), case.code.clone()));
    }
    assert!(expected.len() >= 10, "{expected:?}");
    let found: BTreeSet<(String, String)> =
        told(&files).iter().map(|d| (d.at.file.clone(), d.kind.code.to_owned())).collect();
    assert_eq!(found, expected);
}
