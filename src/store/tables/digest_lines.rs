//! `digest_lines`: what each digest carried.

use crate::store::row::row;

row! {
    /// A notification that a digest carried.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct DigestLine in "digest_lines" as "line of a digest" ("digest_id", "notification_id") {
        /// The notification that is the digest.
        pub digest_id: String,
        /// The notification that it carried.
        pub notification_id: String,
        /// The place in the digest, from 1; notifications that said the same share one.
        pub position: i64,
        /// The line as it was sent.
        pub line: String,
    }
}
