//! `IntakeError`: the reasons why a mail could not be taken in.

use crate::workflow::{StoreError, WorkflowError};

/// A reason why a mail could not be taken in. The mail is not stored, and may be tried again.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder in which new mail appears cannot be read, in words.
    #[error("{0}")]
    Inbox(String),
    /// The program failed over it, or the work was ended.
    #[error("Redress failed while taking it in")]
    Interrupted,
    /// Somebody had to be told, and could not be.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}
