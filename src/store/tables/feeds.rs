//! `feeds`: the calendars of terms that people have.

use crate::calendar::Moment;
use crate::store::row::row;

row! {
    /// The calendar of somebody's terms.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Feed in "feeds" as "feed" ("email") {
        /// The address of the person.
        pub email: String,
        /// The digest of the secret in its address.
        pub digest: String,
        /// The moment at which it was made.
        pub made_at: Moment,
    }
}
