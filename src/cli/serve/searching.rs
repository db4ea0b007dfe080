//! What is from before searching was, gone through behind everything else, so that it can be found as well.

use crate::app::App;
use crate::workflow::StoreError;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The pause between two parts, in which others write, and after a failure.
const PAUSE: Duration = Duration::from_millis(20);
const AFTER_FAILURE: Duration = Duration::from_secs(10);
/// The pause between two looks whether to stop, once nothing is left.
const LOOK: Duration = Duration::from_millis(500);
/// The complaints after which the log says how far it is.
const TOLD: usize = 5_000;

/// Goes through the texts of all complaints that cannot be found by them yet.
pub(super) async fn fill(app: Arc<App>, stop: Arc<AtomicBool>) {
    let mut told = None;
    let mut pause = PAUSE;
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(pause).await;
        if pause == LOOK {
            continue;
        }
        pause = match part(&app, &mut told).await {
            Ok(0) => LOOK,
            Ok(_) => PAUSE,
            Err(e) => {
                tracing::error!("older complaints cannot be made searchable yet: {e}");
                AFTER_FAILURE
            }
        };
    }
}

/// Goes through some of them, tells now and then how many are left, and returns that.
async fn part(app: &App, told: &mut Option<usize>) -> Result<usize, StoreError> {
    let waiting = app.workflow.search_waiting().await?;
    if waiting > 0 && told.is_none_or(|told| told >= waiting + TOLD) {
        tracing::info!(left = waiting, "older complaints are made searchable");
        *told = Some(waiting);
    }
    let left = app.workflow.fill_search().await?;
    if left == 0 && told.is_some() {
        tracing::info!("every complaint can be found by its texts");
    }
    Ok(left)
}
