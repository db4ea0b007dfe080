//! The identities of a complaint: its key in the store and the intake id from the first moment, the number
//! from registering.

use crate::calendar::{Calendar, CalendarError, Moment};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The store's key of a complaint; ids are given in order of intake and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ComplaintId(pub i64);

/// `I-2026-000001`: given to every mail that is not automated, before anything else can go wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntakeId(String);

impl IntakeId {
    /// Makes the id of a year's `sequence`-th complaint.
    pub fn new(year: i32, sequence: i64) -> Self {
        Self(format!("I-{year}-{sequence:06}"))
    }

    /// Returns the id as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for IntakeId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for IntakeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// `K-2026-0001`: gap-free within the local year of registering (docs/procedure.md row 12).
///
/// A decision that registers does not know its number yet, the commit gives it (docs/semantics.md 5.3);
/// until then [`Number::PENDING`] stands in every text and is replaced in the transaction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Number(String);

impl Number {
    /// A private-use character that no mail, name or template can bring in: intake strips it.
    pub const PENDING: &'static str = "\u{F8FF}";

    /// Stands for the check letters of a number that is not yet known.
    pub const PENDING_CHECK: &'static str = "\u{F8FE}";

    /// Makes the number of a year's `sequence`-th registered complaint.
    pub fn new(year: i32, sequence: i64) -> Self {
        Self(format!("K-{year}-{sequence:04}"))
    }

    /// Returns the year in which a number given at a moment counts: the local one.
    pub fn year(at: Moment, calendar: &Calendar) -> Result<i32, CalendarError> {
        Ok(calendar.day_of(at)?.year())
    }

    /// Returns what stands for a number that is not given yet.
    pub fn pending() -> Self {
        Self(Self::PENDING.to_owned())
    }

    /// Returns whether the number is not given yet.
    pub fn is_pending(&self) -> bool {
        self.0 == Self::PENDING
    }

    /// Puts the number in a text that was written before it was known; returns whether it was to stand there.
    pub fn fill_in(&self, text: &mut String) -> bool {
        let is_pending = text.contains(Self::PENDING);
        if is_pending {
            *text = text.replace(Self::PENDING, &self.0);
        }
        is_pending
    }

    /// Returns the number as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Number {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
