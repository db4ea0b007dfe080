//! Sharing the work among the processes of one database: each does its share, and what one does no longer do others take
//! up (docs/semantics.md 5.9).

use super::Workflow;
use crate::progress::Part;
use crate::store::{Process, Share, StoreError};
use std::sync::PoisonError;
use std::time::Duration;

/// The time for which a process counts as living after it has shown itself.
const LEASE: Duration = Duration::from_secs(12);
/// The time after which a process whose scheduler stands still leaves its work to others.
const STILL: Duration = Duration::from_secs(60);

impl Workflow {
    /// Returns the share of the work that this process does; all of it unless it has shown itself to others.
    pub fn share(&self) -> Share {
        *self.share.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows that this process lives, and takes the share that falls to it among those that do. One whose scheduler
    /// stands still does not show itself. Returns whether its share has changed.
    pub async fn share_with_others(&self, process: &Process) -> Result<bool, StoreError> {
        if self.progress.still_for(&Part::Scheduler).is_some_and(|still| still >= STILL) {
            return Ok(false);
        }
        let living = self.store.processes().renew(process, LEASE).await?;
        Ok(self.take_share(Share::among(&process.id, &living)))
    }

    /// Leaves the work to others.
    pub async fn leave(&self, process: &Process) -> Result<(), StoreError> {
        self.store.processes().leave(&process.id).await
    }

    fn take_share(&self, share: Share) -> bool {
        let mut current = self.share.write().unwrap_or_else(PoisonError::into_inner);
        let has_changed = *current != share;
        *current = share;
        drop(current);
        if has_changed {
            tracing::info!(processes = share.of(), "the work is shared anew");
            self.wake();
        }
        has_changed
    }
}
