//! The listener: connections that are limited in number and in time, and that hold up no stop.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

/// The most connections at once; more are closed at once.
const CONNECTIONS: usize = 128;
/// The longest wait for the head of a request, and between two.
const HEAD: Duration = Duration::from_secs(10);
/// The longest life of a connection.
const LIFE: Duration = Duration::from_secs(120);
/// The time that what is under way has once it must end.
const DRAIN: Duration = Duration::from_secs(3);
/// The pause after a connection could not be accepted, such as for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// Answers until `stop`, and then for at most three more seconds.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    let (closing, _) = watch::channel(());
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) => {
                if let Ok(permit) = Arc::clone(&permits).try_acquire_owned() {
                    connections.spawn(answer(stream, router.clone(), closing.subscribe(), permit));
                }
            }
            Err(e) => {
                tracing::warn!("a connection cannot be accepted: {e}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    let _ = closing.send(());
    let all = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN, all).await.is_err() {
        connections.shutdown().await;
    }
}

/// Answers one connection; the permit is held until it ends.
async fn answer(
    stream: TcpStream,
    router: Router,
    mut closing: watch::Receiver<()>,
    _permit: OwnedSemaphorePermit,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    tokio::pin!(connection);
    tokio::select! {
        _ = &mut connection => return,
        _ = closing.changed() => {}
        () = tokio::time::sleep(LIFE) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = tokio::time::timeout(DRAIN, connection).await;
}
