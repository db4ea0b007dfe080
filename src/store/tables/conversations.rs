//! `conversations`: the message ids that the first mail of a complaint refers to; what refers to one of them and is of the
//! same sender belongs to that complaint.

use crate::complaint::ComplaintId;
use crate::store::row::row;
use std::collections::BTreeSet;

row! {
    pub(in crate::store) struct ConversationRow in "conversations" as "conversation" ("reference", "complaint_id") {
        pub reference: String,
        pub complaint_id: ComplaintId,
    }
}

impl ConversationRow {
    /// Returns the rows of a complaint whose first mail refers to these message ids.
    pub fn of(complaint_id: ComplaintId, references: &[String]) -> Vec<Self> {
        let references: BTreeSet<&String> = references.iter().collect();
        references.into_iter().map(|reference| Self { reference: reference.clone(), complaint_id }).collect()
    }
}
