//! The progress of a delivery, the outcome of one attempt, and the progress of a notification with all of its
//! deliveries.

use crate::complaint::word_enum;
use serde::Serialize;
use std::fmt;

word_enum! {
    /// The progress of a delivery.
    DeliveryState("state of a delivery") {
        /// Waiting for an attempt, the first or the next.
        Queued = "queued",
        /// Taken over by the target.
        Accepted = "accepted",
        /// Failed for good: a dead letter until somebody replays it.
        Dead = "dead",
        /// Called back before it went: it never goes.
        Recalled = "recalled",
    }
}

impl DeliveryState {
    /// Returns the condition on its column, written out because partial indexes serve literals only.
    pub(super) fn condition(self) -> String {
        format!("state = '{self}'")
    }
}

word_enum! {
    /// The progress of a notification that goes as a line of a digest.
    GatheredState("state of a gathered notification") {
        /// Waiting for its digest.
        Waiting = "waiting",
        /// A digest carried it.
        Carried = "carried",
        /// What it said was no longer so when its digest went.
        LeftOut = "left_out",
    }
}

impl GatheredState {
    /// Returns the condition on its column, written out because partial indexes serve literals only.
    pub(super) fn condition(self) -> String {
        format!("state = '{self}'")
    }
}

word_enum! {
    /// The outcome of one attempt.
    AttemptOutcome("outcome of an attempt") {
        Accepted = "accepted",
        /// It is tried again.
        Failed = "failed",
        /// It is not tried again.
        Refused = "refused",
        /// It was not attempted.
        Held = "held",
    }
}

/// The progress of a notification: that of the delivery that is furthest behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationState {
    /// No plugin takes it to anybody.
    Undeliverable,
    /// At least one plugin takes it to somebody.
    Deliverable(DeliveryState),
    /// It waits for its digest.
    Waiting,
    /// What it said was no longer so when its digest went.
    LeftOut,
}

impl NotificationState {
    /// Returns the state of a notification from its worst unfinished delivery, its digests' included, and what became
    /// of it where it is gathered.
    pub(super) fn of(
        is_deliverable: bool,
        unfinished: Option<DeliveryState>,
        gathered: Option<GatheredState>,
    ) -> Self {
        match (gathered, is_deliverable, unfinished) {
            (Some(GatheredState::LeftOut), ..) => Self::LeftOut,
            (Some(GatheredState::Waiting), true, _) => Self::Waiting,
            (Some(GatheredState::Waiting) | None, false, _) => Self::Undeliverable,
            (_, _, unfinished) => Self::Deliverable(unfinished.unwrap_or(DeliveryState::Accepted)),
        }
    }

    /// Returns the word for it: `undeliverable`, `waiting`, `left_out`, or that of the delivery's state.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Undeliverable => "undeliverable",
            Self::Deliverable(state) => state.as_str(),
            Self::Waiting => GatheredState::Waiting.as_str(),
            Self::LeftOut => GatheredState::LeftOut.as_str(),
        }
    }
}

impl fmt::Display for NotificationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for NotificationState {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod test {
    use super::{AttemptOutcome, DeliveryState, GatheredState};

    /// These words stand in tables and in the literals of partial indexes.
    #[test]
    fn the_stored_words_stay_as_they_are() {
        let states: Vec<&str> = DeliveryState::ALL.iter().map(|s| s.as_str()).collect();
        assert_eq!(states, ["queued", "accepted", "dead", "recalled"]);
        let outcomes: Vec<&str> = AttemptOutcome::ALL.iter().map(|o| o.as_str()).collect();
        assert_eq!(outcomes, ["accepted", "failed", "refused", "held"]);
        let gathered: Vec<&str> = GatheredState::ALL.iter().map(|g| g.as_str()).collect();
        assert_eq!(gathered, ["waiting", "carried", "left_out"]);
    }
}
