//! `redress rules test --story NAME`: one scenario from day to day, as the page tells it.

use super::{Failure, Output};
use crate::complaint::{Language, Words};
use crate::config::Settings;
use crate::message::day_in_words;
use crate::rules::{RulesetSource, scenario_places};
use crate::workflow::Published;
use crate::workflow::story::{Story, StoryRow, story};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Plays the scenario that has this name, or the only one whose name contains it, and prints it.
pub(super) fn run(
    rules: &Path,
    settings: &Settings,
    published: Published,
    name: &str,
    output: &Output,
) -> Result<(), Failure> {
    let files =
        RulesetSource::read_scenarios(rules).map_err(|found| Failure::of_rules(&found, settings.language))?;
    let (file, name) = meant(&files, name)?;
    let told = story(&Arc::new(published), settings, &files, (&file, &name));
    let told = told.ok_or_else(|| Failure::new(format!("there is no scenario \"{name}\"")))?;
    if output.json {
        output.document(&told);
    } else {
        print(&told, settings.language, output);
    }
    match told.mistake {
        Some(_) => Err(Failure::new("1 scenarios failed")),
        None => Ok(()),
    }
}

/// Returns the file and the name of the scenario that is meant.
fn meant(files: &BTreeMap<String, String>, name: &str) -> Result<(String, String), Failure> {
    let all: Vec<(String, String)> = scenario_places(files).map(|(known, (file, _))| (file, known)).collect();
    if let Some(exact) = all.iter().find(|(_, known)| known == name) {
        return Ok(exact.clone());
    }
    let mut like = all.into_iter().filter(|(_, known)| known.contains(name));
    match (like.next(), like.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(Failure::new(format!("there is no scenario \"{name}\""))),
        (Some((_, one)), Some((_, other))) => Err(Failure::new(format!(
            "several scenarios are called so, such as \"{one}\" and \"{other}\": write the whole name"
        ))),
    }
}

fn print(story: &Story, language: Language, output: &Output) {
    let say = |nl: &'static str, en: &'static str| Words::new(nl, en).in_language(language);
    output.line(format!("{} ({}:{})", story.name, story.file, story.line));
    for day in &story.days {
        let later = day.later.as_ref().map(|later| format!(", {}", later.in_language(language)));
        output.line(format!("\n{}{}", day_in_words(day.day, language.as_str()), later.unwrap_or_default()));
        day.rows.iter().for_each(|row| print_row(row, language, output));
    }
    if story.is_cut {
        output.line(say(
            "\nDit is het begin: het scenario is langer.",
            "\nThis is its beginning: the scenario is longer.",
        ));
    }
    // A scenario that fails before anything has happened has no row.
    if let Some(mistake) = story.mistake.as_ref().filter(|_| story.days.is_empty()) {
        output.line(mistake.says.in_language(language));
    }
}

fn print_row(row: &StoryRow, language: Language, output: &Output) {
    let say = |nl: &'static str, en: &'static str| Words::new(nl, en).in_language(language);
    let line = |n: usize| format!("[{} {n}]", say("regel", "line"));
    let done =
        row.done.as_ref().map(|done| format!("{} {}", done.says.in_language(language), line(done.line)));
    output.line(format!(
        "  {}  {}",
        row.time,
        done.unwrap_or_else(|| say("vanzelf", "by itself").to_owned())
    ));
    for follows in &row.follows {
        output.line(format!("         -> {}", follows.in_language(language)));
    }
    for expected in &row.expected {
        let holds = if expected.holds { say("klopt", "holds") } else { say("KLOPT NIET", "FAILED") };
        output.line(format!(
            "         {holds}: {} {}",
            expected.says.in_language(language),
            line(expected.line)
        ));
    }
    if let Some(mistake) = &row.mistake {
        let says = mistake.says.in_language(language).replace('\n', "\n         ");
        output.line(format!(
            "         {} {}: {says}",
            say("HIER STOPT HET, BIJ", "IT STOPS HERE, AT"),
            line(mistake.line)
        ));
    }
}
