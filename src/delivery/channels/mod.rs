//! The channels there are. To add one: a folder with its section, its transport and its tests, and a line in
//! each part of this file, which is the only list of them.

mod email;
mod folder;
mod row;
mod smtp;
mod transport;
mod webhook;

pub(super) use email::EmailMessage;
pub(super) use transport::{Beginning, OpenTransport, Subscriber, Transport};
pub use transport::{Exchange, PluginKind, PluginOrigin, PluginSource};
pub use webhook::schemas;

use super::error::Mistake;
use super::subscription::{Categories, NameList};
use crate::credentials::Secret;
use serde::Deserialize;
use std::sync::Arc;

/// The files of a plugin's folder that are read; a change of one is a change of the plugin.
pub(super) const FILES: &[&str] = &["plugin.toml", transport::SCRIPT];

/// `plugin.toml` as written: what every plugin has, and a section for each channel that has one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenManifest {
    pub kind: PluginKind,
    #[serde(default)]
    pub enabled: bool,
    pub owner: Option<String>,
    pub messages: Option<NameList>,
    #[serde(default)]
    pub events: NameList,
    pub recipients: Option<NameList>,
    pub states: Option<NameList>,
    #[serde(default)]
    pub when: Categories,
    #[serde(default)]
    pub ordered: bool,
    #[serde(default)]
    pub digests: bool,
    #[serde(default)]
    pub include_personal_data: bool,
    pub purpose: Option<String>,
    webhook: Option<webhook::WebhookSection>,
    smtp: Option<smtp::SmtpSection>,
}

impl WrittenManifest {
    /// Lets a webhook be signed with this secret, and with those before.
    pub fn signed_with(mut self, secret: Secret, before: Vec<Secret>) -> Self {
        self.webhook = self.webhook.map(|section| section.signed_with(secret, before));
        self
    }

    /// Returns the channel that kind and sections ask for, checked.
    ///
    /// # Errors
    /// Everything that is wrong with its section.
    pub fn transport(&self) -> Result<Arc<dyn Transport>, Vec<Mistake>> {
        let wrong = |why: &str, remedy| Err(vec![Mistake::new(why, remedy)]);
        match (self.kind, &self.webhook, &self.smtp) {
            (PluginKind::Webhook, None, _) => {
                wrong("a webhook needs a [webhook] section", "add url and secret under [webhook]")
            }
            (PluginKind::Webhook, Some(_), Some(_)) => {
                wrong("a webhook has no [smtp] section", "remove it, or make it a plugin of its own")
            }
            (PluginKind::Webhook, Some(section), None) => checked(section.clone(), section.check()),
            (PluginKind::Email, Some(_), _) => {
                wrong("an email plugin has no [webhook] section", "remove it, or set kind = \"webhook\"")
            }
            (PluginKind::Email, None, Some(section)) => checked(section.clone(), section.check()),
            (PluginKind::Email, None, None) => Ok(Arc::new(folder::Folder)),
        }
    }
}

fn checked(
    section: impl Transport + 'static,
    found: Vec<Mistake>,
) -> Result<Arc<dyn Transport>, Vec<Mistake>> {
    if found.is_empty() { Ok(Arc::new(section)) } else { Err(found) }
}
