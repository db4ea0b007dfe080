//! `WebhookSender`: makes the request of a delivery, once.

use super::answer::{beginning, judge};
use super::client::WebhookClient;
use super::pattern::Part;
use super::request::{Header, Parts, RequestError, Sending, WebhookRequest, mask, shown_body};
use super::script::PayloadScript;
use super::section::WebhookSection;
use super::values::Values;
use crate::calendar::Moment;
use crate::credentials::{Readings, Revealed, TokenSource};
use crate::delivery::attempt::{Attempt, Conclusion};
use crate::delivery::channels::folder::OutboxFolder;
use crate::delivery::channels::transport::{Beginning, Exchange, OpenTransport, PluginSource};
use crate::delivery::context::{ChannelContext, Mode};
use crate::delivery::error::PluginError;
use crate::network::{ClientTls, Network, Zone, explain, peer_certificate_end};
use futures_util::future::BoxFuture;
use reqwest::{StatusCode, Url};
use serde_json::Value;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

#[derive(Debug)]
pub(super) struct WebhookSender {
    section: WebhookSection,
    script: Option<PayloadScript>,
    client: WebhookClient,
    tokens: Option<TokenSource>,
    network: Network,
    mode: Mode,
    /// When the certificate ends that the target showed last.
    target_end: Mutex<Option<Moment>>,
    /// The place of requests in a rehearsal, which must not leave this computer.
    instead: Option<RequestFiles>,
}

/// A file for each request.
#[derive(Debug)]
struct RequestFiles {
    plugin: String,
    folder: OutboxFolder,
}

impl WebhookSender {
    pub fn open(
        section: &WebhookSection,
        source: &PluginSource,
        context: &ChannelContext,
    ) -> Result<Self, PluginError> {
        let wrong = |why: String| PluginError::new(source.place.clone(), why, "look at [webhook] in it");
        let network = context.network.clone();
        let tokens = section.oauth2.clone().map(|oauth| {
            let client = network.client(ClientTls::default());
            client.map(|client| TokenSource::new(oauth, client))
        });
        let tokens = tokens.transpose().map_err(|e| wrong(format!("TLS cannot be set up: {e}")))?;
        let is_outside = address(section).is_some_and(|url| !network.is_own(&url));
        let files =
            || RequestFiles { plugin: source.name.clone(), folder: OutboxFolder::new(&context.outbox) };
        Ok(Self {
            section: section.clone(),
            script: PayloadScript::of_plugin(source)?,
            client: WebhookClient::open(section, &network).map_err(wrong)?,
            tokens,
            network,
            mode: context.mode,
            target_end: Mutex::default(),
            instead: (context.mode == Mode::Rehearsal && is_outside).then(files),
        })
    }

    fn parts(&self) -> Parts<'_> {
        Parts { section: &self.section, script: self.script.as_ref(), network: &self.network }
    }

    /// Returns the request of a delivery as people may see it.
    pub fn exchange(&self, sending: Sending<'_>) -> Result<Exchange, RequestError> {
        WebhookRequest::of(self.parts(), sending)?.exchange(self.parts(), sending)
    }

    async fn deliver(&self, sending: Sending<'_>) -> Attempt {
        let request = match WebhookRequest::of(self.parts(), sending) {
            Ok(request) => request,
            Err(RequestError::Delivery(why)) => return Attempt::refused(why),
            Err(RequestError::Plugin(why)) => return Attempt::failed(why),
        };
        if let Some(RequestFiles { plugin, folder }) = &self.instead {
            return match shown_body(self.parts(), sending) {
                Ok(body) => folder.write(&format!("{plugin}-{}.json", sending.id), body.as_bytes()),
                Err(why) => Attempt::refused(why.to_string()),
            };
        }
        let mut token = None;
        let attempt = self.send(request, &mut token, sending.now).await;
        if attempt.conclusion == Conclusion::Accepted && attempt.said.is_empty() {
            // A status alone is in words of its own.
            return attempt;
        }
        let mut mask = mask(&self.section, sending.secrets);
        token.iter().for_each(|token: &Revealed| mask.add(token.expose()));
        Attempt { said: mask.apply(&attempt.said), reason: mask.apply(&attempt.reason), ..attempt }
    }

    /// Makes a request, with a `token` that it gets where it takes one.
    async fn send(&self, mut request: WebhookRequest, token: &mut Option<Revealed>, now: Moment) -> Attempt {
        let client = match self.client.get() {
            Ok(client) => client,
            Err(why) => return Attempt::failed(why),
        };
        if let Some(tokens) = &self.tokens {
            match tokens.token(now).await {
                Ok(given) => request.headers.push(Header::bearer(token.insert(given))),
                Err(e) => return Attempt::failed("there is no access token").saying(e.to_string()),
            }
        }
        let headers = match request.head() {
            Ok(headers) => headers,
            Err(why) => return Attempt::failed(why),
        };
        let (client, made) = match client.request(request.method, request.url) {
            Ok(builder) => builder.timeout(self.timeout()).body(request.body).build_split(),
            Err(refusal) => return Attempt::failed(refusal.to_string()),
        };
        let sent = match made {
            Ok(mut made) => {
                // An address may say by itself who asks.
                made.headers_mut().extend(headers);
                client.execute(made).await
            }
            Err(e) => Err(e),
        };
        match sent {
            Ok(response) => self.hear(response, now).await,
            Err(e) if e.is_timeout() && !e.is_connect() => {
                Attempt::failed(format!("no answer within {} s", self.section.timeout_seconds))
            }
            Err(e) => Attempt::failed(explain(&e.without_url())),
        }
    }

    async fn hear(&self, response: reqwest::Response, now: Moment) -> Attempt {
        let status = response.status();
        *self.target_end.lock().unwrap_or_else(PoisonError::into_inner) = peer_certificate_end(&response);
        if let (StatusCode::UNAUTHORIZED, Some(tokens)) = (status, &self.tokens) {
            tokens.forget().await;
        }
        let retry_after = response.headers().get("retry-after").and_then(|v| v.to_str().ok());
        let retry_after = retry_after.map(str::to_owned);
        let address = response.remote_addr().map(|a| a.ip());
        let is_internal = address.is_some_and(|ip| self.network.check(ip) == Ok(Zone::Internal));
        let body = beginning(response).await;
        // What an internal host answers is for nobody who can only write a plugin.
        let may_show = !is_internal || self.mode == Mode::Rehearsal;
        judge(status, retry_after.as_deref(), may_show.then_some(body.as_str()), now)
    }
}

impl OpenTransport for WebhookSender {
    fn attempt<'a>(&'a self, Beginning { delivery, now, secrets }: Beginning<'a>) -> BoxFuture<'a, Attempt> {
        Box::pin(self.deliver(Sending { id: &delivery.id, payload: &delivery.payload, now, secrets }))
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(self.section.timeout_seconds)
    }

    fn target_certificate_end(&self) -> Option<Moment> {
        *self.target_end.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the address that will be called, as far as it is known before there is an event.
fn address(section: &WebhookSection) -> Option<Url> {
    let text = match section.url.pattern() {
        Some(pattern) => pattern.with_each("x"),
        None => {
            let secrets = Readings::default();
            let values = Values::revealed(&section.secrets, &secrets);
            section.url.fill(Part::Address, &Value::Null, &values).ok()?
        }
    };
    Url::parse(&text).ok()
}
