//! `Transport`: what a channel is to the rest of delivery; all that a new one must bring.

use crate::calendar::Moment;
use crate::config::Settings;
use crate::credentials::Secret;
use crate::delivery::attempt::Attempt;
use crate::delivery::context::ChannelContext;
use crate::delivery::error::PluginError;
use crate::delivery::policy::LanePolicy;
use crate::workflow::{ClaimedDelivery, NewDelivery, Outgoing};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What plugins are to those who write them: `kind` in `plugin.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PluginKind {
    /// Messages to people, one mail to each address.
    Email,
    /// Messages and events to a program.
    Webhook,
}

impl PluginKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
        }
    }
}

/// The file of a plugin's folder that makes bodies of its own.
pub(in crate::delivery) const SCRIPT: &str = "payload.rhai";

/// Where a plugin comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginSource {
    pub name: String,
    /// Its `plugin.toml`, for people.
    pub place: String,
    /// None for what is compiled in.
    pub folder: Option<PathBuf>,
}

/// Whom an outbox row is made for.
#[derive(Clone, Copy, Debug)]
pub(in crate::delivery) struct Subscriber<'s> {
    pub plugin: &'s str,
    /// Why names and texts may leave the organisation; without a purpose they do not.
    pub purpose: Option<&'s str>,
    pub settings: &'s Settings,
}

/// A request as it goes over the wire, for `plugins sample` and `plugins test`.
#[derive(Clone, Debug, Serialize)]
pub struct Exchange {
    pub method: &'static str,
    pub url: String,
    /// Without values that are secrets.
    pub headers: Vec<(String, String)>,
    pub body: serde_json::Value,
}

/// A channel as a manifest sets it up.
pub(in crate::delivery) trait Transport: Debug + Send + Sync {
    fn kind(&self) -> PluginKind;

    fn policy(&self) -> LanePolicy;

    /// Returns the secrets that the section names.
    fn secrets(&self) -> Vec<&Secret>;

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

/// A channel in use.
pub(in crate::delivery) trait OpenTransport: Debug + Send + Sync {
    /// Attempts a delivery once.
    fn attempt<'a>(&'a self, delivery: &'a ClaimedDelivery, now: Moment) -> BoxFuture<'a, Attempt>;

    /// Returns the longest that an attempt takes.
    fn timeout(&self) -> Duration;
}
