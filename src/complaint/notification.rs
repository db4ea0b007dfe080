//! `Notification`: a message to somebody, decided but not yet rendered or addressed.

use super::MessageName;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Place within the decision, from 1; with complaint and version it is the notification's id.
    pub ordinal: u32,
    /// A role, `complainant`, `responsible`, or an address.
    pub recipient: String,
    pub message: MessageName,
    /// What the script handed along: dates as `YYYY-MM-DD`, moments as epoch milliseconds.
    pub data: serde_json::Value,
    /// The rule or action that sent it; none for the engine's own alarms.
    pub rule: Option<String>,
}
