//! `rulesets`: the texts of every ruleset that was ever published, under their hash.

use crate::calendar::Moment;
use crate::store::error::StoreError;
use crate::store::row::{Row, row, view};

row! {
    pub(in crate::store) struct RulesetRow in "rulesets" as "ruleset" ("hash") {
        pub hash: String,
        pub content: String,
        pub published_at: Moment,
        pub published_by: String,
        pub reason: String,
        /// Rules that only changed their name when it was published, as JSON: old name to new.
        pub renames: String,
    }
}

view! {
    /// A stored ruleset: its texts under its hash.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StoredRuleset in "rulesets" as "ruleset" ("hash") {
        /// The hash over paths and texts, in hexadecimal.
        pub hash: String,
        /// The files as JSON: path to text.
        pub content: String,
        /// The rules that only changed their name when it was published, as JSON: old name to new.
        pub renames: String,
    }
}

impl StoredRuleset {
    /// Returns the error of a column whose text its reader cannot make sense of.
    pub fn unreadable(&self, column: &str, why: String) -> StoreError {
        let row = format!("ruleset {}", self.hash);
        StoreError::Unreadable { table: Self::TABLE, column: column.to_owned(), row, why }
    }
}
