//! `Moment`: an instant in UTC epoch milliseconds, the only form in which time is stored.

use serde::{Deserialize, Serialize};

/// An instant, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    /// Later than every instant: the end of a deadline that is not armed (docs/semantics.md 3.2).
    pub const NEVER: Self = Self(i64::MAX);

    /// Makes a moment from milliseconds since 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Returns the milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Returns whether this is [`Moment::NEVER`].
    pub const fn is_never(self) -> bool {
        self.0 == i64::MAX
    }

    /// Returns the next millisecond; never stays never.
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// Moves by whole milliseconds; never stays never.
    pub const fn plus_millis(self, millis: i64) -> Self {
        if self.is_never() { self } else { Self(self.0.saturating_add(millis)) }
    }

    pub(super) fn utc(self) -> Option<chrono::DateTime<chrono::Utc>> {
        chrono::DateTime::from_timestamp_millis(self.0)
    }
}
