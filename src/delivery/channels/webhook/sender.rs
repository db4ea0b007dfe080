//! `WebhookSender`: makes the request of a delivery, once.

use super::answer::{beginning, judge};
use super::request::{RequestError, WebhookRequest};
use super::script::PayloadScript;
use super::section::WebhookSection;
use crate::calendar::Moment;
use crate::delivery::attempt::Attempt;
use crate::delivery::channels::folder::OutboxFolder;
use crate::delivery::channels::transport::{Exchange, OpenTransport, PluginSource};
use crate::delivery::context::{ChannelContext, Mode};
use crate::delivery::error::PluginError;
use crate::network::{Client, Network, Zone, explain};
use crate::workflow::ClaimedDelivery;
use futures_util::future::BoxFuture;
use reqwest::Url;
use std::time::Duration;

#[derive(Debug)]
pub(super) struct WebhookSender {
    section: WebhookSection,
    script: Option<PayloadScript>,
    client: Client,
    network: Network,
    mode: Mode,
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
        let wrong = |why: String, remedy: &str| PluginError::new(source.place.clone(), why, remedy);
        let ca = section.ca_file.as_ref().map(std::fs::read).transpose();
        let ca =
            ca.map_err(|e| wrong(format!("webhook.ca_file cannot be read: {e}"), "name a file in PEM"))?;
        let client = context.network.client(ca.as_deref());
        let client = client.map_err(|e| wrong(format!("TLS cannot be set up: {e}"), "look at ca_file"))?;
        let url = section.url.read().ok().and_then(|u| Url::parse(u.expose()).ok());
        let is_outside = url.is_some_and(|u| !context.network.is_own(&u));
        let files =
            || RequestFiles { plugin: source.name.clone(), folder: OutboxFolder::new(&context.outbox) };
        Ok(Self {
            section: section.clone(),
            script: PayloadScript::of_plugin(source)?,
            client,
            network: context.network.clone(),
            mode: context.mode,
            instead: (context.mode == Mode::Rehearsal && is_outside).then(files),
        })
    }

    /// Returns the request of a delivery as people may see it.
    pub fn exchange(&self, id: &str, payload: &str, now: Moment) -> Result<Exchange, String> {
        let request = self.request(id, payload, now).map_err(|e| e.to_string())?;
        request.exchange(&self.section).map_err(|e| e.to_string())
    }

    fn request(&self, id: &str, payload: &str, now: Moment) -> Result<WebhookRequest, RequestError> {
        WebhookRequest::of(&self.section, self.script.as_ref(), &self.network, id, payload, now)
    }

    async fn deliver(&self, id: &str, payload: &str, now: Moment) -> Attempt {
        let request = match self.request(id, payload, now) {
            Ok(request) => request,
            Err(RequestError::Body(why)) => return Attempt::refused(why),
            Err(RequestError::Plugin(why)) => return Attempt::failed(why),
        };
        match &self.instead {
            Some(RequestFiles { plugin, folder }) => {
                folder.write(&format!("{plugin}-{id}.json"), request.body.as_bytes())
            }
            None => self.send(request, now).await,
        }
    }

    async fn send(&self, request: WebhookRequest, now: Moment) -> Attempt {
        let mut builder = match self.client.request(request.method, request.url) {
            Ok(builder) => builder.timeout(self.timeout()),
            Err(refusal) => return Attempt::failed(refusal.to_string()),
        };
        for header in &request.headers {
            let Ok(mut value) = reqwest::header::HeaderValue::from_str(header.value.expose()) else {
                return Attempt::failed(format!("the value of the header {} cannot be sent", header.name));
            };
            value.set_sensitive(true);
            builder = builder.header(&header.name, value);
        }
        match builder.body(request.body).send().await {
            Ok(response) => self.hear(response, now).await,
            Err(e) if e.is_timeout() && !e.is_connect() => {
                Attempt::failed(format!("no answer within {} s", self.section.timeout_seconds))
            }
            Err(e) => Attempt::failed(explain(&e.without_url())),
        }
    }

    async fn hear(&self, response: reqwest::Response, now: Moment) -> Attempt {
        let status = response.status();
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
    fn attempt<'a>(&'a self, delivery: &'a ClaimedDelivery, now: Moment) -> BoxFuture<'a, Attempt> {
        Box::pin(self.deliver(&delivery.id, &delivery.payload, now))
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(self.section.timeout_seconds)
    }
}
