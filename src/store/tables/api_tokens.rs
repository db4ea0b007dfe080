//! `api_tokens`: the keys by which programs use the interface.

use crate::calendar::Moment;
use crate::store::row::row;

row! {
    /// A key by which a program uses the interface in the name of a person.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ApiToken in "api_tokens" as "key" ("id") {
        /// By which people name it.
        pub id: String,
        /// The digest of the key itself.
        pub digest: String,
        /// The address of the person in whose name it is used.
        pub email: String,
        /// What people call it.
        pub name: String,
        /// What it is good for, a word each, with blanks between them.
        pub scopes: String,
        /// The moment at which it was made.
        pub made_at: Moment,
        /// The moment from which on it counts no longer.
        pub ends_at: Moment,
        /// The moment of the last request that was noted; none before the first.
        pub used_at: Option<Moment>,
        /// The moment at which it was ended; none while it counts, or when time ended it.
        pub ended_at: Option<Moment>,
    }
}
