//! Playing the scenarios of a folder once, and seeing all that anybody asks of it.

use super::published::Published;
use super::scenario::{names, staged, unplayed};
use super::seen_in_scenarios::SeenInScenarios;
use super::world::World;
use crate::complaint::{Event, EventKind, State};
use crate::config::Settings;
use crate::rules::scenario::play;
use crate::rules::{Coverage, Mover, Observer, Transition};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Plays scenarios, at most so many. `progress` hears how many are done, and of how many.
pub(super) fn play_and_see(
    published: &Arc<Published>,
    settings: &Settings,
    files: &BTreeMap<String, String>,
    most: usize,
    progress: &dyn Fn(usize, usize),
) -> SeenInScenarios {
    let (settings, files) = match staged(published, settings, files) {
        Ok(stage) => stage,
        Err(wrong) => {
            return SeenInScenarios { outcomes: vec![unplayed(&wrong)], ..SeenInScenarios::default() };
        }
    };
    let (all, begun) = (names(&files).len(), Cell::new(0));
    progress(0, all);
    let is_wanted = |_: &str| {
        progress(begun.get(), all);
        begun.replace(begun.get() + 1) < most
    };
    let coverage = Arc::new(Coverage::of(&published.ruleset));
    let taken = Arc::new(Mutex::new(BTreeSet::new()));
    let outcomes = play(&published.ruleset, &files, &settings.calendar, &is_wanted, |name| {
        coverage.begins(name);
        let observer = Arc::clone(&coverage) as Arc<dyn Observer>;
        let mut world = World::new(Arc::clone(published), Arc::clone(&settings), observer);
        let taken = Arc::clone(&taken);
        world.witness = Box::new(move |commit| {
            let steps = commit.events.iter().filter_map(step_of);
            taken.lock().unwrap_or_else(PoisonError::into_inner).extend(steps);
        });
        Box::new(world)
    });
    let steps = std::mem::take(&mut *taken.lock().unwrap_or_else(PoisonError::into_inner));
    SeenInScenarios { outcomes, steps, covered: (all <= most).then(|| coverage.covered()) }
}

/// Returns the step between states that an event records; none for another event.
fn step_of(event: &Event) -> Option<Transition> {
    if event.kind != EventKind::Entered {
        return None;
    }
    let state = |key: &str| event.data[key].as_str().map(State::from);
    Some(Transition { from: state("from")?, to: state("to")?, by: Mover::of(&event.origin.source)? })
}
