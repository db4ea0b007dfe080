//! `WebhookRequest`: a delivery as it goes over the wire, signed, with secrets that show nowhere else.

use super::event::EventPayload;
use super::pattern::{Part, Unfilled};
use super::script::PayloadScript;
use super::section::{Method, Signing, WebhookSection};
use super::signature::SigningKey;
use super::text::Text;
use super::values::{HIDDEN, Mask, Values};
use crate::calendar::Moment;
use crate::credentials::{Readings, Revealed};
use crate::delivery::channels::transport::{Exchange, SIGNATURE};
use crate::escape;
use crate::network::Network;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

/// The id of a delivery, the same with every attempt.
const ID: HeaderName = HeaderName::from_static("webhook-id");
/// The time of the signature.
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
/// The headers that the client adds: where to, from whom, how long, and what is understood.
const ADDED: usize = 4;
/// The header that marks what was sent to try a plugin out.
const TEST: HeaderName = HeaderName::from_static("redress-test");

/// The parts of a plugin that make its requests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'p> {
    pub section: &'p WebhookSection,
    pub script: Option<&'p PayloadScript>,
    pub network: &'p Network,
}

/// A delivery to make a request of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sending<'d> {
    pub id: &'d str,
    pub payload: &'d str,
    pub now: Moment,
    pub secrets: &'d Readings,
}

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
    /// Of this delivery only: its body or address cannot be made.
    #[error("{0}")]
    Delivery(String),
    /// Of the plugin, and so of every delivery: a secret that is missing or no key, an address that may not be called.
    #[error("{0}")]
    Plugin(String),
}

pub(super) struct Header {
    pub name: HeaderName,
    pub value: Revealed,
}

impl Header {
    fn new(name: HeaderName, value: impl Into<String>) -> Self {
        Self { name, value: Revealed::new(value) }
    }

    /// Makes the header of an access token.
    pub fn bearer(token: &Revealed) -> Self {
        Self::new(AUTHORIZATION, format!("Bearer {}", token.expose()))
    }
}

/// A request before it is signed, with secrets or with [`HIDDEN`] in their places.
struct Draft {
    url: String,
    headers: Vec<Header>,
    body: String,
}

impl WebhookRequest {
    /// Makes the request of a delivery; it is signed anew for each attempt.
    ///
    /// # Errors
    /// What is wrong with the delivery or with the plugin.
    pub fn of(parts: Parts<'_>, sending: Sending<'_>) -> Result<Self, RequestError> {
        let Parts { section, network, .. } = parts;
        let Draft { url, mut headers, body } =
            draft(parts, sending, &Values::revealed(&section.secrets, sending.secrets))?;
        let url = called(section, network, &url).map_err(RequestError::Plugin)?;
        if section.signing == Signing::StandardWebhooks {
            headers.extend(signed(section, sending, &body).map_err(RequestError::Plugin)?);
        }
        let method = match section.method {
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
        };
        Ok(Self { method, url, headers, body })
    }

    /// Returns the headers as they are sent.
    ///
    /// # Errors
    /// In words that name the header and never its value.
    pub fn head(&self) -> Result<HeaderMap, String> {
        let mut head = HeaderMap::with_capacity(self.headers.len() + ADDED);
        for Header { name, value } in &self.headers {
            let value = HeaderValue::from_str(value.expose());
            let mut value = value.map_err(|_| format!("the value of the header {name} cannot be sent"))?;
            value.set_sensitive(true);
            head.append(name, value);
        }
        Ok(head)
    }

    /// Returns the request as people may see it.
    ///
    /// # Errors
    /// As for the request itself.
    pub fn exchange(&self, parts: Parts<'_>, sending: Sending<'_>) -> Result<Exchange, RequestError> {
        let section = parts.section;
        let mut shown = draft(parts, sending, &Values::hidden(&section.secrets))?;
        if section.oauth2.is_some() {
            shown.headers.push(Header::new(AUTHORIZATION, HIDDEN));
        }
        let own = self.headers.iter().filter(|h| !shown.headers.iter().any(|s| s.name == h.name));
        let headers = shown.headers.iter().chain(own);
        Ok(Exchange {
            method: section.method.as_str(),
            headers: headers.map(|h| (h.name.to_string(), h.value.expose().to_owned())).collect(),
            body: serde_json::from_str(&shown.body).map_err(|e| RequestError::Delivery(e.to_string()))?,
            url: shown.url,
        })
    }
}

/// Returns the body of a delivery as people may see it.
pub(super) fn shown_body(parts: Parts<'_>, sending: Sending<'_>) -> Result<String, RequestError> {
    draft(parts, sending, &Values::hidden(&parts.section.secrets)).map(|draft| draft.body)
}

fn draft(parts: Parts<'_>, sending: Sending<'_>, values: &Values<'_>) -> Result<Draft, RequestError> {
    let Parts { section, script, .. } = parts;
    let payload = EventPayload::read(sending.payload).map_err(RequestError::Delivery)?;
    let is_read =
        script.is_some() || section.url.reads_event() || section.headers.values().any(Text::reads_event);
    let event =
        if is_read { payload.value(sending.id).map_err(RequestError::Delivery)? } else { Value::Null };
    // JSON that may be printed anywhere.
    let body = match script {
        None => escape::json(payload.text()).into_owned(),
        Some(script) => {
            let made = script.render(&event, values).map_err(RequestError::Delivery)?;
            escape::json(&made.to_string()).into_owned()
        }
    };
    let url = section.url.fill(Part::Address, &event, values).map_err(|unfilled| match unfilled {
        Unfilled::Empty(path) => RequestError::Delivery(format!("webhook.url: this event has no {path}")),
        Unfilled::Wrong(why) => RequestError::Plugin(format!("webhook.url: {why}")),
    })?;
    let mut headers = headers(section, &event, values)?;
    headers.push(Header::new(ID, sending.id));
    if payload.is_test() {
        headers.push(Header::new(TEST, "true"));
    }
    Ok(Draft { url, headers, body })
}

/// Returns the headers of the section, and the kind of the body unless they say it; one whose event has no value for it
/// is left out.
fn headers(
    section: &WebhookSection,
    event: &Value,
    values: &Values<'_>,
) -> Result<Vec<Header>, RequestError> {
    let mut headers = Vec::with_capacity(section.headers.len() + 5);
    if !section.headers.keys().any(|h| h.eq_ignore_ascii_case(CONTENT_TYPE.as_str())) {
        headers.push(Header::new(CONTENT_TYPE, "application/json"));
    }
    for (name, text) in &section.headers {
        let wrong = |why: String| RequestError::Plugin(format!("webhook.headers: {name}: {why}"));
        match text.fill(Part::Header, event, values) {
            Ok(value) => {
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|e| wrong(e.to_string()))?;
                headers.push(Header::new(name, value));
            }
            Err(Unfilled::Empty(_)) => {}
            Err(Unfilled::Wrong(why)) => return Err(wrong(why)),
        }
    }
    Ok(headers)
}

/// Returns the address that is called, checked as far as it can be before its name is resolved.
fn called(section: &WebhookSection, network: &Network, url: &str) -> Result<Url, String> {
    let url = Url::parse(url).map_err(|_| "webhook.url is not an address".to_owned())?;
    if url.scheme() != "https" && !section.allow_http && !network.is_own(&url) {
        return Err(
            "webhook.url is without TLS; write https, or allow_http = true if that is meant".to_owned()
        );
    }
    network.check_host(&url).map_err(|e| e.to_string())?;
    Ok(url)
}

/// Returns what must not be kept of an answer: every secret that was sent, as it was sent.
pub(super) fn mask(section: &WebhookSection, secrets: &Readings) -> Mask {
    let mut mask = Mask::default();
    for secret in section.secrets().into_iter().filter_map(|secret| secrets.of(secret).ok()) {
        mask.add(secret.expose());
        mask.add(Part::Address.secret(secret.expose()));
    }
    mask
}

/// Returns a signature of each live secret, and the time it was made.
fn signed(section: &WebhookSection, sending: Sending<'_>, body: &str) -> Result<[Header; 2], String> {
    let seconds = sending.now.millis().div_euclid(1_000);
    let key = |secret| sending.secrets.of(secret).and_then(|secret| SigningKey::of(&secret));
    let mut keys: Vec<SigningKey> = section.secret.iter().map(key).collect::<Result<_, _>>()?;
    // Another secret comes and goes while receivers change over; its place may be empty.
    keys.extend(section.beside().filter_map(|secret| key(secret).ok()));
    let signatures: Vec<String> = keys.iter().map(|key| key.sign(sending.id, seconds, body)).collect();
    let signature = HeaderName::from_static(SIGNATURE);
    Ok([Header::new(TIMESTAMP, seconds.to_string()), Header::new(signature, signatures.join(" "))])
}
