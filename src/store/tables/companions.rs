//! `companions`: what belongs to rulesets without deciding, under its digest.

use crate::store::error::StoreError;
use crate::store::row::{Row, row};

row! {
    /// The scenarios of a ruleset and the map of the company's text.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StoredCompanions in "companions" as "companions" ("digest") {
        /// The hash over paths and texts, in hexadecimal.
        pub digest: String,
        /// The files as JSON: path to text.
        pub content: String,
    }
}

impl StoredCompanions {
    /// Returns the error of a content that its reader cannot make sense of.
    pub fn unreadable(&self, why: String) -> StoreError {
        let row = format!("companions {}", self.digest);
        StoreError::Unreadable { table: Self::TABLE, column: "content".to_owned(), row, why }
    }
}
