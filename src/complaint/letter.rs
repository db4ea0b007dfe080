//! `Letter`: how far the latest message of one name to the complainant has come.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterStatus {
    Queued,
    /// Handed over to the mail server (or written to the outbox folder).
    Accepted,
    /// Failed for good.
    Failed,
}

impl LetterStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
        }
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
