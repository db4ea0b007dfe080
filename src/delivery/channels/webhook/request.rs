//! `WebhookRequest`: a delivery as it goes over the wire, signed, with secrets that show nowhere else.

use super::event::EventPayload;
use super::script::PayloadScript;
use super::section::{HIDDEN, Method, Signing, Text, WebhookSection};
use super::signature::SigningKey;
use crate::calendar::Moment;
use crate::credentials::Revealed;
use crate::delivery::channels::transport::Exchange;
use crate::escape;
use crate::network::Network;
use reqwest::Url;

/// A request that may be made: its address was checked as far as it can be before names are resolved.
pub(super) struct WebhookRequest {
    pub method: reqwest::Method,
    pub url: Url,
    pub headers: Vec<Header>,
    pub body: String,
}

/// A reason why a request cannot be made, in words for the log of attempts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RequestError {
    /// Of this delivery only: its body cannot be made.
    #[error("{0}")]
    Body(String),
    /// Of the plugin, and so of every delivery: a secret that is missing or no key, an address that may not be called.
    #[error("{0}")]
    Plugin(String),
}

pub(super) struct Header {
    /// In lower case.
    pub name: String,
    pub value: Revealed,
    is_secret: bool,
}

impl Header {
    fn of_ours(name: &str, value: impl Into<String>) -> Self {
        Self { name: name.to_owned(), value: Revealed::new(value), is_secret: false }
    }

    fn of_section(name: &str, value: &Text) -> Result<Self, String> {
        Ok(Self { name: name.to_lowercase(), value: value.read()?, is_secret: value.is_secret() })
    }
}

impl WebhookRequest {
    /// Makes the request of a delivery; it is signed anew for each attempt.
    ///
    /// # Errors
    /// A body that cannot be made, or what is wrong with the plugin.
    pub fn of(
        section: &WebhookSection,
        script: Option<&PayloadScript>,
        network: &Network,
        id: &str,
        payload: &str,
        now: Moment,
    ) -> Result<Self, RequestError> {
        let body = body(script, id, payload).map_err(RequestError::Body)?;
        Self::with_body(section, network, id, body, now).map_err(RequestError::Plugin)
    }

    fn with_body(
        section: &WebhookSection,
        network: &Network,
        id: &str,
        body: String,
        now: Moment,
    ) -> Result<Self, String> {
        let url = section.url.read()?;
        let url = Url::parse(url.expose()).map_err(|_| "webhook.url is not an address".to_owned())?;
        if url.scheme() != "https" && !section.allow_http && !network.is_own(&url) {
            return Err(
                "webhook.url is without TLS; write https, or allow_http = true if that is meant".to_owned()
            );
        }
        network.check_host(&url).map_err(|e| e.to_string())?;
        let mut headers = Vec::new();
        if !section.headers.keys().any(|h| h.eq_ignore_ascii_case("content-type")) {
            headers.push(Header::of_ours("content-type", "application/json"));
        }
        for (name, value) in &section.headers {
            headers.push(Header::of_section(name, value)?);
        }
        headers.push(Header::of_ours("webhook-id", id));
        if section.signing == Signing::StandardWebhooks {
            headers.extend(signed(section, id, &body, now)?);
        }
        let method = match section.method {
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
        };
        Ok(Self { method, url, headers, body })
    }

    /// Returns the request as people may see it.
    pub fn exchange(&self, section: &WebhookSection) -> Result<Exchange, serde_json::Error> {
        let shown = |h: &Header| {
            let value = if h.is_secret { HIDDEN } else { h.value.expose() };
            (h.name.clone(), value.to_owned())
        };
        Ok(Exchange {
            method: section.method.as_str(),
            url: section.url.shown().to_owned(),
            headers: self.headers.iter().map(shown).collect(),
            body: serde_json::from_str(&self.body)?,
        })
    }
}

/// Returns the event as it is stored, or what the plugin's script makes of it, in JSON that may be printed anywhere.
fn body(script: Option<&PayloadScript>, id: &str, payload: &str) -> Result<String, String> {
    let event = EventPayload::read(payload)?;
    let body = match script {
        None => event.text().to_owned(),
        Some(script) => script.render(id, &event.value()?)?.to_string(),
    };
    Ok(escape::json(&body).into_owned())
}

/// Returns a signature of each live secret, and the time it was made.
fn signed(section: &WebhookSection, id: &str, body: &str, now: Moment) -> Result<[Header; 2], String> {
    let seconds = now.millis().div_euclid(1_000);
    let mut keys: Vec<SigningKey> = section.secret.iter().map(SigningKey::read).collect::<Result<_, _>>()?;
    // The next secret comes and goes while receivers change over; its place may be empty.
    keys.extend(section.next_secret.iter().filter_map(|secret| SigningKey::read(secret).ok()));
    let signatures: Vec<String> = keys.iter().map(|key| key.sign(id, seconds, body)).collect();
    Ok([
        Header::of_ours("webhook-timestamp", seconds.to_string()),
        Header::of_ours("webhook-signature", signatures.join(" ")),
    ])
}
