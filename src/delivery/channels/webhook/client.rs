//! `WebhookClient`: the HTTP client of a plugin, with the certificates it trusts and the one it shows.

use super::section::{ClientCertificate, WebhookSection};
use crate::network::{Client, ClientTls, Network};
use std::sync::{Mutex, PoisonError};

/// A client that follows its certificate's files, which are renewed while the program runs.
#[derive(Debug)]
pub(super) struct WebhookClient {
    network: Network,
    ca: Option<Vec<u8>>,
    certificate: Option<ClientCertificate>,
    /// The client, and the certificate and key that it shows.
    open: Mutex<Option<(Vec<u8>, Client)>>,
}

impl WebhookClient {
    /// Reads the certificate that is trusted beside the system's, and sets up TLS.
    ///
    /// # Errors
    /// In words: what cannot be read or used.
    pub fn open(section: &WebhookSection, network: &Network) -> Result<Self, String> {
        let ca = section.ca_file.as_ref().map(std::fs::read).transpose();
        let ca = ca.map_err(|e| format!("webhook.ca_file cannot be read: {e}; name a file in PEM"))?;
        let (network, certificate) = (network.clone(), section.client_certificate.clone());
        let client = Self { network, ca, certificate, open: Mutex::default() };
        // What the certificate's files hold may be mended later; attempts say what is wrong with them.
        client.build(None)?;
        Ok(client)
    }

    /// Returns the client as the files have it now.
    ///
    /// # Errors
    /// In words that hold nothing of the key.
    pub fn get(&self) -> Result<Client, String> {
        let identity = match &self.certificate {
            Some(certificate) => certificate.read()?,
            None => Vec::new(),
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((held, client)) = open.as_ref()
            && *held == identity
        {
            return Ok(client.clone());
        }
        let client = self.build(Some(identity.as_slice()).filter(|pem| !pem.is_empty()))?;
        *open = Some((identity, client.clone()));
        Ok(client)
    }

    fn build(&self, identity: Option<&[u8]>) -> Result<Client, String> {
        let tls = ClientTls { ca: self.ca.as_deref(), identity };
        self.network.client(tls).map_err(|e| match identity {
            None => format!("TLS cannot be set up: {e}; look at webhook.ca_file"),
            // The library's words might repeat what it could not read.
            Some(_) => "webhook.client_certificate: certificate and key do not make a pair in PEM".to_owned(),
        })
    }
}
