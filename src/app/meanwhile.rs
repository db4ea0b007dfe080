//! Settling what is due while many mails are taken in, as a server does all the time.

use super::App;
use crate::workflow::WorkflowError;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinSet;

impl App {
    /// Does something, and settles meanwhile, on another core; returns what was done and how many decisions were made. A turn
    /// settles the rest.
    pub async fn while_settling<T>(&self, work: impl Future<Output = T>) -> (T, usize) {
        let over = Arc::new(AtomicBool::new(false));
        let mut settling = JoinSet::new();
        let (workflow, until) = (Arc::clone(&self.workflow), Arc::clone(&over));
        settling.spawn(async move { workflow.settle_meanwhile(&until).await });
        let done = work.await;
        over.store(true, Ordering::Relaxed);
        self.workflow.wake();
        let settled = match settling.join_next().await {
            Some(Ok(settled)) => settled,
            Some(Err(_)) | None => Err(WorkflowError::Interrupted),
        };
        let behind = |e: &WorkflowError| tracing::warn!("what is due is settled when all is taken in: {e}");
        (done, settled.inspect_err(behind).unwrap_or(0))
    }
}
