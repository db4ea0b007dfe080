//! Settling what came first of many mails while the rest is taken in.

use super::App;
use crate::workflow::WorkflowError;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinSet;

impl App {
    /// Takes in mails, and settles what came first of them meanwhile, on another core; returns what was taken in and how many
    /// decisions were made. A turn settles the rest.
    pub async fn while_settling<T>(&self, taking_in: impl Future<Output = T>) -> (T, usize) {
        let over = Arc::new(AtomicBool::new(false));
        let mut settling = JoinSet::new();
        let (workflow, until) = (Arc::clone(&self.workflow), Arc::clone(&over));
        settling.spawn(async move { workflow.settle_meanwhile(&until).await });
        let taken = taking_in.await;
        over.store(true, Ordering::Relaxed);
        self.workflow.wake();
        let settled = match settling.join_next().await {
            Some(Ok(settled)) => settled,
            Some(Err(_)) | None => Err(WorkflowError::Interrupted),
        };
        let behind =
            |e: &WorkflowError| tracing::warn!("what came in is settled when all of it is there: {e}");
        (taken, settled.inspect_err(behind).unwrap_or(0))
    }
}
