//! `Notification`: a message to somebody, decided but not yet rendered or addressed.

use super::{MessageName, Recipient, Source};

/// A message to one recipient, decided on but not yet rendered or addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The place within the decision, from 1; complaint, version and ordinal together are the notification's
    /// id (docs/semantics.md 5.3).
    pub ordinal: u32,
    /// The one it is for, looked up when it is rendered.
    pub recipient: Recipient,
    /// The template to render.
    pub message: MessageName,
    /// The data that the script handed along: dates as `YYYY-MM-DD`, moments as epoch milliseconds in UTC.
    pub data: serde_json::Value,
    /// The rule, action, schedule or engine that sent it.
    pub source: Source,
    /// The notifications of the same decision, by ordinal, that told the same: whom they reach is not told
    /// again (docs/semantics.md 3.3).
    pub unless_reached_by: Vec<u32>,
}
