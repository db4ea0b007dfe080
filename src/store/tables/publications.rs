//! `publications`: every time a ruleset came in force, with who, when, why and the approved plan.

use crate::calendar::Moment;
use crate::store::row::row;

row! {
    /// One time that a ruleset came in force.
    #[derive(Clone, Debug, serde::Serialize)]
    pub struct PastPublication in "publications" as "publication" ("seq") {
        pub seq: i64,
        pub ruleset: String,
        #[serde(skip)]
        pub at: Moment,
        pub by: String = "published_by",
        pub reason: String,
        /// The approved plan as JSON; empty for a first start.
        pub plan: String,
        /// Whether what held at that moment was taken for fired.
        pub adopts: bool,
    }
}
