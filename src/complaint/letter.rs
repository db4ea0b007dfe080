//! `Letter`: how far the latest message of one name to the complainant has come.

use super::word_enum;
use serde::{Deserialize, Serialize};

word_enum! {
    /// How far a letter has come.
    LetterStatus("state of a letter") {
        Queued = "queued",
        /// Handed over to the mail server (or written to the outbox folder).
        Accepted = "accepted",
        /// Failed for good.
        Failed = "failed",
    }
}

/// The latest letter of one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// How far it has come.
    pub status: LetterStatus,
    /// The decision (complaint version) and ordinal that sent it; an outcome of an older one is ignored.
    pub version: i64,
    /// Its place within that decision.
    pub ordinal: u32,
    /// What the rule or action handed along, so that the letter can be sent again.
    #[serde(default)]
    pub data: serde_json::Value,
}
