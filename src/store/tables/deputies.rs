//! `deputies`: who stands in for whom, as people chose it.

use crate::calendar::Moment;
use crate::store::row::row;

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
