//! `Letter`: how far the latest message of one name to the complainant has come.

use super::closed::closed;
use serde::{Deserialize, Serialize};

closed! {
    /// How far a letter has come.
    LetterStatus {
        Queued = "queued",
        /// Handed over to the mail server (or written to the outbox folder).
        Accepted = "accepted",
        /// Failed for good.
        Failed = "failed",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    pub status: LetterStatus,
    /// The decision (complaint version) and ordinal that sent it; an outcome of an older one is ignored.
    pub version: i64,
    pub ordinal: u32,
    /// What the rule or action handed along, so that the letter can be sent again.
    #[serde(default)]
    pub data: serde_json::Value,
}
