//! Other complaints as this one sees them: links, and a snapshot of their facts.

use super::{ComplaintId, Number, State};
use crate::calendar::Date;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// Same sender: a candidate for "complained of before" (procedure row 26).
    Candidate,
    /// Confirmed: this complaint repeats the other.
    Repeats,
    /// Merged into the other.
    Merged,
    /// Belongs together, for another reason.
    Related,
}

impl LinkKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Repeats => "repeats",
            Self::Merged => "merged",
            Self::Related => "related",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub kind: LinkKind,
    pub other: ComplaintId,
}

/// A snapshot of another complaint (semantics 2.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    pub id: ComplaintId,
    pub kind: LinkKind,
    pub number: Option<Number>,
    pub intake_id: String,
    pub state: State,
    pub subject: String,
    pub complainant_email: String,
    pub decided_on: Option<Date>,
}
