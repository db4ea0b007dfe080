//! What is answered over HTTP: whether the process lives, whether the installation can do its work, and its figures.
//! The pages to come will have their routes here.

mod metrics;
mod server;
mod sources;
mod status;

pub use server::serve;

use crate::watchdog::Watchdog;
use crate::workflow::Workflow;
use axum::Router;
use axum::routing::get;
use sources::Sources;
use std::sync::Arc;

/// Returns the routes.
pub fn router(workflow: Arc<Workflow>, watchdog: Arc<Watchdog>) -> Router {
    Router::new()
        .route("/health", get(status::health))
        .route("/ready", get(status::ready))
        .route("/metrics", get(metrics::metrics))
        .with_state(Sources { workflow, watchdog })
}
