//! `search`: the texts of complaints as they are searched, their words folded and one blank apart.

use crate::complaint::ComplaintId;
use crate::store::row::{row, view};

row! {
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub(in crate::store) struct SearchRow in "search" as "text" ("id") {
        pub id: i64,
        pub part: String,
        pub of_part: String,
        pub head: String,
        pub body: String,
    }
}

row! {
    /// What every text of a complaint is found by as well.
    pub(in crate::store) struct HeadRow in "search" as "text" ("first", "beyond") {
        /// The range of the ids of the complaint's texts.
        pub first: i64,
        pub beyond: i64,
        pub head: String,
    }
}

view! {
    /// The head of a complaint's texts, as it stands in the first of them.
    pub(in crate::store) struct FirstText in "search" as "text" ("id") {
        pub id: i64,
        pub head: String,
    }
}

view! {
    /// A text that was found.
    pub(in crate::store) struct FoundText in "search" as "text" ("id") {
        pub id: i64,
    }
}

view! {
    /// A mail of a complaint as it is searched.
    #[derive(Debug)]
    pub(in crate::store) struct WrittenMail in "mails" as "mail" ("id") {
        pub id: i64,
        pub complaint_id: ComplaintId,
        pub sender: String,
        pub subject: String,
        pub body: String,
    }
}

view! {
    /// A letter of a complaint as it is searched.
    pub(in crate::store) struct WrittenLetter in "notifications" as "notification" ("id") {
        pub id: String,
        pub complaint_id: ComplaintId,
        pub version: i64,
        pub ordinal: u32,
        pub subject: String,
        pub body: String,
    }
}

view! {
    /// What a person wrote down about a complaint.
    pub(in crate::store) struct WrittenNote in "events" as "event" ("seq") {
        pub complaint_id: ComplaintId,
        pub version: i64,
        pub personal: Option<String>,
    }
}
