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
        /// The moment at which it began.
        pub at: Moment,
        /// Its duration in milliseconds.
        pub millis: i64,
        /// Its outcome.
        pub outcome: AttemptOutcome,
        /// The target's answer, or the reason why there was none, in words.
        pub detail: String,
    }
}
