//! `Case`: everything a decision about one complaint starts from.

use super::{Complaint, ComplaintId, Deadline, DeadlineName, Latch, Related};
use crate::calendar::Moment;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A rule kept from one complaint because it went round in circles (semantics 4.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    pub rule: String,
    /// The ruleset under which it holds; another one lifts it.
    pub ruleset: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The script failed.
    Script,
    /// The script exceeded a limit.
    Limit,
    /// Rules keep turning each other on.
    Cycle,
    /// The message could not be rendered.
    Message,
}

/// A rule that failed for one complaint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub rule: String,
    /// The ruleset under which it failed; a new one gets a new chance.
    pub ruleset: String,
    pub kind: FaultKind,
    /// `rules/30_treatment.rhai:12:7`.
    pub place: String,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub id: ComplaintId,
    /// Counts decisions, from 0 before the first; the commit is conditional on it.
    pub version: i64,
    pub complaint: Complaint,
    /// The newest instance of each name, armed or not.
    pub deadlines: Vec<Deadline>,
    pub latches: Vec<Latch>,
    pub suspensions: Vec<Suspension>,
    /// What failed under the ruleset in force; they flag the complaint, and each is told once.
    pub faults: Vec<Fault>,
    /// Subject and body in lower case, loaded only where a rule asks (`text_mentions`).
    pub text: Option<Arc<str>>,
    pub related: Vec<Related>,
    /// The wake-up it was loaded with; what fires long after it says how late it is.
    pub wake_at: Option<Moment>,
    /// Time never goes back for a complaint (semantics 2.1).
    pub decided_at: Moment,
    /// Ruleset and settings of its last decision; empty before the first.
    pub evaluated_under: String,
}

impl Case {
    /// A case before its first decision.
    pub fn new(id: ComplaintId, complaint: Complaint) -> Self {
        Self {
            id,
            version: 0,
            decided_at: complaint.received_at,
            complaint,
            deadlines: Vec::new(),
            latches: Vec::new(),
            suspensions: Vec::new(),
            faults: Vec::new(),
            text: None,
            related: Vec::new(),
            wake_at: None,
            evaluated_under: String::new(),
        }
    }

    /// The armed instance of a deadline, if there is one.
    pub fn armed(&self, name: &str) -> Option<&Deadline> {
        self.deadlines.iter().find(|d| d.name.as_str() == name && d.is_armed())
    }

    /// The instance number that a condition depends on: the armed one, or 0.
    pub fn armed_instance(&self, name: &DeadlineName) -> u32 {
        self.armed(name.as_str()).map_or(0, |d| d.instance)
    }
}
