//! `alarms`: what the watchdog has found and is not over.

use crate::calendar::Moment;
use crate::store::row::{row, view};

row! {
    /// Something that the watchdog found and that is not over.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct OpenAlarm in "alarms" as "alarm" ("kind", "subject", "observer") {
        /// The kind of trouble, by its name.
        pub kind: String,
        /// What it is about; empty where there is only one.
        pub subject: String,
        /// The process that sees it, where others cannot; empty where everybody can.
        pub observer: String,
        /// The moment at which it was first seen.
        pub since: Moment,
        /// The moment at which it was last seen.
        pub seen_at: Moment,
        /// The moment at which somebody was told; none until then.
        pub told_at: Option<Moment>,
        /// What it is, in words.
        pub said: String,
        /// What to do about it, in words.
        pub remedy: String,
    }
}

view! {
    /// A term that has passed, and of which no message that was delivered has told.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct UntoldTerm in "deadlines" as "deadline" ("complaint_id", "name", "instance") {
        /// The number of the complaint, or its intake id.
        pub reference: String,
        /// The name of the term.
        pub name: String,
        /// Its end.
        pub due: Moment,
    }
}

view! {
    /// The deliveries of a plugin in one state.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Queue in "deliveries" as "delivery" ("plugin") {
        /// The plugin's name.
        pub plugin: String,
        /// Their number.
        pub deliveries: i64,
        /// The moment of the one that counts, epoch milliseconds: see who reads it.
        pub at: Option<Moment>,
    }
}
