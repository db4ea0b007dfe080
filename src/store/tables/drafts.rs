//! `drafts`: what people typed in the form of an action and have not sent.

use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::store::column::Json;
use crate::store::row::row;
use std::collections::BTreeMap;

/// The time after which a draft that is sent again counts as newly kept.
const DAY_MILLIS: i64 = 86_400_000;

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

/// What tells a draft from others, beside its complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftKey {
    /// The address of the person.
    pub email: String,
    /// The action.
    pub action: String,
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

    /// Returns whether it holds what a later one of the same person for the same action says, and was kept on about the same
    /// day, so that keeping the later one would change nothing that anybody needs.
    pub fn is_still(&self, later: &Self) -> bool {
        (&self.form, self.version, &self.answers.0) == (&later.form, later.version, &later.answers.0)
            && later.at.millis() - self.at.millis() < DAY_MILLIS
    }

    /// Returns what was typed, by question.
    pub fn answers(&self) -> &BTreeMap<String, String> {
        &self.answers.0
    }
}
