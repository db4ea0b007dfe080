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
    /// The texts of a stored ruleset.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StoredRuleset in "rulesets" as "ruleset" ("hash") {
        pub hash: String,
        /// As JSON.
        pub content: String,
        /// Rules that only changed their name when it was published, as JSON: old name to new.
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
