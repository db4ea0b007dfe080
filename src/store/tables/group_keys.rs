//! `group_keys`: which complaints share a value, so that a group is found without looking at other complaints.

use crate::calendar::{Date, Moment};
use crate::complaint::{Channel, Complaint, ComplaintId, GroupKey, Member, Name, Number, State};
use crate::store::column::Json;
use crate::store::row::{row, view};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

row! {
    pub(in crate::store) struct GroupKeyRow in "group_keys" as "group key" ("complaint_id", "field") {
        complaint_id: ComplaintId,
        field: String,
        digest: String,
        received_at: Moment,
    }
}

impl GroupKeyRow {
    /// Returns the rows of a complaint.
    pub fn of(id: ComplaintId, complaint: &Complaint) -> impl Iterator<Item = Self> {
        let received_at = complaint.received_at;
        GroupKey::all(complaint).into_iter().map(move |key| Self {
            complaint_id: id,
            field: key.by.to_string(),
            digest: digest(&key),
            received_at,
        })
    }
}

/// Returns what stands for a group in the table: half a SHA-256 of field and value, in hexadecimal.
pub(in crate::store) fn digest(key: &GroupKey) -> String {
    format!("{:.32x}", Sha256::digest(format!("{}\n{}", key.by, key.value)))
}

/// The part of the facts that a complaint shows to the others of a group, and what it is grouped by.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::store) struct ShownFacts {
    #[serde(default)]
    about: Option<String>,
    verdict: Option<Name>,
    ground: Option<Name>,
    #[serde(default)]
    cause_kind: Option<Name>,
    agreement: Option<Name>,
    escalation: Option<Name>,
    channel: Channel,
    flags: BTreeSet<Name>,
    counters: BTreeMap<Name, i64>,
}

view! {
    /// A complaint as the others of a group see it.
    pub(in crate::store) struct MemberRow in "complaints" as "complaint" ("id") {
        pub digest: String,
        id: ComplaintId,
        number: Option<Number>,
        intake_id: String,
        state: State,
        received_at: Moment,
        decided_on: Option<Date>,
        facts: Json<ShownFacts>,
    }
}

impl From<MemberRow> for Member {
    fn from(row: MemberRow) -> Self {
        let shown = row.facts.0;
        Self {
            id: row.id,
            number: row.number,
            intake_id: row.intake_id,
            about: shown.about,
            state: row.state,
            received_at: row.received_at,
            decided_on: row.decided_on,
            verdict: shown.verdict,
            ground: shown.ground,
            cause: shown.cause_kind,
            agreement: shown.agreement,
            escalation: shown.escalation,
            channel: shown.channel,
            flags: shown.flags,
            counters: shown.counters,
        }
    }
}

view! {
    /// Who is in a group.
    pub(in crate::store) struct GroupedRow in "group_keys" as "group key" ("complaint_id", "field") {
        pub complaint_id: ComplaintId,
        pub digest: String,
    }
}

view! {
    /// A complaint with its facts, from which its rows follow.
    pub(in crate::store) struct GroupableRow in "complaints" as "complaint" ("id") {
        pub id: ComplaintId,
        pub facts: Json<Complaint>,
    }
}
