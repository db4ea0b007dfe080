//! Webhooks: messages and events to a program, as Standard Webhooks or in a body of the plugin's own, and
//! signed.

mod answer;
mod client;
mod event;
mod pattern;
mod request;
mod script;
mod section;
mod sender;
mod signature;
mod text;
mod values;

pub use event::schemas;
pub(super) use section::WebhookSection;

use super::row::{delivery_id, plain_row};
use super::transport::{Exchange, OpenTransport, PluginKind, PluginSource, Subscriber, Transport};
use crate::calendar::Moment;
use crate::credentials::{Readings, Secret};
use crate::delivery::breaker::AutoDisable;
use crate::delivery::context::ChannelContext;
use crate::delivery::error::PluginError;
use crate::delivery::policy::{Claiming, DeliveryOrder, LanePolicy};
use crate::delivery::secret_place::SecretPlace;
use crate::workflow::{NewDelivery, Outgoing, OutgoingContent};
use event::EventPayload;
use request::Sending;
use script::PayloadScript;
use section::ClientCertificate;
use sender::WebhookSender;
use std::path::Path;
use std::sync::Arc;

impl Transport for WebhookSection {
    fn kind(&self) -> PluginKind {
        PluginKind::Webhook
    }

    fn policy(&self) -> LanePolicy {
        LanePolicy {
            concurrency: self.concurrency,
            rate_per_second: self.rate_per_second,
            retry: self.retry,
            auto_disable: AutoDisable::AfterDays,
            claiming: Claiming::Ahead,
            order: DeliveryOrder::Free,
        }
    }

    fn secrets(&self) -> Vec<&Secret> {
        WebhookSection::secrets(self)
    }

    fn secret_places(&self) -> Vec<SecretPlace> {
        WebhookSection::secret_places(self)
    }

    fn certificate_files(&self) -> Vec<&Path> {
        let shown = self.client_certificate.as_ref().map(ClientCertificate::file);
        self.ca_file.as_deref().into_iter().chain(shown).collect()
    }

    fn check_folder(&self, source: &PluginSource) -> Result<(), PluginError> {
        PayloadScript::of_plugin(source).map(|_| ())
    }

    fn open(
        &self,
        source: &PluginSource,
        context: &ChannelContext,
    ) -> Result<Arc<dyn OpenTransport>, PluginError> {
        Ok(Arc::new(WebhookSender::open(self, source, context)?))
    }

    fn rows(
        &self,
        outgoing: &Outgoing,
        subscriber: &Subscriber,
    ) -> Result<Vec<NewDelivery>, serde_json::Error> {
        let plugin = subscriber.plugin;
        let key = match &outgoing.content {
            OutgoingContent::Message { notification_id, .. } => format!("{notification_id} {plugin}"),
            OutgoingContent::Event(_) => {
                let complaint = outgoing.complaint.map_or(0, |(id, _)| id.0);
                format!("event/{complaint}/{}/{} {plugin}", outgoing.version, outgoing.ordinal)
            }
        };
        let payload = EventPayload::of(outgoing, subscriber.purpose)?.to_payload()?;
        Ok(vec![plain_row(plugin, outgoing, delivery_id(&key), payload)])
    }

    /// Returns the event that the plugin brings to be tried out with, or the one that would be sent.
    fn sample(
        &self,
        outgoing: &Outgoing,
        subscriber: &Subscriber,
        source: &PluginSource,
        _id: &str,
    ) -> Result<String, PluginError> {
        let wrong = |e: serde_json::Error| {
            PluginError::new(source.place.clone(), e.to_string(), "plugins/README.md explains it")
        };
        let event = match event::of_plugin(source)? {
            Some(event) => event,
            None => EventPayload::of(outgoing, subscriber.purpose).map_err(wrong)?,
        };
        event.to_payload().map_err(wrong)
    }

    fn exchange(
        &self,
        source: &PluginSource,
        context: &ChannelContext,
        id: &str,
        payload: &str,
        now: Moment,
    ) -> Result<Exchange, PluginError> {
        let exchange = WebhookSender::open(self, source, context)?.exchange(Sending {
            id,
            payload,
            now,
            secrets: &Readings::default(),
        });
        exchange.map_err(|e| {
            PluginError::new(source.place.clone(), e.to_string(), "plugins/README.md explains it")
        })
    }
}
