//! `Latch`: the memory that a rule has fired, so that it fires once each time its condition turns true; and how often it
//! did on one day.

use super::{DeadlineName, RuleName};
use crate::calendar::{Date, Moment};
use serde::{Deserialize, Serialize};

/// A deadline instance that the rule's condition read; a new instance unlatches (docs/semantics.md 4.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The deadline that was read, by `due`, `alarm_at` or `overdue`.
    pub deadline: DeadlineName,
    /// The armed instance that was read, 0 when none was armed.
    pub instance: u32,
}

/// The name of a latch of a complaint: a rule, and the element of its `for`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LatchKey {
    /// The rule, by its name when it fired.
    pub rule: RuleName,
    /// The stable id of the element of `for`; empty without `for`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub element: String,
}

/// The memory that a rule has fired for one complaint, or for one element of its `for`
/// (docs/semantics.md 4.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latch {
    /// The rule, by its name when it fired.
    pub rule: RuleName,
    /// The stable id of the element of `for`; empty without `for`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub element: String,
    /// The moment at which the condition turned true; repeats of `every` count from here
    /// (docs/semantics.md 2.9).
    pub since: Moment,
    /// The number of the newest repeat of `every` that is past, 0 while none is.
    #[serde(default)]
    pub repeat: i64,
    /// The deadline instances that the condition read when it fired.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
}

/// How often a rule has fired for one complaint, or one element of its `for`, on one day; repeats do not count
/// (docs/semantics.md 4.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiringCount {
    /// The rule, by its name when it fired.
    pub rule: RuleName,
    /// The stable id of the element of `for`; empty without `for`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub element: String,
    /// The local day.
    pub day: Date,
    /// The number of firings on it.
    pub firings: u32,
}
