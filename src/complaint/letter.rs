//! `Letter`: the progress of the latest message of one name to the complainant.

use super::word_enum;
use serde::{Deserialize, Serialize};

word_enum! {
    /// The progress of a letter.
    LetterStatus("state of a letter") {
        /// Decided on and not yet handed over.
        Queued = "queued",
        /// Handed over to the mail server (or written to the outbox folder).
        Accepted = "accepted",
        /// Failed for good, or bounced (docs/procedure.md T34).
        Failed = "failed",
        /// Called back by a person before it went.
        Recalled = "recalled",
    }
}

/// The latest letter of one message to the complainant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Its progress.
    pub status: LetterStatus,
    /// The decision that sent it, by the complaint's version; an outcome of an older one is ignored.
    pub version: i64,
    /// Its place within that decision, from 1.
    pub ordinal: u32,
    /// The data that the rule or action handed along, kept so that the letter can be sent again.
    #[serde(default)]
    pub data: serde_json::Value,
    /// True when it carries the question of the survey.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks: bool,
}
