//! `delivery_attempts`: every attempt at a delivery, as a log.

use crate::calendar::Moment;
use crate::store::delivery_state::AttemptOutcome;
use crate::store::row::{row, view};
use serde::Serialize;

row! {
    pub(in crate::store) struct AttemptRow in "delivery_attempts" as "attempt at" ("delivery_id") {
        pub delivery_id: String,
        pub at: Moment,
        pub millis: i64,
        pub outcome: AttemptOutcome,
        pub detail: String,
    }
}

view! {
    /// One attempt, as it was logged.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct Attempted in "delivery_attempts" as "attempt at" ("delivery_id") {
        pub at: Moment,
        /// Duration in milliseconds.
        pub millis: i64,
        pub outcome: AttemptOutcome,
        /// What the target answered, or why there was no answer.
        pub detail: String,
    }
}
