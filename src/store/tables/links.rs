//! `links`: which complaint lists which, so that those that list a changed one are woken.

use crate::complaint::{Case, ComplaintId, LinkKind};
use crate::store::row::row;

row! {
    pub(in crate::store) struct LinkRow in "links" as "link" ("complaint_id", "other_id") {
        pub complaint_id: ComplaintId,
        pub other_id: ComplaintId,
        kind: LinkKind,
    }
}

impl LinkRow {
    /// Returns the links of a case as rows.
    pub fn of(case: &Case) -> impl Iterator<Item = Self> {
        let links = case.complaint.links.iter();
        links.map(|l| Self { complaint_id: case.id, other_id: l.other, kind: l.kind })
    }
}
