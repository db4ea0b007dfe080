//! `Transport`: a channel as the rest of delivery sees it; all that a new one must bring.

use crate::calendar::Moment;
use crate::config::Settings;
use crate::credentials::{Readings, Secret};
use crate::delivery::attempt::Attempt;
use crate::delivery::context::ChannelContext;
use crate::delivery::error::PluginError;
use crate::delivery::policy::LanePolicy;
use crate::delivery::secret_place::SecretPlace;
use crate::workflow::{ClaimedDelivery, NewDelivery, Outgoing};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The kinds of plugin, by the word after `kind` in `plugin.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PluginKind {
    /// Messages to people, one mail to each address.
    Email,
    /// Messages and events to a program.
    Webhook,
}

impl PluginKind {
    /// Returns the word in `plugin.toml`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
        }
    }
}

/// The file of a plugin's folder that makes bodies of its own.
pub(in crate::delivery) const SCRIPT: &str = "payload.rhai";

/// The origin of a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginSource {
    /// The plugin's name: that of its folder.
    pub name: String,
    /// The path of its `plugin.toml`, for people.
    pub place: String,
    /// Whence it comes.
    pub origin: PluginOrigin,
}

/// Whence a plugin comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PluginOrigin {
    /// A folder of `plugins/`.
    Folder(PathBuf),
    /// What is compiled in.
    Embedded,
    /// It was made by the interface or on the page.
    Subscribed,
}

impl PluginSource {
    /// Returns its folder; none where it has none.
    pub fn folder(&self) -> Option<&Path> {
        match &self.origin {
            PluginOrigin::Folder(folder) => Some(folder),
            PluginOrigin::Embedded | PluginOrigin::Subscribed => None,
        }
    }
}

/// The plugin that an outbox row is made for.
#[derive(Clone, Copy, Debug)]
pub(in crate::delivery) struct Subscriber<'s> {
    pub plugin: &'s str,
    /// The reason why names and texts may leave the organisation; without a purpose they do not.
    pub purpose: Option<&'s str>,
    pub settings: &'s Settings,
}

/// A request as it goes over the wire, for `plugins sample` and `plugins test`.
#[derive(Clone, Debug, Serialize)]
pub struct Exchange {
    /// The method, as `POST`; empty for a letter.
    pub method: &'static str,
    /// The target's URL, or where the letter goes; without values that are secrets.
    pub url: String,
    /// The headers, without values that are secrets.
    pub headers: Vec<(String, String)>,
    /// The body: JSON, or a text.
    pub body: serde_json::Value,
}

/// The header with the signature of a request.
pub(in crate::delivery) const SIGNATURE: &str = "webhook-signature";

impl Exchange {
    /// Returns the same request with words in the place of its signature.
    pub fn without_signature(mut self, words: &str) -> Self {
        for (name, value) in &mut self.headers {
            if name.eq_ignore_ascii_case(SIGNATURE) {
                words.clone_into(value);
            }
        }
        self
    }
}

/// A channel as a manifest sets it up.
pub(in crate::delivery) trait Transport: Debug + Send + Sync {
    fn kind(&self) -> PluginKind;

    fn policy(&self) -> LanePolicy;

    /// Returns the secrets that the section names.
    fn secrets(&self) -> Vec<&Secret>;

    /// Returns the places of all secrets that the section names, also of those without which something can be sent.
    fn secret_places(&self) -> Vec<SecretPlace>;

    /// Returns the files of the certificates that the section names.
    fn certificate_files(&self) -> Vec<&Path> {
        Vec::new()
    }

    /// Checks what the plugin's folder holds for the channel beside `plugin.toml`.
    fn check_folder(&self, source: &PluginSource) -> Result<(), PluginError>;

    /// Prepares everything that attempts have in common.
    fn open(
        &self,
        source: &PluginSource,
        context: &ChannelContext,
    ) -> Result<Arc<dyn OpenTransport>, PluginError>;

    /// Returns the outbox rows of a message or event; what they hold is for `attempt` alone to read.
    fn rows(
        &self,
        outgoing: &Outgoing,
        subscriber: &Subscriber,
    ) -> Result<Vec<NewDelivery>, serde_json::Error>;

    /// Returns what the outbox row of a sample would hold.
    fn sample(
        &self,
        outgoing: &Outgoing,
        subscriber: &Subscriber,
        source: &PluginSource,
        id: &str,
    ) -> Result<String, PluginError>;

    /// Returns the request that an attempt at `payload` makes, without making it.
    fn exchange(
        &self,
        source: &PluginSource,
        context: &ChannelContext,
        id: &str,
        payload: &str,
        now: Moment,
    ) -> Result<Exchange, PluginError>;
}

/// A delivery whose attempt begins.
#[derive(Clone, Copy, Debug)]
pub(in crate::delivery) struct Beginning<'d> {
    pub delivery: &'d ClaimedDelivery,
    pub now: Moment,
    /// The secrets as they are read once for all that begins together. What begins later is given others, so that a secret
    /// that was changed meanwhile counts.
    pub secrets: &'d Readings,
}

/// A channel in use.
pub(in crate::delivery) trait OpenTransport: Debug + Send + Sync {
    /// Attempts a delivery once.
    fn attempt<'a>(&'a self, beginning: Beginning<'a>) -> BoxFuture<'a, Attempt>;

    /// Returns the longest that an attempt takes.
    fn timeout(&self) -> Duration;

    /// Returns when the certificate ends that the target showed last; none while it has shown none.
    fn target_certificate_end(&self) -> Option<Moment> {
        None
    }
}
