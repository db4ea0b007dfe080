//! `approvals`: plans that somebody has approved, for the four-eyes option.

use crate::calendar::Moment;
use crate::store::row::row;

row! {
    pub(in crate::store) struct ApprovalRow in "approvals" as "approval" ("digest", "approved_by") {
        pub digest: String,
        pub approved_by: String,
        pub at: Moment,
    }
}
