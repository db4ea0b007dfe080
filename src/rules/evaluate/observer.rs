//! `Observer`: looks on while conditions are evaluated; what it sees changes nothing.

use serde::{Deserialize, Serialize};
use std::sync::{Arc, LazyLock};

/// The kinds of statement that have a condition or run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A rule.
    Rule,
    /// An action, by its condition.
    Action,
    /// A schedule, which runs.
    Schedule,
}

/// A condition as a whole, or one part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Observed<'o> {
    /// The kind of statement.
    pub subject: Subject,
    /// The name of the rule or schedule, or the id of the action.
    pub name: &'o str,
    /// The file, relative to the rules folder.
    pub file: &'o str,
    /// Line and column of the part, from 1; none for the condition as a whole.
    pub part: Option<(usize, usize)>,
}

/// Somebody who is told what conditions come to. Every method does nothing unless it is given a body.
pub trait Observer: std::fmt::Debug + Send + Sync {
    /// Returns whether conditions are to be evaluated part by part, also where the state alone decides them.
    fn wants_parts(&self) -> bool {
        false
    }

    /// Takes note of the scenario that is played from here on.
    fn begins(&self, _scenario: &str) {}

    /// Takes note of what a condition or a part of it came to; of a schedule, that it ran.
    fn saw(&self, _observed: Observed<'_>, _outcome: bool) {}
}

#[derive(Debug)]
struct Nobody;

impl Observer for Nobody {}

static NOBODY: LazyLock<Arc<dyn Observer>> = LazyLock::new(|| Arc::new(Nobody));

/// Returns the observer of production: nobody.
pub fn unobserved() -> &'static Arc<dyn Observer> {
    &NOBODY
}
