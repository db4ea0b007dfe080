//! `events`: the audit trail as rows; how they are chained is `chain.rs`.

use crate::calendar::{Date, Moment};
use crate::complaint::{Actor, ComplaintId, EventKind, Source, Via};
use crate::store::column::Verbatim;
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
        pub by: Actor = "caused_by",
        pub via: Via,
        /// The name of the source; none for the engine and persons.
        pub rule: Option<String>,
        /// None in rows from before sources were kept.
        #[serde(skip)]
        pub(in crate::store) source: Option<Verbatim<Source>>,
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

impl StoredEvent {
    /// Returns what brought it about; of a row from before sources were kept, as best as name and door tell.
    pub fn source(&self) -> Source {
        let written = self.source.as_ref().map(|source| source.document.clone());
        Source::of_row(written, self.rule.as_deref(), self.via)
    }
}

view! {
    /// How often a rule, action or schedule was at work.
    pub(in crate::store) struct RuleCount in "events" as "event" ("rule") {
        pub rule: String,
        pub events: i64,
    }
}
