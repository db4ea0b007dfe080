//! SMTP: letters handed to a mail server.

mod section;
mod sender;

pub(super) use section::SmtpSection;

use super::email;
use super::folder::OutboxFolder;
use super::transport::{Exchange, OpenTransport, PluginKind, PluginSource, Subscriber, Transport};
use crate::calendar::Moment;
use crate::credentials::Secret;
use crate::delivery::context::{ChannelContext, Mode};
use crate::delivery::error::PluginError;
use crate::delivery::policy::LanePolicy;
use crate::delivery::secret_place::SecretPlace;
use crate::workflow::{NewDelivery, Outgoing};
use sender::SmtpSender;
use std::path::Path;
use std::sync::Arc;

impl Transport for SmtpSection {
    fn kind(&self) -> PluginKind {
        PluginKind::Email
    }

    fn policy(&self) -> LanePolicy {
        email::policy(self.concurrency)
    }

    fn secrets(&self) -> Vec<&Secret> {
        SmtpSection::secrets(self)
    }

    fn secret_places(&self) -> Vec<SecretPlace> {
        SmtpSection::secret_places(self)
    }

    fn certificate_files(&self) -> Vec<&Path> {
        self.ca_file.as_deref().into_iter().collect()
    }

    fn check_folder(&self, source: &PluginSource) -> Result<(), PluginError> {
        email::check_folder(source)
    }

    /// Prepares the mail server; in a rehearsal the outbox folder, which no letter leaves.
    fn open(
        &self,
        source: &PluginSource,
        context: &ChannelContext,
    ) -> Result<Arc<dyn OpenTransport>, PluginError> {
        email::check_folder(source)?;
        Ok(match context.mode {
            Mode::Live => Arc::new(SmtpSender::open(&source.place, self, &context.network)?),
            Mode::Rehearsal => Arc::new(OutboxFolder::new(&context.outbox)),
        })
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
        _context: &ChannelContext,
        _id: &str,
        payload: &str,
        _now: Moment,
    ) -> Result<Exchange, PluginError> {
        email::exchange("SMTP", format!("{}:{}", self.host, self.port()), payload, source)
    }
}
