//! `TakenMail`: what a mail led to.

use crate::reception::IntakeOutcome;
use serde::Serialize;

/// What a mail led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TakenMail {
    /// Which way it came.
    pub source: String,
    pub outcome: IntakeOutcome,
    /// The complaint that it belongs to.
    pub intake_id: Option<String>,
    pub number: Option<String>,
}
