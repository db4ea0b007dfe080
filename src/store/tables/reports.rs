//! `reports`: reports that somebody has put conclusions under (docs/procedure.md rows 36 and 37).

use crate::calendar::{Date, Moment};
use crate::store::row::row;
use serde::Serialize;

row! {
    /// A report with its conclusions (docs/procedure.md rows 36 and 37).
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct ConcludedReport in "reports" as "report" ("from_on", "to_on") {
        /// The first and last day it is about.
        pub from: Date = "from_on",
        pub to: Date = "to_on",
        pub conclusions: String,
        /// The counts as they stood, as JSON.
        #[serde(skip)]
        pub counts: String,
        pub concluded_by: String,
        #[serde(skip)]
        pub concluded_at: Moment,
    }
}
