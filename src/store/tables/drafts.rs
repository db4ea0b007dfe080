//! `drafts`: what people typed in the form of an action and have not sent.

use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::store::column::Json;
use crate::store::row::row;
use std::collections::BTreeMap;

row! {
    /// What somebody typed in the form of an action of one complaint.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Draft in "drafts" as "draft" ("email", "complaint_id", "action") {
        /// The address of the person.
        pub email: String,
        /// The complaint.
        pub complaint_id: ComplaintId,
        /// The action.
        pub action: String,
        /// The key of the form.
        pub form: String,
        /// The version of the complaint that the person saw last.
        pub version: i64,
        pub(in crate::store) answers: Json<BTreeMap<String, String>>,
        /// The moment at which it was kept.
        pub at: Moment,
    }
}

impl Draft {
    /// Makes a draft of what was typed, by question.
    pub fn new(
        (email, complaint_id, action): (&str, ComplaintId, &str),
        (form, version): (&str, i64),
        answers: BTreeMap<String, String>,
        at: Moment,
    ) -> Self {
        let (email, action, form) = (email.to_owned(), action.to_owned(), form.to_owned());
        Self { email, complaint_id, action, form, version, answers: Json(answers), at }
    }

    /// Returns what was typed, by question.
    pub fn answers(&self) -> &BTreeMap<String, String> {
        &self.answers.0
    }
}
