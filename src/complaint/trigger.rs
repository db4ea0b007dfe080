//! `StoredTrigger`: something that happened to a complaint and waits in its queue until it is decided on.

use super::{Coming, LetterStatus, Via};
use serde::{Deserialize, Serialize};

/// An occurrence that a complaint is still to be decided on, as the table `triggers` holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StoredTrigger {
    /// A mail opened the complaint.
    Received {
        /// The sender's address.
        by: String,
    },
    /// Told to an employee, who logged it.
    Contact {
        /// The employee's address.
        by: String,
        /// The route by which they logged it.
        #[serde(default = "by_command")]
        via: Via,
    },
    /// A mail was added.
    Mail {
        /// The sender's address.
        by: String,
        /// The sender is the complainant.
        from_complainant: bool,
    },
    /// An answer to an invitation.
    Attendance {
        /// The complainant's address.
        by: String,
        /// The number of the meeting within its complaint.
        meeting: u32,
        /// The answer.
        coming: Coming,
    },
    /// The outcome of a letter's delivery.
    Delivered {
        /// The name of the message.
        message: String,
        /// The decision that sent it: the complaint's version.
        version: i64,
        /// Its place within that decision.
        ordinal: u32,
        /// The outcome.
        status: LetterStatus,
    },
    /// Somebody called a letter back before it went.
    Recalled {
        /// The address of who did.
        by: String,
        /// The route by which they did.
        #[serde(default = "on_the_page")]
        via: Via,
        /// The name of the message.
        message: String,
        /// The decision that sent it: the complaint's version.
        version: i64,
        /// Its place within that decision.
        ordinal: u32,
    },
}

/// Returns how a contact was logged of which an earlier version does not say it.
fn by_command() -> Via {
    Via::CommandLine
}

/// Returns how a letter was called back of which an earlier version does not say it.
fn on_the_page() -> Via {
    Via::Page
}

impl StoredTrigger {
    /// Returns the JSON that the table `triggers` holds.
    pub fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }
}
