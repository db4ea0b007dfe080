//! Renaming: a name changes wherever it stands, the folder works as before, and back again.

use super::{NEW, settings_of, shipped, texts_of, with_cursor};
use redress::complaint::Language;
use redress::config::Settings;
use redress::rules::editor::{Spot, Workspace};
use redress::rules::{Clauses, RulesetSource, scenario};
use redress::workflow::Published;
use redress::workflow::scenario as stage;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where each name of a folder that can have another is declared, of those that are looked for.
fn renamable(workspace: &Workspace, is_wanted: impl Fn(&str) -> bool) -> Vec<Spot> {
    let mut found = Vec::new();
    for (file, text) in workspace.texts() {
        for item in workspace.outline(file) {
            let is_wanted = text.get(item.name_range.clone()).is_some_and(&is_wanted);
            if is_wanted && workspace.renamable(file, item.name_range.start).is_ok() {
                found.push(Spot { file: file.clone(), range: item.name_range });
            }
        }
    }
    let text = workspace.text("clauses.toml").unwrap_or_default();
    let mut messages = BTreeSet::new();
    for (at, _) in text.match_indices('"') {
        let name = text[at + 1..].split('"').next().unwrap_or_default();
        if is_wanted(name)
            && let Ok((range, name)) = workspace.renamable("clauses.toml", at + 1)
            && workspace.texts().contains_key(&format!("messages/nl/{name}.md"))
            && messages.insert(name)
        {
            found.push(Spot { file: "clauses.toml".to_owned(), range });
        }
    }
    found
}

fn loads(texts: &BTreeMap<String, String>, settings: &Settings) -> (Published, Vec<String>) {
    let is_published = |path: &str| !path.starts_with("tests/") && path != Clauses::FILE;
    let files = texts.iter().filter(|(p, _)| is_published(p)).map(|(p, t)| (p.clone(), t.clone())).collect();
    let published = Published::load(RulesetSource::new(files), settings).unwrap();
    let scenarios = scenarios_of(texts);
    let mut mistakes: Vec<String> = scenario::mistakes(&scenarios).iter().map(ToString::to_string).collect();
    if let Some(text) = texts.get(Clauses::FILE) {
        let names = scenario::names(&scenarios).into_iter().collect();
        let clauses = Clauses::parse(text).unwrap();
        mistakes.extend(clauses.mistakes(&published.ruleset, &names).iter().map(ToString::to_string));
    }
    mistakes.extend(published.warnings(settings).iter().map(|w| w.message.en.clone()));
    (published, mistakes)
}

fn scenarios_of(texts: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let scenarios = texts.iter().filter(|(path, _)| path.starts_with("tests/"));
    scenarios.map(|(path, text)| (path.clone(), text.clone())).collect()
}

/// Gives names another that are chosen by their place and themselves, one after the other, and plays the scenarios after
/// all of them; and every one back again.
fn rename_all(folder: &str, is_chosen: impl Fn(usize, &str) -> bool) {
    let settings = settings_of(folder);
    let before = texts_of(folder);
    let mut workspace = Workspace::new(before.clone(), settings.extra.clone(), Language::English);
    let names = renamable(&workspace, |_| true);
    assert!(names.len() > 15, "{folder}: {}", names.len());
    let names = names.iter().map(|s| before[&s.file][s.range.clone()].to_owned()).enumerate();
    let chosen: Vec<String> = names.filter(|(i, name)| is_chosen(*i, name)).map(|(_, name)| name).collect();
    let mut done = Vec::new();
    for (i, name) in chosen.into_iter().enumerate() {
        let spot = renamable(&workspace, |known| known == name)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("{name} is gone"));
        let other = format!("Xx_{i}");
        let renaming =
            workspace.rename(&spot.file, spot.range.start, &other).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(!renaming.places.is_empty());
        workspace.replace(workspace.renamed(&renaming));
        done.push((name, other));
    }
    let (published, mistakes) = loads(workspace.texts(), &settings);
    assert_eq!(mistakes.len(), loads(&before, &settings).1.len(), "{mistakes:#?}");
    let played = stage::play_observed(
        Arc::new(published),
        &settings,
        &scenarios_of(workspace.texts()),
        &|_| true,
        redress::rules::unobserved(),
    );
    let failed: Vec<_> = played.iter().filter(|o| o.failure.is_some()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    for (name, other) in done.into_iter().rev() {
        let spot = renamable(&workspace, |known| known == other)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("{other} is gone"));
        let renaming =
            workspace.rename(&spot.file, spot.range.start, &name).unwrap_or_else(|e| panic!("{name}: {e}"));
        workspace.replace(workspace.renamed(&renaming));
    }
    assert_eq!(*workspace.texts(), before, "back where it was");
}

#[test]
fn names_are_renamed_everywhere_and_the_folder_works_as_before() {
    let every = std::env::var("REDRESS_RENAME_EVERY").ok().map_or(83, |n| n.parse().unwrap());
    // And some of each kind that scenarios and messages say: a parameter, a term, names that are compared in letters and
    // handed to a scenario's own function, a flag in a list, a counter in a map, a schedule that runs with another.
    let said = [
        "PROMISE_DEFAULT",
        "DEFAULT_HANDLER",
        "MIN_EXPLANATION",
        "info",
        "too_late",
        "upheld",
        "approved",
        "mandate",
        "round",
        "not_applicable",
        "Kwartaalverslag",
    ];
    rename_all("rules", |i, name| i % every == 0 || said.contains(&name));
    rename_all("tests/fixtures/municipality", |i, _| i % 3 == 0);
}

#[test]
fn a_new_name_that_is_taken_or_cannot_be_is_refused() {
    let (workspace, offset) =
        with_cursor(NEW, "rule \"x\" when armed(\"re‸ply\") && complaint.state == \"decided\" then { }");
    let refused = |to: &str| workspace.rename(NEW, offset, to).unwrap_err().to_string();
    assert!(refused("archive").contains("bestaat al"), "{}", refused("archive"));
    for wrong in ["", "met spatie", "1st", "réponse", "a\"b", "x/../y", &"a".repeat(65)] {
        assert!(refused(wrong).contains("kan geen naam zijn"), "{wrong}");
    }
    for (marked, to, why) in [
        ("rule \"x‸\" when true then { }", "Brief kon niet worden bezorgd", "bestaat al"),
        ("rule \"x‸\" when true then { }", "acknowledge", "bestaat al"),
        ("rule \"x‸\" when true then { }", "a\nb", "aanhalingstekens"),
        ("rule \"x‸\" when true then { }", "", "aanhalingstekens"),
        ("fn x‸() { true }", "armed", "armed"),
        ("fn x‸() { true }", "if", "werken de regels niet"),
        ("rule \"x\" when ar‸med(\"reply\") then { }", "loopt", "woord van Redress"),
        ("rule \"x\" when complaint.sta‸te == \"decided\" then { }", "status", "naam van Redress"),
        ("rule \"x\" when true then { notify(\"hand‸ler\", \"decision\"); }", "medewerker", "redress.toml"),
        ("rule \"x\" when armed(\"nergens‸\") then { }", "ergens", "bestaat niet"),
        ("rule \"x\" when true ‸ then { }", "y", "geen naam"),
        ("rule \"x‸\" when complaint.state == \"nergens\" then { }", "y", "Herstel eerst"),
    ] {
        let (workspace, offset) = with_cursor(NEW, marked);
        let refused = workspace.rename(NEW, offset, to).unwrap_err().to_string();
        assert!(refused.contains(why), "{marked} to {to}: {refused}");
    }
}

#[test]
fn a_renamed_message_takes_its_files_along_and_a_renamed_rule_its_latches() {
    let workspace = shipped();
    let text = workspace.text("30_treatment.rhai").unwrap();
    let at = text.find("\"complainant\", \"decision\"").unwrap() + 18;
    let renaming = workspace.rename("30_treatment.rhai", at, "verdict_letter").unwrap();
    let files: Vec<(&str, &str)> = renaming.files.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(
        files,
        [
            ("messages/nl/decision.md", "messages/nl/verdict_letter.md"),
            ("messages/en/decision.md", "messages/en/verdict_letter.md"),
        ]
    );
    let at = workspace.text("70_monitoring.rhai").unwrap().find("Brief kon").unwrap();
    let renaming = workspace.rename("70_monitoring.rhai", at, "Brief kwam terug").unwrap();
    assert!(renaming.note.as_deref().unwrap().contains("niet opnieuw"), "{:?}", renaming.note);
    let settings = settings_of("rules");
    let (before, _) = loads(workspace.texts(), &settings);
    let (after, _) = loads(&workspace.renamed(&renaming), &settings);
    let renames = redress::rules::Renames::between(&before.ruleset, &after.ruleset);
    let names: Vec<(String, String)> = renames.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
    assert_eq!(names, [("Brief kon niet worden bezorgd".to_owned(), "Brief kwam terug".to_owned())]);
}
