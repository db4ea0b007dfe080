//! `kept_answers`: what was answered to programs under their keys, for a day.

use crate::calendar::Moment;
use crate::store::row::row;

row! {
    /// An answer to what was sent under a key.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct KeptAnswer in "kept_answers" as "answer" ("key") {
        /// The digest of the program's key and its Idempotency-Key.
        pub key: String,
        /// The digest of what was sent.
        pub sent: String,
        /// The moment at which it began to be done.
        pub begun_at: Moment,
        /// The status of the answer; none while it is being done, and where that broke off.
        pub status: Option<i64>,
        /// The headers of the answer, as JSON pairs.
        pub headers: Option<String>,
        /// The body of the answer.
        pub body: Option<String>,
    }
}
