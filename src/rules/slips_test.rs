//! A slip is never told where nothing is wrong: no detector finds any in a statement that parses, not even those that are
//! only asked about what does not.

use super::language::pieces::pieces;
use super::language::slips;
use super::language::tokens::Tokens;
use super::machine::Machine;
use super::story_test::Dice;
use std::collections::BTreeSet;
use std::path::Path;

/// Returns what the detectors find in the statements of a script, each with what it is found in.
fn found(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for piece in pieces(&Tokens::of(text)) {
        let statement = text.get(piece.start..piece.end).unwrap_or_default();
        let first = slips::find(statement, 0);
        let rounds = std::iter::successors(first, |(round, _)| slips::find(statement, round + 1));
        for slip in rounds.flat_map(|(_, found)| found).chain(slips::never_meant(statement)) {
            let at = statement.get(slip.start..slip.end).unwrap_or_default();
            let line = statement.lines().find(|line| line.contains(at)).unwrap_or(statement);
            found.insert(format!("{slip:?} {at:?} in {line}"));
        }
    }
    found
}

fn scripts(folder: &Path, into: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            scripts(&path, into);
        } else if path.extension().is_some_and(|e| e == "rhai") {
            into.push(std::fs::read_to_string(path).expect("is read"));
        }
    }
}

#[test]
fn what_is_written_is_told_no_slip() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut texts = Vec::new();
    for folder in ["rules", "tests/fixtures", "tests/it/mistakes/ruleset"] {
        scripts(&root.join(folder), &mut texts);
    }
    let shipped = texts.len();
    let guide = std::fs::read_to_string(root.join("rules/README.md")).expect("is read");
    let machine = Machine::new(|_| None);
    let parses = |text: &&str| machine.engine().compile(text).is_ok();
    // Every other part between fences is an example; those that show a mistake do not parse.
    let examples = guide.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'));
    texts.extend(examples.map(|(_, example)| example).filter(parses).map(str::to_owned));
    assert!(shipped > 20 && texts.len() > shipped + 5, "{shipped} scripts, {} texts", texts.len());
    let wrong: BTreeSet<String> =
        texts.iter().filter(|text| parses(&text.as_str())).flat_map(|text| found(text)).collect();
    assert!(wrong.is_empty(), "{} slips:\n{}", wrong.len(), wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_can_be_written_is_told_no_slip() {
    let wrong: BTreeSet<String> = (0..300)
        .flat_map(|seed| {
            let ruleset = Dice::of(seed).ruleset();
            ruleset
                .source()
                .files()
                .iter()
                .filter(|(name, _)| name.ends_with(".rhai"))
                .flat_map(|(_, text)| found(text))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{} slips:\n{}", wrong.len(), wrong.into_iter().collect::<Vec<_>>().join("\n"));
}
