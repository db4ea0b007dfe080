//! The signals that a server obeys.

use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Hears when somebody asks to read the settings again (SIGHUP); without it the signal would end the process.
#[derive(Debug)]
pub(super) struct Hangups(Signal);

impl Hangups {
    /// Begins to listen.
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self(signal(SignalKind::hangup())?))
    }

    /// Waits for at most so long; whether somebody asked.
    pub async fn within(&mut self, time: Duration) -> bool {
        matches!(tokio::time::timeout(time, self.0.recv()).await, Ok(Some(())))
    }
}

/// Waits until the process is told to stop, and returns by what.
pub(in crate::cli) async fn stop() -> &'static str {
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = interrupt => "interrupted",
            _ = terminate.recv() => "terminated",
        },
        Err(_) => {
            let _ = interrupt.await;
            "interrupted"
        }
    }
}
