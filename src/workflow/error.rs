//! `WorkflowError`: why something was not done.

use crate::report::ReportError;
use crate::store::StoreError;

/// A failure of the path; nothing of the decision concerned was committed.
#[derive(Debug, thiserror::Error)]
pub enum WorkflowError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file that goes with a complaint could not be deleted.
    #[error("{0}")]
    Files(std::io::Error),
    /// The wall clock stopped the evaluation (docs/semantics.md 4.5).
    #[error("the decision took longer than 5 seconds and was stopped; nothing was changed")]
    Cancelled,
    /// Another ruleset came in force since this one was planned, or its proposal was changed.
    #[error(
        "something else came in force meanwhile, or was changed: nothing was published; look at the plan again"
    )]
    Overtaken,
    /// A report cannot be written.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// A task of this process was ended.
    #[error("the work was interrupted")]
    Interrupted,
}
