//! `sessions`: where somebody is signed in.

use crate::calendar::Moment;
use crate::store::row::row;

row! {
    /// A browser in which somebody is signed in.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Session in "sessions" as "session" ("digest") {
        /// The digest of the token that the browser has.
        pub digest: String,
        /// The address of the person.
        pub email: String,
        /// The moment of signing in.
        pub began_at: Moment,
        /// The moment of the last request that was noted.
        pub used_at: Moment,
        /// The browser as it calls itself, shortened.
        pub browser: String,
        /// The moment at which it was ended; none while it runs, or when time ended it.
        pub ended_at: Option<Moment>,
    }
}
