//! `reports`: reports that somebody has put conclusions under (docs/procedure.md rows 36 and 37).

use crate::calendar::{Date, Moment};
use crate::store::row::row;
use serde::Serialize;

row! {
    /// A report with its conclusions (docs/procedure.md rows 36 and 37).
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct ConcludedReport in "reports" as "report" ("from_on", "to_on") {
        /// The first day it is about.
        pub from: Date = "from_on",
        /// The last day it is about.
        pub to: Date = "to_on",
        /// The conclusions, in the words of who concluded it.
        pub conclusions: String,
        /// The counts as they stood then, as JSON.
        #[serde(skip)]
        pub counts: String,
        /// The address of who concluded it.
        pub concluded_by: String,
        /// The moment at which it was concluded.
        #[serde(skip)]
        pub concluded_at: Moment,
    }
}
