//! `views`: who looked at which complaint in which hour.

use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::store::row::row;

row! {
    /// Somebody looked at a complaint, in one hour, once or more.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct View in "views" as "view" ("complaint_id", "hour", "email") {
        /// The complaint.
        pub complaint_id: ComplaintId,
        /// The hour, counted from 1970 in UTC.
        pub hour: i64,
        /// The address of the person.
        pub email: String,
        /// The moment of the first look in that hour.
        pub at: Moment,
    }
}
