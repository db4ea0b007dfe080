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
        /// The place in the trail, from 1 and without gaps.
        pub seq: i64,
        /// The complaint; none for what belongs to none.
        pub complaint_id: Option<ComplaintId>,
        /// The version of the complaint after the decision it belongs to; 0 without a complaint.
        pub version: i64,
        /// The moment of the decision.
        pub at: Moment,
        /// The local day, for people who query the table; it follows from `at` and the zone that the
        /// organisation was in.
        #[serde(skip)]
        pub(in crate::store) on_day: Date,
        /// The kind of event.
        pub kind: EventKind,
        /// The author.
        pub by: Actor = "caused_by",
        /// The route by which it came.
        pub via: Via,
        /// The name of the source; none for the engine and persons.
        pub rule: Option<String>,
        /// The source itself; none in rows from before sources were kept.
        #[serde(skip)]
        pub(in crate::store) source: Option<Verbatim<Source>>,
        /// The hash of the ruleset it was decided under.
        pub ruleset: String,
        /// The event in a line, without personal data.
        pub summary: String,
        /// The facts of the event, as JSON without personal data; enters the chain as it is.
        pub data: String,
        /// Personal facts, as JSON; enters the chain as a salted digest, so that it can be removed. None
        /// where there are none, or they were removed.
        pub personal: Option<String>,
        #[serde(skip)]
        pub(in crate::store) salt: Option<String>,
        #[serde(skip)]
        pub(in crate::store) personal_digest: Option<String>,
        #[serde(skip)]
        pub(in crate::store) prev: String,
        /// The keyed hash over this event and the hash of the one before, in hexadecimal
        /// (docs/semantics.md 5.4).
        pub hash: String,
        /// The later event that vouches for what was taken out of this one; none where nothing was.
        #[serde(skip)]
        pub(in crate::store) forgotten_by: Option<i64>,
    }
}

view! {
    /// What an event changed of a complaint, without its place in the chain.
    #[derive(Clone, Debug)]
    pub struct ToldChange in "events" as "event" ("seq") {
        /// The place in the trail.
        pub seq: i64,
        /// The complaint.
        pub complaint_id: ComplaintId,
        /// The moment of the decision.
        pub at: Moment,
        /// The kind of event.
        pub kind: EventKind,
        /// The facts of the event, as JSON.
        pub data: String,
        /// Personal facts, as JSON; none where there are none, or they were removed.
        pub personal: Option<String>,
    }
}

impl From<&StoredEvent> for ToldChange {
    fn from(event: &StoredEvent) -> Self {
        Self {
            seq: event.seq,
            complaint_id: event.complaint_id.unwrap_or(ComplaintId(0)),
            at: event.at,
            kind: event.kind,
            data: event.data.clone(),
            personal: event.personal.clone(),
        }
    }
}

impl StoredEvent {
    /// Returns the source; of a row from before sources were kept, as best as name and route tell.
    pub fn source(&self) -> Source {
        let written = self.source.as_ref().map(|source| source.document.clone());
        Source::of_row(written, self.rule.as_deref(), self.via)
    }
}

/// What ties an event to the trail.
#[derive(Clone, Copy, Debug)]
pub struct Chained<'e> {
    /// The source, as the trail writes it; empty in rows from before it was kept.
    pub source: &'e str,
    /// The local day.
    pub on_day: Date,
    /// What the digest of the personal facts was salted with; none where there are none any more.
    pub salt: Option<&'e str>,
    /// The digest of the personal facts; none where there never were any.
    pub personal_digest: Option<&'e str>,
    /// The hash of the event before.
    pub prev: &'e str,
}

impl StoredEvent {
    /// Returns what ties it to the trail.
    pub fn chained(&self) -> Chained<'_> {
        Chained {
            source: self.source.as_ref().map_or("", |source| &source.text),
            on_day: self.on_day,
            salt: self.salt.as_deref(),
            personal_digest: self.personal_digest.as_deref(),
            prev: &self.prev,
        }
    }
}

view! {
    /// The number of firings, actions and runs under one name.
    pub(in crate::store) struct RuleCount in "events" as "event" ("rule") {
        pub rule: String,
        pub events: i64,
    }
}
