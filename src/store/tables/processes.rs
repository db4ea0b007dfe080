//! `processes`: the processes that share a database, each with the lease by which it shows that it lives.

use crate::store::row::view;
use serde::Serialize;

view! {
    /// A process that works on the database, and what it goes by.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct Process in "processes" as "process" ("id") {
        /// Its name among all that ever were.
        pub id: String,
        /// The computer and the data folder, for people.
        pub place: String,
        /// A digest of the settings that decisions depend on.
        pub settings: String,
        /// A digest of its plugins.
        pub plugins: String,
    }
}
