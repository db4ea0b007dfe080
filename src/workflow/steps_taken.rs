//! The steps between states that complaints take in scenarios.

use super::published::Published;
use super::scenario::staged;
use super::world::World;
use crate::complaint::{Event, EventKind, State};
use crate::config::Settings;
use crate::rules::scenario::play;
use crate::rules::{Mover, Transition, unobserved};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Plays the first scenarios, and returns the steps between states that complaints took; none where they cannot be played.
pub(super) fn steps_taken(
    published: &Arc<Published>,
    settings: &Settings,
    files: &BTreeMap<String, String>,
    most: usize,
) -> BTreeSet<Transition> {
    let Ok((settings, files)) = staged(published, settings, files) else { return BTreeSet::new() };
    let (taken, played) = (Arc::new(Mutex::new(BTreeSet::new())), Cell::new(0));
    let is_wanted = |_: &str| played.replace(played.get() + 1) < most;
    play(&published.ruleset, &files, &settings.calendar, &is_wanted, |_| {
        let mut world = World::new(Arc::clone(published), Arc::clone(&settings), Arc::clone(unobserved()));
        let taken = Arc::clone(&taken);
        world.witness = Box::new(move |commit| {
            let steps = commit.events.iter().filter_map(step_of);
            taken.lock().unwrap_or_else(PoisonError::into_inner).extend(steps);
        });
        Box::new(world)
    });
    std::mem::take(&mut *taken.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Returns the step between states that an event records; none for another event.
fn step_of(event: &Event) -> Option<Transition> {
    if event.kind != EventKind::Entered {
        return None;
    }
    let state = |key: &str| event.data[key].as_str().map(State::from);
    Some(Transition { from: state("from")?, to: state("to")?, by: Mover::of(&event.origin.source)? })
}
