//! Other complaints as this one sees them: links, and a snapshot of their facts.

use super::{ComplaintId, Number, State, word_enum};
use crate::calendar::Date;
use serde::{Deserialize, Serialize};

word_enum! {
    /// How one complaint is linked to another.
    LinkKind("kind of link") {
        /// Same sender: a candidate for "complained of before" (docs/procedure.md row 26).
        Candidate = "candidate",
        /// Confirmed: this complaint repeats the other.
        Repeats = "repeats",
        /// Merged into the other.
        Merged = "merged",
        /// Belongs together, for another reason.
        Related = "related",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub kind: LinkKind,
    pub other: ComplaintId,
}

/// A snapshot of another complaint (docs/semantics.md 2.6).
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
