//! `Notification`: a message to somebody, decided but not yet rendered or addressed.

use super::{MessageName, Recipient, Source};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Place within the decision, from 1; with complaint and version it is the notification's id.
    pub ordinal: u32,
    pub recipient: Recipient,
    pub message: MessageName,
    /// What the script handed along: dates as `YYYY-MM-DD`, moments as epoch milliseconds.
    pub data: serde_json::Value,
    /// What sent it.
    pub source: Source,
}
