//! `schedules`: the last run of each; runs before the first publication never happen.

use crate::calendar::Moment;
use crate::store::row::row;

row! {
    /// The last run of a schedule.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ScheduleRun in "schedules" as "schedule" ("name") {
        /// The schedule's name.
        pub name: String,
        /// The moment at which it was due, whenever it ran.
        pub nominal: Moment = "last_nominal",
    }
}
