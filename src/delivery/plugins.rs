//! `Plugins`: the plugin folders, and which of them a notification goes to.

use super::channels::{email, webhook};
use super::manifest::{Manifest, PluginError, PluginKind};
use crate::store::NewDelivery;
use crate::workflow::{Posting, Router};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Whether the outside world is real. In a demonstration or rehearsal only loopback is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sandbox {
    Closed,
    Open,
}

#[derive(Clone, Debug)]
pub struct Plugin {
    pub name: String,
    pub manifest: Manifest,
}

#[derive(Clone, Debug)]
pub struct Plugins {
    plugins: Vec<Plugin>,
    pub(super) outbox: PathBuf,
    pub(super) mailbox: String,
    pub(super) organisation: String,
    pub(super) sandbox: Sandbox,
}

/// The namespace of delivery ids (RFC 9562, version 5): the same notification and plugin give the same id.
const NAMESPACE: Uuid = Uuid::from_bytes(*b"redress-delivery");

/// Used when there is no plugins folder, so that mail works without configuration.
const DEFAULT_MAIL: &str = include_str!("../../plugins/mail/plugin.toml");

impl Plugins {
    /// Reads every folder of `root`; all mistakes are reported together.
    pub fn load(
        root: &Path,
        outbox: &Path,
        mailbox: &str,
        organisation: &str,
        sandbox: Sandbox,
    ) -> Result<Self, Vec<PluginError>> {
        let mut plugins = Vec::new();
        let mut wrong = Vec::new();
        let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
            .map(|entries| entries.flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect())
            .unwrap_or_default();
        folders.sort();
        for folder in &folders {
            let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            match Manifest::read(folder) {
                Ok(manifest) => plugins.push(Plugin { name, manifest }),
                Err(e) => wrong.push(e),
            }
        }
        if folders.is_empty() {
            match Manifest::parse(DEFAULT_MAIL, "embedded plugins/mail/plugin.toml") {
                Ok(manifest) => plugins.push(Plugin { name: "mail".to_owned(), manifest }),
                Err(e) => wrong.push(e),
            }
        }
        let (outbox, mailbox, organisation) =
            (outbox.to_owned(), mailbox.to_owned(), organisation.to_owned());
        if wrong.is_empty() {
            Ok(Self { plugins, outbox, mailbox, organisation, sandbox })
        } else {
            Err(wrong)
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Plugin> {
        self.plugins.iter()
    }

    pub fn enabled(&self) -> impl Iterator<Item = &Plugin> {
        self.plugins.iter().filter(|p| p.manifest.enabled)
    }
}

impl Router for Plugins {
    fn deliveries(&self, posting: &Posting) -> Vec<NewDelivery> {
        let taking = self.plugins.iter().filter(|p| p.manifest.takes(posting.message, posting.recipient));
        taking
            .filter_map(|plugin| {
                let key = format!("{} {}", posting.notification_id, plugin.name);
                let id = Uuid::new_v5(&NAMESPACE, key.as_bytes());
                let (payload, message_id) = match plugin.manifest.kind {
                    PluginKind::Email if posting.addresses.is_empty() => return None,
                    PluginKind::Email => {
                        let letter = email::letter(posting, id, &self.mailbox, &self.organisation);
                        let message_id = letter.message_id.clone();
                        (serde_json::json!(letter), Some(message_id))
                    }
                    PluginKind::Webhook => (webhook::event(posting), None),
                };
                Some(NewDelivery {
                    id: id.to_string(),
                    notification_id: posting.notification_id.to_owned(),
                    plugin: plugin.name.clone(),
                    payload: payload.to_string(),
                    is_letter: plugin.manifest.kind == PluginKind::Email
                        && posting.recipient == "complainant",
                    message_id: message_id.filter(|_| posting.complaint.is_some()),
                })
            })
            .collect()
    }
}
