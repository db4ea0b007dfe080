//! Copying complaints for a register of any size; only a rehearsal does it.

use super::Workflow;
use crate::store::StoreError;

impl Workflow {
    /// Copies complaints with everything about them, in turn, until so many copies have been made; `progress` hears how
    /// many there are.
    pub async fn copy_complaints(&self, wanted: usize, progress: &dyn Fn(usize)) -> Result<(), StoreError> {
        self.store.copies().make(wanted, progress).await
    }
}
