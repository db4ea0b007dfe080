//! `proposal_files`: each file of a proposal that is other than where it starts from.

use crate::store::row::row;

row! {
    pub(in crate::store) struct ProposalFileRow in "proposal_files" as "file" ("proposal_id", "path") {
        pub proposal_id: i64,
        pub path: String,
        /// None where the file is left out.
        pub text: Option<String>,
    }
}
