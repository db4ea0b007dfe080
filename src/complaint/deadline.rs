//! `Deadline`: one instance of a term, a row that explains itself.

use super::{DeadlineName, Role, Source};
use crate::calendar::Moment;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    pub name: DeadlineName,
    /// Counts the armings of this name for this complaint, from 1.
    pub instance: u32,
    /// The role that must meet it.
    pub owner: Role,
    /// Where the term was counted from, when it was written as base + span.
    pub base: Option<Moment>,
    /// The span as people read it: "1 months".
    pub span: Option<String>,
    pub raw_end: Moment,
    /// The legal end, after rolling.
    pub due: Moment,
    /// The start of alarms: the last open day on or before the raw end.
    pub alarm_at: Moment,
    pub rolled_because: Option<String>,
    pub armed_at: Moment,
    /// The rule or action that armed it.
    #[serde(deserialize_with = "Source::or_rule_name")]
    pub armed_by: Source,
    pub met_at: Option<Moment>,
    pub cancelled_at: Option<Moment>,
    /// Set when the same name was armed again.
    pub replaced_at: Option<Moment>,
    pub breached_at: Option<Moment>,
}

/// What may be said of a deadline in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineStatus {
    Armed,
    /// Passed and still not met.
    Overdue,
    Met,
    Cancelled,
    Replaced,
}

impl Deadline {
    /// Armed and unmet, also after its breach (docs/semantics.md 3.2).
    pub fn is_armed(&self) -> bool {
        self.met_at.is_none() && self.cancelled_at.is_none() && self.replaced_at.is_none()
    }

    pub fn status(&self) -> DeadlineStatus {
        match (self.met_at, self.cancelled_at, self.replaced_at, self.breached_at) {
            (Some(_), ..) => DeadlineStatus::Met,
            (_, Some(_), ..) => DeadlineStatus::Cancelled,
            (_, _, Some(_), _) => DeadlineStatus::Replaced,
            (_, _, _, Some(_)) => DeadlineStatus::Overdue,
            _ => DeadlineStatus::Armed,
        }
    }
}
