//! `Meeting`: an appointment with the complainant, and how often it changed (docs/procedure.md row 16).

use super::word_enum;
use crate::calendar::{Date, TimeOfDay};
use serde::{Deserialize, Serialize};

word_enum! {
    /// The state of an appointment.
    MeetingStatus("state of a meeting") {
        Planned = "planned",
        Held = "held",
        Cancelled = "cancelled",
    }
}

word_enum! {
    /// The complainant's answer to the invitation (RFC 5546).
    Coming("answer to an invitation") {
        Accepted = "accepted",
        Declined = "declined",
        Tentative = "tentative",
    }
}

/// An appointment with the complainant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// The number within the complaint, from 1; with the intake id it is the invitation's UID.
    pub number: u32,
    /// The day, on the organisation's calendar.
    pub day: Date,
    /// The time of day on the organisation's clock.
    pub time: TimeOfDay,
    /// Length in minutes, 5 to 1,440.
    pub minutes: u32,
    /// The place in words.
    pub place: String,
    /// The changes since it was planned: the invitation's SEQUENCE (RFC 5545, 3.8.7.4).
    pub sequence: u32,
    /// Its state.
    pub status: MeetingStatus,
    /// The complainant's answer to the invitation as it now is; none when a meeting was moved and is asked
    /// anew.
    #[serde(default)]
    pub answer: Option<Coming>,
}
