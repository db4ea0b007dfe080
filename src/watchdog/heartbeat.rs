//! `Heartbeat`: lets an outside monitor know that all is well; the monitor tells when it hears nothing.

use crate::credentials::SecretUrl;
use crate::network::{ClientTls, Network, explain};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(10);

/// The sender of heartbeats.
#[derive(Debug)]
pub(super) struct Heartbeat(Network);

impl Heartbeat {
    pub fn new(network: &Network) -> Self {
        Self(network.clone())
    }

    /// Calls the monitor.
    ///
    /// # Errors
    /// In words without the address, which may be a secret.
    pub async fn beat(&self, url: &SecretUrl) -> Result<(), String> {
        let url = url.read()?;
        let parsed =
            url::Url::parse(url.expose()).map_err(|_| "heartbeat_url is not an address".to_owned())?;
        let client = self.0.client(ClientTls::default()).map_err(|e| format!("TLS cannot be set up: {e}"))?;
        let request = client.request(reqwest::Method::GET, parsed).map_err(|refusal| refusal.to_string())?;
        let sent = request.timeout(TIMEOUT).send().await;
        let answer = sent.map_err(|e| explain(&e.without_url()))?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(format!("the monitor answers {status}")),
        }
    }
}
