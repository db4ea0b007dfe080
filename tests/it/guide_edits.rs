//! The changes that the quality managers' guide takes step by step: each done in a copy by the guide's own lines, with the
//! number of scenarios that no longer hold.

use crate::support::{repository, rules_copy};
use redress::config::Settings;
use redress::rules::RulesetSource;
use redress::rules::diagnostics::Diagnostic;
use redress::workflow::{Published, scenario};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// A change of the guide: its title, and its blocks of lines by file.
struct Change {
    title: String,
    blocks: Vec<(String, String)>,
}

fn changes() -> Vec<Change> {
    let guide = std::fs::read_to_string(repository().join("rules/README.md")).unwrap();
    let (_, section) = guide.split_once("## Eight changes, step by step\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let parts = section.split("\n\n**").skip(1);
    parts
        .map(|part| {
            let title = part.split_once("**").unwrap().0.trim_end_matches(['.', ',']).to_owned();
            let blocks = part.split("```diff ").skip(1).map(|block| {
                let (file, lines) = block.split_once('\n').unwrap();
                (file.to_owned(), lines.split("\n```").next().unwrap().to_owned())
            });
            Change { title, blocks: blocks.collect() }
        })
        .collect()
}

/// Does what a block says in a copy of the rules.
fn apply(rules: &Path, file: &str, lines: &str) {
    let path = rules.join(file);
    let with = |mark: char| {
        let marked = lines.lines().filter_map(|line| line.strip_prefix(mark));
        marked.map(|line| format!("{line}\n")).collect::<String>()
    };
    let (gone, new) = (with('-'), with('+'));
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let changed = if gone.is_empty() {
        format!("{text}\n{new}").trim_start().to_owned()
    } else {
        assert_eq!(text.matches(&gone).count(), 1, "{file} holds these lines once:\n{gone}");
        text.replace(&gone, &new)
    };
    std::fs::write(path, changed).unwrap();
}

/// The names of the scenarios that no longer hold, and what the check warns of, after a change.
fn outcome(change: &Change) -> (Vec<String>, Vec<Diagnostic>) {
    let rules = rules_copy();
    change.blocks.iter().for_each(|(file, lines)| apply(rules.path(), file, lines));
    let settings = Settings::parse("", "redress.toml").unwrap();
    let source = RulesetSource::read(rules.path()).unwrap();
    let published =
        Arc::new(Published::load(source, &settings).unwrap_or_else(|found| panic!("{}", found[0])));
    let warnings = published.warnings(&settings);
    let scenarios = RulesetSource::read_scenarios(rules.path()).unwrap();
    (scenario::failing(&published, &settings, &scenarios), warnings)
}

/// The title of a change, the most scenarios that may fail, and what each of them is about.
const ALLOWED: &[(&str, usize, &[&str])] = &[
    ("Another term", 2, &["zes weken en drie maanden", "wat er te beslissen is"]),
    ("More time to reply", 0, &[]),
    ("A state of its own", 0, &[]),
    ("A role in the escalation", 12, &["voor", "directeur", "Intrekken", "termijn", "werkwijze"]),
    ("A new letter", 0, &[]),
    ("Something to count", 0, &[]),
    ("A weekly message", 3, &["Kwartaalverslag", "aanbeveling"]),
    ("Somebody else handles complaints by default", 0, &[]),
];

#[test]
fn the_changes_of_the_guide_do_what_it_says() {
    let changes = changes();
    let titles: Vec<&str> = changes.iter().map(|change| change.title.as_str()).collect();
    assert_eq!(titles, ALLOWED.iter().map(|(title, ..)| *title).collect::<Vec<_>>());
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let played: Vec<_> = changes.iter().map(|change| scope.spawn(|| outcome(change))).collect();
        played.into_iter().map(|played| played.join().unwrap()).collect()
    });
    let mut wrong = Vec::new();
    for ((title, most, about), (failing, warnings)) in ALLOWED.iter().zip(outcomes) {
        let count = failing.len();
        let _ = writeln!(std::io::stdout(), "{title}: {count} scenarios no longer hold: {failing:?}");
        let others = failing.iter().filter(|name| !about.iter().any(|word| name.contains(word)));
        wrong.extend(others.map(|name| format!("{title}: \"{name}\" is about something else")));
        if failing.len() > *most {
            wrong.push(format!("{title}: {} scenarios, at most {most}", failing.len()));
        }
        let unfilled = warnings.iter().filter(|d| d.kind.slug == "unfilled-role").count();
        let expected = usize::from(*title == "A role in the escalation");
        if warnings.len() != unfilled || unfilled != expected {
            wrong.push(format!("{title}: {warnings:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
