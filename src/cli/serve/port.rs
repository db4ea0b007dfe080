//! Ports that are listened on.

use crate::cli::Failure;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// Listens on an address, which a key of redress.toml names.
pub(super) async fn listen(address: SocketAddr, key: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|e| Failure::new(format!("{address} cannot be listened on: {e}; set {key} in redress.toml")))
}
