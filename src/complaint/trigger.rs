//! `StoredTrigger`: what happened to a complaint and waits in its queue until it is decided on.

use super::{Coming, LetterStatus};
use serde::{Deserialize, Serialize};

/// What happened to a complaint, as the table `triggers` holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StoredTrigger {
    /// A mail opened the complaint.
    Received { by: String },
    /// Told to an employee, who logged it.
    Contact { by: String },
    /// A mail was added.
    Mail { by: String, from_complainant: bool },
    /// An answer to an invitation.
    Attendance { by: String, meeting: u32, coming: Coming },
    /// The outcome of a letter's delivery.
    Delivered { message: String, version: i64, ordinal: u32, status: LetterStatus },
}

impl StoredTrigger {
    /// Returns the JSON that the table `triggers` holds.
    pub fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }
}
