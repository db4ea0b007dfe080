//! `absences` and `deputies`: who is away and who stands in, as people entered it.

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

row! {
    /// Who stands in for somebody.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ChosenDeputy in "deputies" as "deputy" ("email") {
        /// The address of who is stood in for.
        pub email: String,
        /// The address of who stands in.
        pub deputy: String,
        /// The address of who chose so.
        pub chosen_by: String,
        /// The moment at which that was.
        pub chosen_at: Moment,
    }
}
