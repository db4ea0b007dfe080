//! `proposal_trials`: what was found when a proposal was tried last.

use crate::calendar::Moment;
use crate::complaint::word_enum;
use crate::store::row::row;

word_enum! {
    /// How a proposal is tried.
    TrialKind("kind of trial") {
        /// Its scenarios are played.
        Scenarios = "scenarios",
        /// It is planned over all live complaints.
        Plan = "plan",
    }
}

row! {
    /// What a trial found.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Trial in "proposal_trials" as "trial" ("proposal_id", "kind") {
        /// The proposal.
        pub proposal_id: i64,
        /// How it was tried.
        pub kind: TrialKind,
        /// The digest of what was tried.
        pub tried: String,
        /// The moment at which it was.
        pub at: Moment,
        /// What it found, as JSON.
        pub found: String,
    }
}
