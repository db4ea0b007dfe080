//! `ChangeError`: why somebody may not change the rules.

use super::error::WorkflowError;
use crate::store::StoreError;

/// Why somebody may not change the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// Nobody says who it is.
    Nobody,
    /// It is none of the people.
    Stranger,
    /// The person has not the role for it.
    Role,
    /// No reason is given, or one that says nothing.
    NoReason,
    /// One of these others must approve the plan first.
    NotApproved(Vec<String>),
}

/// A reason why somebody may not change the rules.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The person may not, or something is missing; in words for who types commands. Nothing was changed.
    #[error("{1}")]
    Refused(ChangeRefusal, String),
    /// The work itself failed.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl From<StoreError> for ChangeError {
    fn from(error: StoreError) -> Self {
        Self::Workflow(error.into())
    }
}
