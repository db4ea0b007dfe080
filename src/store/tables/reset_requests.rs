//! `reset_requests`: forgotten passwords that nobody has looked at yet.

use crate::calendar::Moment;
use crate::store::row::row;

row! {
    /// A request of somebody who has forgotten a password, or says so.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ResetRequest in "reset_requests" as "request" ("address") {
        /// The address as it was typed, in lower case.
        pub address: String,
        /// Drawn for the request.
        pub id: String,
        /// The moment at which it was made.
        pub asked_at: Moment,
    }
}
