//! `TakenMail`: the result of taking in a mail.

use crate::reception::IntakeOutcome;
use serde::Serialize;

/// The result of taking in a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TakenMail {
    /// The way it came, such as `stdin` or the name of a mailbox.
    pub source: String,
    /// The fate of the mail.
    pub outcome: IntakeOutcome,
    /// The intake id of the complaint that it belongs to; none when it belongs to none.
    pub intake_id: Option<String>,
    /// The number of that complaint; none until it is registered.
    pub number: Option<String>,
    /// Whether it was here before and was forgotten since, so that what it came as is not kept either.
    #[serde(skip)]
    pub is_forgotten: bool,
}
