//! `kept_reports`: reports as they were made, byte for byte.

use crate::calendar::{Date, Moment};
use crate::store::row::{row, view};
use serde::Serialize;
use serde_json::{Value, json};

row! {
    /// A report as it was made.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct KeptReport in "kept_reports" as "report" ("from_on", "to_on", "made_at") {
        /// The first day it is about.
        pub from: Date = "from_on",
        /// The last day it is about.
        pub to: Date = "to_on",
        /// The moment at which it was made.
        pub made_at: Moment,
        /// The local day of that.
        pub made_on: Date,
        /// True where small numbers are left out.
        pub is_open: bool,
        /// True where the conclusions were recorded with it.
        pub is_concluded: bool,
        /// Its figures and tables, as JSON.
        pub content: String,
        /// The same as a page that needs no other file.
        pub page: String,
        /// The SHA-256 of the page, in hexadecimal.
        pub sha256: String,
    }
}

impl KeptReport {
    /// Returns what the trail says of it.
    pub fn in_trail(&self) -> Value {
        json!({"from": self.from, "to": self.to, "open": self.is_open, "sha256": self.sha256})
    }
}

view! {
    /// A report that is kept, without what stands in it.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct KeptReportLine in "kept_reports" as "report" ("from_on", "to_on", "made_at") {
        /// The first day it is about.
        pub from: Date = "from_on",
        /// The last day it is about.
        pub to: Date = "to_on",
        /// The moment at which it was made.
        #[serde(skip)]
        pub made_at: Moment,
        /// The local day of that.
        pub made_on: Date,
        /// True where small numbers are left out.
        pub is_open: bool,
        /// True where the conclusions were recorded with it.
        pub is_concluded: bool,
        /// The SHA-256 of the page, in hexadecimal.
        pub sha256: String,
    }
}
