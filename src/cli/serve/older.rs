//! What earlier versions did not keep of complaints, made behind everything else: first what lists and reports reckon with,
//! then what searching finds; and uploads that nobody imported, removed each hour.

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
/// The time after which uploaded files are gone through that nobody imported.
const HOUR: Duration = Duration::from_secs(3_600);
/// The complaints after which the log says how far it is.
const TOLD: usize = 5_000;

/// Goes through all complaints from before, part by part.
pub(super) async fn catch_up(app: Arc<App>, stop: Arc<AtomicBool>) {
    let mut told = None;
    let mut pause = PAUSE;
    let mut hourly = tokio::time::interval(HOUR);
    while !stop.load(Ordering::Relaxed) {
        tokio::select! {
            biased;
            _ = hourly.tick() => sweep(&app).await,
            () = tokio::time::sleep(pause) => {}
        }
        if pause == LOOK {
            continue;
        }
        pause = match part(&app, &mut told).await {
            Ok(0) => LOOK,
            Ok(_) => PAUSE,
            Err(e) => {
                tracing::error!("what this version keeps of older complaints cannot be written yet: {e}");
                AFTER_FAILURE
            }
        };
    }
}

async fn sweep(app: &App) {
    if let Err(e) = app.workflow.importing().sweep().await {
        tracing::error!("uploaded files that nobody imported cannot be removed: {e}");
    }
}

/// Goes through some of them, tells now and then how many are left, and returns whether there may be any.
async fn part(app: &App, told: &mut Option<usize>) -> Result<usize, StoreError> {
    let counted = app.workflow.records().count_some_older().await?;
    if counted > 0 {
        return Ok(counted);
    }
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
