//! `publications`: every time a ruleset came in force, with who, when, why and the approved plan.

use crate::calendar::Moment;
use crate::store::row::{row, view};

row! {
    /// One time that a ruleset came in force.
    #[derive(Clone, Debug, serde::Serialize)]
    pub struct PastPublication in "publications" as "publication" ("seq") {
        /// The place among all publications, from 1.
        pub seq: i64,
        /// The hash of the ruleset.
        pub ruleset: String,
        /// The moment at which it came in force.
        #[serde(skip)]
        pub at: Moment,
        /// The address of the publisher; `system` for the first start.
        pub by: String = "published_by",
        /// The publisher's reason, in words.
        pub reason: String,
        /// The approved plan as JSON; empty for a first start.
        pub plan: String,
        /// True when rules that held at that moment were taken for fired.
        pub adopts: bool,
        /// The digest of what belonged to the ruleset; none where an earlier version published it.
        #[serde(skip)]
        pub companions: Option<String>,
    }
}

view! {
    /// A time that a ruleset came in force, without its plan.
    #[derive(Clone, Debug)]
    pub struct InForce in "publications" as "publication" ("seq") {
        /// The place among all publications, from 1.
        pub seq: i64,
        /// The moment at which it came in force.
        pub at: Moment,
        /// The address of the publisher; `system` for the first start.
        pub by: String = "published_by",
        /// The publisher's reason, in words.
        pub reason: String,
    }
}

view! {
    /// A time that a ruleset came in force, with the hash of it and without its plan.
    #[derive(Clone, Debug)]
    pub struct PublicationHead in "publications" as "publication" ("seq") {
        /// The place among all publications, from 1.
        pub seq: i64,
        /// The hash of the ruleset.
        pub ruleset: String,
        /// The moment at which it came in force.
        pub at: Moment,
        /// The address of the publisher; `system` for the first start.
        pub by: String = "published_by",
        /// The publisher's reason, in words.
        pub reason: String,
        /// The digest of what belonged to the ruleset; none where an earlier version published it.
        pub companions: Option<String>,
    }
}
