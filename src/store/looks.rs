//! Who looked at all complaints, page by page.

use super::column::{Cell, Json};
use super::error::StoreError;
use super::row::view;
use super::statement::Statement;
use super::views::Views;
use super::visibility::Viewer;
use crate::calendar::Moment;
use crate::complaint::{Complaint, ComplaintId};

view! {
    /// A look at a complaint, with its facts.
    #[derive(Clone, Debug)]
    pub struct Look in "views" as "view" ("complaint_id", "hour", "email") {
        /// The complaint.
        pub complaint_id: ComplaintId,
        /// The hour, counted from 1970 in UTC.
        pub hour: i64,
        /// The address of the person.
        pub email: String,
        /// The moment of the first look in that hour.
        pub at: Moment,
        /// The facts of the complaint, for who may see it.
        facts: Json<Complaint>,
    }
}

impl Look {
    /// Returns the facts of the complaint.
    pub fn facts(&self) -> &Complaint {
        &self.facts.0
    }
}

/// The place of a look among all, the newest hour first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookPlace {
    /// The hour, counted from 1970 in UTC.
    pub hour: i64,
    /// The complaint.
    pub complaint_id: ComplaintId,
    /// The address of the person.
    pub email: String,
}

impl Views {
    /// Reads the looks at the complaints that somebody may see all of, the newest hour first, from behind a place on and at most
    /// `limit`.
    pub async fn newest(
        &self,
        viewer: &Viewer,
        after: Option<&LookPlace>,
        limit: usize,
    ) -> Result<Vec<Look>, StoreError> {
        let looks = "SELECT v.complaint_id, v.hour, v.email, v.at, c.facts FROM views v \
             JOIN complaints c ON c.id = v.complaint_id WHERE v.hour <= $1";
        let mut looks = Statement::new(looks).with(after.map_or(i64::MAX, |place| place.hour));
        if let Some(LookPlace { hour, complaint_id, email }) = after {
            looks = looks.and(" AND (v.hour, v.complaint_id, v.email) < ").and_list([
                Cell::from(*hour),
                Cell::from(*complaint_id),
                Cell::from(email.clone()),
            ]);
        }
        let order = format!(" ORDER BY v.hour DESC, v.complaint_id DESC, v.email DESC LIMIT {limit}");
        viewer.visible_by("v.complaint_id", looks).and(&order).all(&self.0.reader).await
    }
}
