//! A complaint as a scenario has it in hand, and the stage on which it is played.

use super::stage::Stage;
use rhai::{Array, NativeCallContext};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(super) type SharedStage = Arc<Mutex<Box<dyn Stage>>>;

/// Where in its file a word of a scenario is carried out.
pub(super) type Line<'c> = NativeCallContext<'c>;

#[derive(Clone)]
pub(super) struct Played {
    pub case: usize,
    pub stage: SharedStage,
}

impl std::fmt::Debug for Played {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "complaint {}", self.case)
    }
}

impl Played {
    pub fn stage(&self) -> MutexGuard<'_, Box<dyn Stage>> {
        lock(&self.stage)
    }

    /// Returns the stage, which hears the line that is carried out.
    pub fn hear(&self, at: &Line<'_>) -> MutexGuard<'_, Box<dyn Stage>> {
        hear(&self.stage, at)
    }
}

/// Returns the stage, which hears the line that is carried out.
pub(super) fn hear<'s>(stage: &'s SharedStage, at: &Line<'_>) -> MutexGuard<'s, Box<dyn Stage>> {
    let mut stage = lock(stage);
    stage.line(at.call_position().line().unwrap_or(0));
    stage
}

pub(super) fn lock(stage: &SharedStage) -> MutexGuard<'_, Box<dyn Stage>> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the texts of a list.
pub(super) fn texts(array: Array) -> Vec<String> {
    array.into_iter().map(|v| v.into_string().unwrap_or_default()).collect()
}
