//! Sharing the work: shows the other processes of the database that this one lives, for as long as it does.

use crate::app::App;
use crate::random;
use crate::workflow::Process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The pause between two signs of life, and between two looks at whether to stop.
const RENEW: Duration = Duration::from_secs(3);
const LOOK: Duration = Duration::from_millis(500);

/// The name of this process among those that share a database.
#[derive(Clone, Debug)]
pub(super) struct Sharing(String);

impl Sharing {
    /// Shows itself for the first time, before any work is done.
    pub async fn begin(app: &App) -> Self {
        let sharing = Self(random::hex::<16>());
        sharing.show(app).await;
        sharing
    }

    /// Shows itself until `stop`, and then leaves the work to the others.
    pub async fn run(self, app: Arc<App>, stop: Arc<AtomicBool>) {
        let mut looks = 0;
        while !stop.load(Ordering::Relaxed) {
            tokio::time::sleep(LOOK).await;
            looks += 1;
            if LOOK * looks < RENEW {
                continue;
            }
            looks = 0;
            self.show(&app).await;
        }
        if let Err(e) = app.workflow.leave(&self.process(&app)).await {
            tracing::warn!("other processes take up the work of this one only when its lease ends: {e}");
        }
    }

    async fn show(&self, app: &App) {
        if let Err(e) = app.workflow.share_with_others(&self.process(app)).await {
            tracing::warn!("other processes cannot be shown that this one lives: {e}");
        }
    }

    fn process(&self, app: &App) -> Process {
        Process {
            id: self.0.clone(),
            place: app.watchdog.observer().to_owned(),
            settings: app.workflow.settings().fingerprint(),
            plugins: app.plugins.fingerprint(),
        }
    }
}
