//! `proposals`: what is proposed to change of the rules, by whom, and from where it starts.

use crate::calendar::Moment;
use crate::complaint::word_enum;
use crate::store::row::row;

word_enum! {
    /// What became of a proposal.
    ProposalState("state of a proposal") {
        /// Its owner works on it.
        Open = "open",
        /// It came in force.
        Published = "published",
        /// Its owner gave it up.
        Withdrawn = "withdrawn",
    }
}

row! {
    /// A proposal.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Proposal in "proposals" as "proposal" ("id") {
        /// Its id.
        pub id: i64,
        /// The name that its owner gave it.
        pub name: String,
        /// The address of who may change it.
        pub owner: String,
        /// What became of it.
        pub state: ProposalState,
        /// The number of changes of its texts and of what it starts from.
        pub version: i64,
        /// The hash of the ruleset from which it starts.
        pub ruleset: String,
        /// The digest of the companions from which it starts.
        pub companions: String,
        /// The moment at which it was begun.
        pub begun_at: Moment,
        /// The moment of the last change.
        pub changed_at: Moment,
    }
}
