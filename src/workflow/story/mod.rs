//! `Story`: a scenario as days and what happened on each: what people did, what the rules did, and what was expected. It is
//! heard while the scenario is played, on the stage on which every scenario is played.

mod days;
mod heard;
mod recording;
mod words;

use super::published::Published;
use super::scenario::staged;
use super::world::World;
use crate::calendar::Date;
use crate::complaint::Text;
use crate::config::Settings;
use crate::rules::scenario::{ScenarioOutcome, play};
use crate::rules::{ORGANISATION, scenario_places, unobserved};
use heard::Heard;
use recording::Recording;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The turns of the clock at which something may happen in a story.
const TURNS: u32 = 5_000;

/// A scenario, told.
#[derive(Clone, Debug, Serialize)]
pub struct Story {
    /// The scenario's name.
    pub name: String,
    /// The file that it stands in.
    pub file: String,
    /// The line there.
    pub line: usize,
    /// The days on which something happened, in order.
    pub days: Vec<StoryDay>,
    /// Why it ended before its end; none where everything holds.
    pub mistake: Option<StoryMistake>,
    /// Whether it is longer than what is told.
    pub is_cut: bool,
}

/// A local day of a story.
#[derive(Clone, Debug, Serialize)]
pub struct StoryDay {
    /// The day.
    pub day: Date,
    /// How long after the day before: "8 working days later (12 days)"; none for the first.
    pub later: Option<Text>,
    /// What happened, in order.
    pub rows: Vec<StoryRow>,
}

/// Something that was done, what followed, and what was expected then.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StoryRow {
    /// The local time: "09:00".
    pub time: String,
    /// What was done; none where time alone brought it about.
    pub done: Option<Told>,
    /// What the rules did, in order.
    pub follows: Vec<Text>,
    /// What was expected, in order.
    pub expected: Vec<StoryExpectation>,
    /// Why the story ends here.
    pub mistake: Option<StoryMistake>,
}

/// Something that stands in a scenario.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// The line of the file.
    pub line: usize,
    /// What stands there, in words.
    pub says: Text,
}

/// What was expected.
#[derive(Clone, Debug, Serialize)]
pub struct StoryExpectation {
    /// The line of the file.
    pub line: usize,
    /// What was expected, in words.
    pub says: Text,
    /// Whether it holds.
    pub holds: bool,
}

/// What is wrong, where a scenario ends before its end.
#[derive(Clone, Debug, Serialize)]
pub struct StoryMistake {
    /// The line of the file.
    pub line: usize,
    /// What is wrong, in words.
    pub says: Text,
}

/// Plays one scenario of a file and tells it; none where the file has no scenario of that name that can be played.
pub fn story(
    published: &Arc<Published>,
    settings: &Settings,
    files: &BTreeMap<String, String>,
    (file, name): (&str, &str),
) -> Option<Story> {
    let text = files.get(file).filter(|_| file != ORGANISATION)?;
    let organisation = files.get(ORGANISATION).map(|text| (ORGANISATION.to_owned(), text.clone()));
    let files = organisation.into_iter().chain([(file.to_owned(), text.clone())]).collect();
    let (_, (_, line)) = scenario_places(&files).find(|(known, _)| known == name)?;
    let told = |days, mistake, is_cut| {
        Some(Story { name: name.to_owned(), file: file.to_owned(), line, days, mistake, is_cut })
    };
    let (settings, files) = match staged(published, settings, &files) {
        Ok(stage) => stage,
        Err(wrong) => {
            return told(Vec::new(), Some(StoryMistake { line, says: wrong.message.clone() }), false);
        }
    };
    let heard = Heard::new();
    let outcomes = play(&published.ruleset, &files, &settings.calendar, &|known| known == name, |_| {
        let world = World::new(Arc::clone(published), Arc::clone(&settings), Arc::clone(unobserved()));
        Box::new(Recording::new(world, &heard, TURNS))
    });
    let (noted, is_cut) = heard.taken();
    let mistake = outcomes.into_iter().next().filter(|_| !is_cut).and_then(mistake);
    let mut days = days::of(noted, &settings.calendar);
    if let Some(row) = days.last_mut().and_then(|day| day.rows.last_mut()) {
        row.mistake.clone_from(&mistake);
    }
    told(days, mistake, is_cut)
}

/// Returns why a scenario ended before its end, with the line of its file.
fn mistake(outcome: ScenarioOutcome) -> Option<StoryMistake> {
    let says = outcome.failure?;
    let line = outcome.place.split(':').nth(1).and_then(|line| line.parse().ok()).unwrap_or(0);
    Some(StoryMistake { line, says })
}
