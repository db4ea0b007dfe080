//! `TakenMail`: what a mail led to.

use crate::reception::IntakeOutcome;
use serde::Serialize;

/// What a mail led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TakenMail {
    /// Which way it came.
    pub source: String,
    /// What became of it.
    pub outcome: IntakeOutcome,
    /// The complaint that it belongs to.
    pub intake_id: Option<String>,
    /// The number of that complaint; none until it is registered.
    pub number: Option<String>,
}
