//! `absences`: who is away, as people entered it.

use crate::calendar::{Date, Moment};
use crate::store::row::row;

row! {
    /// A period in which somebody is away.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct EnteredAbsence in "absences" as "absence" ("id") {
        /// Drawn when it was entered.
        pub id: String,
        /// The address of who is away.
        pub email: String,
        /// The first local day away.
        pub from_day: Date,
        /// The last local day away.
        pub to_day: Date,
        /// The address of who entered it.
        pub entered_by: String,
        /// The moment at which that was.
        pub entered_at: Moment,
    }
}
