//! `recommendations`: to prevent complaints or improve the procedure (docs/procedure.md row 38).

use crate::calendar::{Date, Moment};
use crate::store::column::Json;
use crate::store::row::row;
use serde::Serialize;

row! {
    pub(in crate::store) struct RecommendationRow in "recommendations" as "recommendation" ("id") {
        id: i64,
        made_on: Date,
        made_by: String,
        content: String,
        owner: String,
        state: String,
        note: String,
        follow_up_on: Date,
        complaints: Json<Vec<String>>,
        changed_at: Moment,
    }
}

/// The columns that may change after it was made.
pub(in crate::store) const CHANGING: &[&str] =
    &["content", "owner", "state", "note", "follow_up_on", "complaints", "changed_at"];

/// A recommendation to prevent complaints or improve the procedure (docs/procedure.md row 38).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recommendation {
    /// The number, from 1; 0 before it is stored.
    pub id: i64,
    /// The local day on which it was made.
    pub made_on: Date,
    /// The address of who made it.
    pub made_by: String,
    /// The recommendation in words.
    pub content: String,
    /// The one who follows it up, as written: usually an address.
    pub owner: String,
    /// The state, declared under `recommendations` in `procedure.toml`.
    pub state: String,
    /// The latest finding about it, in words; empty when there is none.
    pub note: String,
    /// The local day on which it is to be looked at again.
    pub follow_up_on: Date,
    /// The numbers of the complaints it follows from.
    pub complaints: Vec<String>,
    /// The moment of the latest change.
    #[serde(skip)]
    pub changed_at: Moment,
}

impl RecommendationRow {
    pub fn new(id: i64, r: &Recommendation) -> Self {
        Self {
            id,
            made_on: r.made_on,
            made_by: r.made_by.clone(),
            content: r.content.clone(),
            owner: r.owner.clone(),
            state: r.state.clone(),
            note: r.note.clone(),
            follow_up_on: r.follow_up_on,
            complaints: Json(r.complaints.clone()),
            changed_at: r.changed_at,
        }
    }
}

impl From<RecommendationRow> for Recommendation {
    fn from(row: RecommendationRow) -> Self {
        Self {
            id: row.id,
            made_on: row.made_on,
            made_by: row.made_by,
            content: row.content,
            owner: row.owner,
            state: row.state,
            note: row.note,
            follow_up_on: row.follow_up_on,
            complaints: row.complaints.0,
            changed_at: row.changed_at,
        }
    }
}
