//! Why no scenario can be made of a complaint.

use crate::complaint::Text;
use crate::store::StoreError;
use crate::workflow::error::WorkflowError;

/// A reason why no scenario can be made of a complaint.
#[derive(Debug, thiserror::Error)]
pub enum NotMade {
    /// There is no such complaint.
    #[error("there is no such complaint")]
    Missing,
    /// What it went through cannot be said in a scenario.
    #[error("{}", .0.en)]
    Unsaid(Text),
    /// Something of ours failed.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl From<StoreError> for NotMade {
    fn from(error: StoreError) -> Self {
        Self::Workflow(error.into())
    }
}

/// Says what no scenario can say.
pub(super) fn unsaid(nl: &str, en: &str) -> NotMade {
    NotMade::Unsaid(Text::new(nl, en))
}
