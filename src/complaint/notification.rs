//! `Notification`: a message to somebody, decided but not yet rendered or addressed.

use super::{LatchKey, MessageName, Recipient, Source};

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
    /// The firing that sent it; none for what no rule's condition brought about.
    pub firing: Option<LatchKey>,
    /// True when the breach of a term brought it about: it goes at once, whatever its message says
    /// (docs/semantics.md 8.2).
    pub tells_breach: bool,
}

impl Notification {
    /// Makes a message of the engine that belongs to no decision about a complaint.
    pub fn of_engine(recipient: Recipient, message: MessageName, data: serde_json::Value) -> Self {
        Self {
            ordinal: 1,
            recipient,
            message,
            data,
            source: Source::Engine,
            unless_reached_by: Vec::new(),
            firing: None,
            tells_breach: false,
        }
    }
}
