//! `recovery_codes`: what lets somebody in once without the second factor.

use crate::store::row::row;

row! {
    pub(in crate::store) struct RecoveryCodeRow in "recovery_codes" as "recovery code" ("digest") {
        /// The SHA-256 of the code.
        pub digest: String,
        pub email: String,
    }
}
