//! `events`: the audit trail as rows; how they are chained is `chain.rs`.

use crate::calendar::{Date, Moment};
use crate::complaint::{ComplaintId, EventKind, Via};
use crate::store::row::{row, view};
use serde::Serialize;

row! {
    /// An event with its place in the trail.
    #[derive(Clone, Debug, Serialize)]
    pub struct StoredEvent in "events" as "event" ("seq") {
        pub seq: i64,
        pub complaint_id: Option<ComplaintId>,
        /// The decision of the complaint it belongs to; 0 without one.
        pub version: i64,
        pub at: Moment,
        /// The local day, for people who query the table; it follows from `at` and the organisation's zone, and is
        /// no part of the chain.
        #[serde(skip)]
        pub(in crate::store) on_day: Date,
        pub kind: EventKind,
        pub by: String = "caused_by",
        pub via: Via,
        pub rule: Option<String>,
        pub ruleset: String,
        pub summary: String,
        /// JSON; enters the chain as it is.
        pub data: String,
        /// JSON; enters the chain as a salted digest, so that it can be removed.
        pub personal: Option<String>,
        #[serde(skip)]
        pub(in crate::store) salt: Option<String>,
        #[serde(skip)]
        pub(in crate::store) personal_digest: Option<String>,
        #[serde(skip)]
        pub(in crate::store) prev: String,
        pub hash: String,
    }
}

view! {
    /// How often a rule, action or schedule was at work.
    pub(in crate::store) struct RuleCount in "events" as "event" ("rule") {
        pub rule: String,
        pub events: i64,
    }
}
