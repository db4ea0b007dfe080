//! `Story`: a scenario as days and what happened on each: what people did, what the rules did, and what was expected. It is
//! heard while the scenario is played, on the stage on which every scenario is played.

mod days;
mod heard;
mod recording;
mod told;
mod words;

use super::published::Published;
use super::scenario::staged;
use super::world::World;
use crate::config::Settings;
use crate::rules::scenario::{ScenarioOutcome, play};
use crate::rules::{ORGANISATION, scenario_places, unobserved};
use heard::Heard;
use recording::Recording;
use std::collections::BTreeMap;
use std::sync::Arc;
pub use told::{Story, StoryDay, StoryExpectation, StoryMistake, StoryRow, Told};

/// The turns of the clock at which something may happen in a story.
const TURNS: u32 = 5_000;

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
