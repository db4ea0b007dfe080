//! The signals that a server obeys.

/// Waits until the process is told to stop, and returns by what.
pub(super) async fn stop() -> &'static str {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            return tokio::select! { _ = interrupt => "interrupted", _ = terminate.recv() => "terminated" };
        }
    }
    let _ = interrupt.await;
    "interrupted"
}
