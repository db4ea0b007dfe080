//! What was seen while the scenarios of a folder were played once: how each ended, the steps between states that complaints
//! took, and what the rules did.

use crate::rules::scenario::ScenarioOutcome;
use crate::rules::{Covered, Transition};
use std::collections::BTreeSet;

/// What was seen while scenarios were played.
#[derive(Debug, Default)]
pub(super) struct SeenInScenarios {
    pub outcomes: Vec<ScenarioOutcome>,
    /// The steps between states that complaints took.
    pub steps: BTreeSet<Transition>,
    /// What the rules did; none where not all scenarios were played.
    pub covered: Option<Covered>,
}
