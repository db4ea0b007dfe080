//! Webhook: the event or the plugin's own body, signed as Standard Webhooks
//! (https://github.com/standard-webhooks/standard-webhooks), and what the answer means.

use super::{Attempt, Folder, Verdict};
use crate::calendar::Moment;
use crate::credentials::Revealed;
use crate::delivery::event::Stored;
use crate::delivery::manifest::{Method, PluginError, Signing, WebhookSection};
use crate::delivery::payload::Payload;
use crate::delivery::plugins::{Plugin, Surroundings};
use crate::network::{Network, Zone, explain};
use crate::store::ClaimedDelivery;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, Mac};
use reqwest::{StatusCode, Url};
use serde::Serialize;
use sha2::Sha256;
use std::sync::Arc;
use std::time::Duration;

/// What of an answer is read and kept.
const ANSWER_BYTES: usize = 1_024;
/// How long the body of an answer is waited for, once its status is known.
const BODY: Duration = Duration::from_secs(2);
/// The pause after an answer that asks for one without saying how long.
const PAUSE_MILLIS: i64 = 60_000;
/// The longest pause that a target may ask for.
const LONGEST_PAUSE_SECONDS: i64 = 86_400;

#[derive(Debug)]
pub(in crate::delivery) struct Webhook {
    section: WebhookSection,
    payload: Option<Arc<Payload>>,
    client: reqwest::Client,
    network: Network,
    /// Where requests go in a rehearsal that must not leave this computer.
    instead: Option<(String, Folder)>,
}

/// One request as it goes over the wire, and what came back: for `plugins test` and `plugins sample`.
#[derive(Clone, Debug, Serialize)]
pub struct Exchange {
    pub method: &'static str,
    pub url: String,
    /// Without values that are secrets.
    pub headers: Vec<(String, String)>,
    pub body: serde_json::Value,
}

struct Wire {
    method: reqwest::Method,
    url: Url,
    headers: Vec<(String, Revealed)>,
    body: String,
}

/// Key bytes of a secret written as `whsec_` and base64, or as plain text.
pub(crate) fn key(secret: &str) -> Vec<u8> {
    let encoded = secret.strip_prefix("whsec_");
    encoded.and_then(|e| BASE64.decode(e).ok()).unwrap_or_else(|| secret.as_bytes().to_vec())
}

/// `v1,<base64>` over `id.timestamp.body`.
pub(crate) fn signature(key: &[u8], id: &str, seconds: i64, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    for part in [id, ".", &seconds.to_string(), ".", body] {
        mac.update(part.as_bytes());
    }
    format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()))
}

impl Webhook {
    pub fn open(
        plugin: &Plugin,
        section: &WebhookSection,
        around: &Surroundings,
    ) -> Result<Self, PluginError> {
        let wrong = |why: String, remedy: &str| PluginError::new(plugin.place(), why, remedy);
        let ca = section.ca_file.as_ref().map(std::fs::read).transpose();
        let ca =
            ca.map_err(|e| wrong(format!("webhook.ca_file cannot be read: {e}"), "name a file in PEM"))?;
        let client = around.network.client(ca.as_deref());
        let client = client.map_err(|e| wrong(format!("TLS cannot be set up: {e}"), "look at ca_file"))?;
        let is_outside = section.url.read().ok().and_then(|u| Url::parse(u.expose()).ok());
        let is_outside = is_outside.is_some_and(|u| !around.network.is_own(&u));
        Ok(Self {
            section: section.clone(),
            payload: plugin.payload.clone(),
            client,
            network: around.network.clone(),
            instead: (around.is_rehearsal() && is_outside)
                .then(|| (plugin.name.clone(), Folder::new(&around.outbox))),
        })
    }

    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.section.timeout_seconds)
    }

    pub async fn attempt(&self, delivery: &ClaimedDelivery, now: Moment) -> Attempt {
        let wire = match self.wire(&delivery.id, &delivery.payload, now) {
            Ok(wire) => wire,
            Err(why) => return Attempt::failed(why),
        };
        if let Some((plugin, folder)) = &self.instead {
            return folder.write(&format!("{plugin}-{}.json", delivery.id), wire.body.as_bytes());
        }
        self.send(wire, now).await
    }

    /// The request of a delivery, with secrets left out.
    pub fn exchange(&self, id: &str, payload: &str, now: Moment) -> Result<Exchange, String> {
        let wire = self.wire(id, payload, now)?;
        let secret = |name: &str| {
            let lower = name.to_lowercase();
            self.section.headers.iter().any(|(n, v)| n.to_lowercase() == lower && v.shown() == "(secret)")
        };
        let shown = |(name, value): &(String, Revealed)| {
            let value = if secret(name) { "(secret)" } else { value.expose() };
            (name.clone(), value.to_owned())
        };
        Ok(Exchange {
            method: self.method_name(),
            url: self.section.url.shown().to_owned(),
            headers: wire.headers.iter().map(shown).collect(),
            body: serde_json::from_str(&wire.body).unwrap_or_default(),
        })
    }

    fn method_name(&self) -> &'static str {
        match self.section.method {
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
        }
    }

    fn wire(&self, id: &str, payload: &str, now: Moment) -> Result<Wire, String> {
        let section = &self.section;
        let body = self.body(id, payload)?;
        let url = section.url.read()?;
        let url = Url::parse(url.expose()).map_err(|_| "webhook.url is not an address".to_owned())?;
        if url.scheme() != "https" && !section.allow_http && !self.network.is_own(&url) {
            return Err(
                "webhook.url is without TLS; write https, or allow_http = true if that is meant".to_owned()
            );
        }
        self.network.check_host(&url).map_err(|e| e.to_string())?;
        let mut headers = Vec::new();
        if !section.headers.keys().any(|h| h.eq_ignore_ascii_case("content-type")) {
            headers.push(("content-type".to_owned(), Revealed::new("application/json")));
        }
        for (name, value) in &section.headers {
            headers.push((name.to_lowercase(), value.read()?));
        }
        headers.push(("webhook-id".to_owned(), Revealed::new(id)));
        if section.signing == Signing::StandardWebhooks {
            let seconds = now.millis().div_euclid(1_000);
            let mut signatures = Vec::new();
            for secret in section.secret.iter().chain(&section.next_secret) {
                signatures.push(signature(&key(secret.read()?.expose()), id, seconds, &body));
            }
            headers.push(("webhook-timestamp".to_owned(), Revealed::new(seconds.to_string())));
            headers.push(("webhook-signature".to_owned(), Revealed::new(signatures.join(" "))));
        }
        let method = match section.method {
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
        };
        Ok(Wire { method, url, headers, body })
    }

    fn body(&self, id: &str, payload: &str) -> Result<String, String> {
        let Some(script) = &self.payload else {
            // The event is stored as `{"event":…}`: its text is sent as it stands.
            let inner = payload.strip_prefix("{\"event\":").and_then(|p| p.strip_suffix('}'));
            return Ok(inner.unwrap_or(payload).to_owned());
        };
        let stored: Stored =
            serde_json::from_str(payload).map_err(|e| format!("the event cannot be read: {e}"))?;
        Ok(script.render(id, &stored.event)?.to_string())
    }

    async fn send(&self, wire: Wire, now: Moment) -> Attempt {
        let mut request = self.client.request(wire.method, wire.url).timeout(self.timeout());
        for (name, value) in &wire.headers {
            let Ok(mut sent) = reqwest::header::HeaderValue::from_str(value.expose()) else {
                return Attempt::failed(format!("the value of the header {name} cannot be sent"));
            };
            sent.set_sensitive(true);
            request = request.header(name, sent);
        }
        match request.body(wire.body).send().await {
            Ok(response) => self.judge(response, now).await,
            Err(e) if e.is_timeout() && !e.is_connect() => {
                Attempt::failed(format!("no answer within {} s", self.section.timeout_seconds))
            }
            Err(e) => Attempt::failed(explain(&e.without_url())),
        }
    }

    async fn judge(&self, response: reqwest::Response, now: Moment) -> Attempt {
        let status = response.status();
        let pause_until = pause(&response, now);
        let address = response.remote_addr().map(|a| a.ip());
        let is_internal = address.is_some_and(|ip| self.network.check(ip) == Ok(Zone::Internal));
        let body = clipped(response).await;
        // What an internal host answers is for nobody who can only write a plugin.
        let hides = is_internal && self.instead.is_none() && !self.is_rehearsal();
        let said = if hides || body.trim().is_empty() { String::new() } else { format!(": {}", body.trim()) };
        let detail = format!("{status}{said}");
        let verdict = match status {
            s if s.is_success() => Verdict::Accepted,
            StatusCode::GONE => Verdict::Gone,
            s if s.is_redirection() => {
                let detail = format!("{status}; redirects are not followed, write the final address");
                return Attempt { verdict: Verdict::Failed { pause_until: None }, detail };
            }
            _ => Verdict::Failed { pause_until },
        };
        Attempt { verdict, detail }
    }

    fn is_rehearsal(&self) -> bool {
        self.network.is_loopback_only()
    }
}

/// The pause that an answer asks for: 429, 502, 503 and 504 slow down, `Retry-After` says how much (RFC 9110, 10.2.3).
fn pause(response: &reqwest::Response, now: Moment) -> Option<Moment> {
    if !matches!(response.status().as_u16(), 429 | 502 | 503 | 504) {
        return None;
    }
    let header = response.headers().get("retry-after").and_then(|v| v.to_str().ok());
    let asked = header.and_then(|text| {
        let at = || {
            let date = chrono::DateTime::parse_from_rfc2822(text.trim()).ok()?;
            Some((date.timestamp_millis() - now.millis()) / 1_000)
        };
        text.trim().parse::<i64>().ok().or_else(at)
    });
    let millis = asked.map_or(PAUSE_MILLIS, |s| s.clamp(0, LONGEST_PAUSE_SECONDS) * 1_000);
    Some(now.plus_millis(millis))
}

/// The beginning of a body; the rest is not read. A body that comes too slowly or breaks off is what came of it.
async fn clipped(mut response: reqwest::Response) -> String {
    let mut bytes = Vec::new();
    let read = async {
        while bytes.len() < ANSWER_BYTES {
            match response.chunk().await {
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) | Err(_) => break,
            }
        }
    };
    let _ = tokio::time::timeout(BODY, read).await;
    bytes.truncate(ANSWER_BYTES);
    let text = String::from_utf8_lossy(&bytes);
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification.
    #[test]
    fn signs_as_the_specification_does() {
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signed =
            signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
