//! `ProposalError`: why a proposal is not as somebody wants it.

use crate::store::StoreError;
use crate::workflow::change_error::ChangeError;
use crate::workflow::error::WorkflowError;

/// The longest name of a proposal in characters.
pub(super) const NAME: usize = 120;
/// The most files that differ.
pub(super) const FILES: usize = 300;

/// Why a proposal cannot be published as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadyBecause {
    /// It changes nothing.
    Nothing,
    /// Another ruleset came in force since it began.
    Behind,
    /// It has so many mistakes.
    Mistakes(usize),
    /// Its scenarios were not played as it is now.
    NotPlayed,
    /// So many of its scenarios fail.
    Failing(usize),
    /// It was not planned as it is now.
    NotPlanned,
    /// The plan is another than the one that was looked at.
    AnotherPlan,
}

/// A reason why a proposal is not as somebody wants it.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// The person may not, or there is no such proposal.
    #[error("there is no such proposal for this person")]
    NotYours,
    /// It was changed since the person looked.
    #[error("the proposal was changed meanwhile")]
    Changed,
    /// A file of it was changed since the person looked.
    #[error("the file was changed meanwhile")]
    FileChanged,
    /// It is not open any more.
    #[error("the proposal is not open any more")]
    Ended,
    /// Something else is done with it at the moment.
    #[error("something else is done with the proposal at the moment")]
    UnderWay,
    /// Too many proposals are open.
    #[error("too many proposals are open: give up some first")]
    TooMany,
    /// Nothing, or too much, to call it.
    #[error("a proposal has a name of at most {NAME} characters")]
    Name,
    /// No file of a rules folder has this path.
    #[error("no file of a rules folder is called so: 30_name.rhai, tests/30_name.rhai, messages/nl/name.md")]
    Path,
    /// A text, or what differs, is too large.
    #[error("a file has at most 1 MiB, and at most {FILES} files differ")]
    TooLarge,
    /// The rules folder of the server cannot be read.
    #[error("the rules folder cannot be read: {0}")]
    Folder(String),
    /// It cannot be published as it is.
    #[error("it cannot be published yet: {0:?}")]
    Unready(UnreadyBecause),
    /// Who, or why, is not enough; in words for the person.
    #[error(transparent)]
    Refused(#[from] ChangeError),
    /// The work itself failed.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl From<StoreError> for ProposalError {
    fn from(error: StoreError) -> Self {
        Self::Workflow(error.into())
    }
}
