//! Other complaints as this one sees them: links, and a snapshot of their facts.

use super::{ComplaintId, Number, State, word_enum};
use crate::calendar::Date;
use serde::{Deserialize, Serialize};

word_enum! {
    /// The kinds of link from one complaint to another.
    LinkKind("kind of link") {
        /// The same sender: a candidate for "complained of before" (docs/procedure.md row 26).
        Candidate = "candidate",
        /// Confirmed: this complaint repeats the other.
        Repeats = "repeats",
        /// Merged into the other.
        Merged = "merged",
        /// Belongs together, for another reason.
        Related = "related",
    }
}

/// A link from one complaint to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The kind of link.
    pub kind: LinkKind,
    /// The complaint it leads to.
    pub other: ComplaintId,
}

/// A snapshot of a linked complaint's facts, which rules may read (docs/semantics.md 2.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The store's key of the other complaint.
    pub id: ComplaintId,
    /// The kind of link that leads to it.
    pub kind: LinkKind,
    /// Its number; none until it is registered.
    pub number: Option<Number>,
    /// Its intake id, as `I-2026-000001`.
    pub intake_id: String,
    /// Its main state.
    pub state: State,
    /// The subject of its first mail, as it was sent.
    pub subject: String,
    /// The address of its complainant, in lower case; empty when unknown.
    pub complainant_email: String,
    /// The day of its decision; none until it is decided.
    pub decided_on: Option<Date>,
}
