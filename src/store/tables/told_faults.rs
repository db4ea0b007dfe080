//! `told_faults`: a fault is told once per rule and ruleset; a cause for which mail is held, once, under no ruleset.

use crate::calendar::Moment;
use crate::store::row::row;

row! {
    pub(in crate::store) struct ToldFaultRow in "told_faults" as "fault" ("rule", "ruleset") {
        pub rule: String,
        pub ruleset: String,
        pub told_at: Moment,
    }
}
