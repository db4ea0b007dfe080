//! The outbox folder: letters as `.eml` files, where there is no mail server; and in a rehearsal whatever
//! other channels would have sent. A plugin of kind `email` without a section has this channel.

mod writer;

pub(super) use writer::OutboxFolder;

use super::email;
use super::transport::{Exchange, OpenTransport, PluginKind, PluginSource, Subscriber, Transport};
use crate::calendar::Moment;
use crate::credentials::Secret;
use crate::delivery::context::ChannelContext;
use crate::delivery::error::PluginError;
use crate::delivery::policy::LanePolicy;
use crate::delivery::secret_place::SecretPlace;
use crate::workflow::{NewDelivery, Outgoing};
use std::sync::Arc;

/// Mails under way at once; they are written together.
const CONCURRENCY: usize = 64;

/// The channel needs no settings.
#[derive(Clone, Debug)]
pub(super) struct Folder;

impl Transport for Folder {
    fn kind(&self) -> PluginKind {
        PluginKind::Email
    }

    fn policy(&self) -> LanePolicy {
        email::policy(CONCURRENCY)
    }

    fn secrets(&self) -> Vec<&Secret> {
        Vec::new()
    }

    fn secret_places(&self) -> Vec<SecretPlace> {
        Vec::new()
    }

    fn check_folder(&self, source: &PluginSource) -> Result<(), PluginError> {
        email::check_folder(source)
    }

    fn open(
        &self,
        source: &PluginSource,
        context: &ChannelContext,
    ) -> Result<Arc<dyn OpenTransport>, PluginError> {
        email::check_folder(source)?;
        Ok(Arc::new(OutboxFolder::new(&context.outbox)))
    }

    fn rows(
        &self,
        outgoing: &Outgoing,
        subscriber: &Subscriber,
    ) -> Result<Vec<NewDelivery>, serde_json::Error> {
        email::rows(outgoing, subscriber)
    }

    fn sample(
        &self,
        outgoing: &Outgoing,
        subscriber: &Subscriber,
        source: &PluginSource,
        id: &str,
    ) -> Result<String, PluginError> {
        email::sample(outgoing, subscriber, source, id)
    }

    fn exchange(
        &self,
        source: &PluginSource,
        context: &ChannelContext,
        _id: &str,
        payload: &str,
        _now: Moment,
    ) -> Result<Exchange, PluginError> {
        email::exchange("FILE", context.outbox.display().to_string(), payload, source)
    }
}
