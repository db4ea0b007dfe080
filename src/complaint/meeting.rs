//! `Meeting`: an appointment with the complainant, and how often it changed (docs/procedure.md row 16).

use super::word_enum;
use crate::calendar::{Date, TimeOfDay};
use serde::{Deserialize, Serialize};

word_enum! {
    /// What became of an appointment.
    MeetingStatus("state of a meeting") {
        Planned = "planned",
        Held = "held",
        Cancelled = "cancelled",
    }
}

word_enum! {
    /// What the complainant answered to the invitation (RFC 5546).
    Coming("answer to an invitation") {
        Accepted = "accepted",
        Declined = "declined",
        Tentative = "tentative",
    }
}

/// An appointment with the complainant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Counts the meetings of the complaint, from 1; with the intake id it is the invitation's UID.
    pub number: u32,
    /// The day, on the organisation's calendar.
    pub day: Date,
    /// Local time of the organisation.
    pub time: TimeOfDay,
    /// Length in minutes, 5 to 1,440.
    pub minutes: u32,
    /// Where it is held, in words.
    pub place: String,
    /// Changes since it was planned: the invitation's SEQUENCE (RFC 5545, 3.8.7.4).
    pub sequence: u32,
    /// What became of it.
    pub status: MeetingStatus,
    /// To the invitation as it now is; a meeting that is moved is asked anew.
    #[serde(default)]
    pub answer: Option<Coming>,
}
