//! `Latch`: the memory that a rule has fired, so that it fires once per turning true.

use super::{DeadlineName, RuleName};
use crate::calendar::Moment;
use serde::{Deserialize, Serialize};

/// A deadline instance that the rule's condition read; a new instance unlatches (docs/semantics.md 4.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub deadline: DeadlineName,
    /// The armed instance that was read, 0 when none was armed.
    pub instance: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latch {
    pub rule: RuleName,
    /// The element of `for`, empty without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub element: String,
    /// When the condition turned true.
    pub since: Moment,
    /// Which repeat of `every` fired last, 0 for the first firing.
    #[serde(default)]
    pub repeat: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
}
