//! Plugins of webhooks that are made by the interface or on the page: what they take, checked as a manifest is, and read anew where
//! somebody changed them.

use super::channels::{PluginOrigin, PluginSource, WrittenManifest};
use super::error::PluginError;
use super::manifest::Manifest;
use super::plugin::Plugin;
use super::plugins::{Plugins, is_plugin_name};
use crate::credentials::{Revealed, Secret};
use crate::workflow::{Names, StoreError, Subscribed, WebhookSecret, Workflow};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

/// The longest name in characters.
const NAME: usize = 40;
/// The longest text of an address in bytes.
const URL: usize = 2_000;
/// The most bytes of what one takes, as JSON.
const TAKES: usize = 16 << 10;
/// Where the example of a secret stands while nothing is made yet.
const NOT_MADE: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// What such a webhook takes: messages and events by name, `*` for all of them. Recipients, states and values of categories narrow it
/// down; empty means any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Takes {
    /// The messages.
    pub messages: Vec<String>,
    /// The kinds of events.
    pub events: Vec<String>,
    /// For whom messages are.
    pub recipients: Vec<String>,
    /// The states of the complaint.
    pub states: Vec<String>,
    /// Values by category of the complaint.
    pub when: BTreeMap<String, Vec<String>>,
    /// Whether each waits for the earlier ones of its complaint.
    pub ordered: bool,
}

/// The mistake in what somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionMistake {
    /// It is no name.
    Name,
    /// A folder has the name.
    FolderHasName,
    /// Where it goes is no address on the web.
    Address,
    /// It takes nothing.
    TakesNothing,
    /// Something else, in words.
    Other(PluginError),
}

impl Takes {
    /// Reads what the database has.
    fn read(text: &str, place: &str) -> Result<Self, Vec<PluginError>> {
        let wrong = |e: serde_json::Error| vec![PluginError::new(place, e.to_string(), "make it anew")];
        serde_json::from_str(text).map_err(wrong)
    }

    /// Returns what the database has; nothing where that cannot be read.
    pub fn kept(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.events.is_empty()
    }

    /// Returns it as the database has it.
    pub fn text(&self) -> String {
        json!(self).to_string()
    }

    fn manifest(
        &self,
        url: &str,
        (secret, before): (Secret, Vec<Secret>),
        place: &str,
    ) -> Result<Manifest, Vec<PluginError>> {
        let one = |why: String, remedy: &str| Err(vec![PluginError::new(place, why, remedy)]);
        if self.is_empty() {
            return one("it takes nothing".to_owned(), "name events or messages");
        }
        if self.text().len() > TAKES || url.len() > URL {
            return one("it is too long".to_owned(), "name less; `*` is all there is");
        }
        let any = |names: &[String]| if names.is_empty() { vec!["*".to_owned()] } else { names.to_vec() };
        let written = serde_json::from_value::<WrittenManifest>(json!({
            "kind": "webhook", "enabled": true, "messages": self.messages, "events": self.events,
            "recipients": any(&self.recipients), "states": any(&self.states), "when": self.when,
            "ordered": self.ordered, "webhook": {"url": url},
        }));
        match written {
            Ok(written) => Manifest::of(written.signed_with(secret, before), place),
            Err(e) => one(e.to_string(), "plugins/README.md explains every key"),
        }
    }
}

fn made(secret: &WebhookSecret) -> Secret {
    Secret::Made { name: secret.name.clone(), value: Revealed::new(secret.expose()) }
}

fn place(name: &str) -> String {
    format!("webhook {name}")
}

impl Plugin {
    fn of_subscription(
        subscribed: &Subscribed,
        digest: String,
        plugins: &Plugins,
    ) -> Result<Self, Vec<PluginError>> {
        let place = place(&subscribed.row.name);
        let before = subscribed.before.iter().map(|(secret, _)| made(secret)).collect();
        let secrets = (made(&subscribed.secret), before);
        let takes = Takes::read(&subscribed.row.takes, &place)?;
        let manifest = takes.manifest(&subscribed.row.url, secrets, &place)?;
        let source =
            PluginSource { name: subscribed.row.name.clone(), place, origin: PluginOrigin::Subscribed };
        Self::open(source, manifest, digest, &plugins.context)
    }

    /// Returns whether it was made by the interface or on the page.
    pub fn is_subscribed(&self) -> bool {
        self.source.origin == PluginOrigin::Subscribed
    }
}

/// Returns a digest of everything that makes the plugin, and of which secrets sign.
fn digest(subscribed: &Subscribed) -> String {
    let row = &subscribed.row;
    let before: Vec<&str> = subscribed.before.iter().map(|(secret, _)| secret.name.as_str()).collect();
    format!("{:x}", Sha256::digest(json!([row.url, row.takes, row.secret, before]).to_string()))
}

impl Plugins {
    /// Takes over the webhooks that are in the database, and which of their secrets sign now.
    pub async fn follow_subscriptions(&self, workflow: &Workflow) -> Result<(), StoreError> {
        self.take_subscribed(&workflow.subscriptions().all().await?);
        Ok(())
    }

    fn take_subscribed(&self, all: &[Subscribed]) {
        let mut broken = BTreeMap::new();
        self.replace_subscribed(|before, folders| {
            let mut now = Vec::new();
            for subscribed in all {
                let (name, digest) = (&subscribed.row.name, digest(subscribed));
                let old = before.iter().find(|p| p.name() == name);
                if folders.iter().any(|p| p.name() == name) {
                    let why = "a folder of plugins/ has the same name, and is used".to_owned();
                    let remedy = "rename the folder, or remove the webhook";
                    broken.insert(name.clone(), vec![PluginError::new(place(name), why, remedy)]);
                } else if let Some(same) = old.filter(|p| p.digest == digest) {
                    now.push(Arc::clone(same));
                } else {
                    match Plugin::of_subscription(subscribed, digest, self) {
                        Ok(plugin) => now.push(Arc::new(plugin)),
                        Err(found) => {
                            now.extend(old.cloned());
                            broken.insert(name.clone(), found);
                        }
                    }
                }
            }
            now
        });
        self.note_broken_subscriptions(broken);
    }

    /// Returns what is wrong with a webhook that somebody asks for.
    pub fn mistakes_of_wish(
        &self,
        (name, url): (&str, &str),
        takes: &Takes,
        names: &Names,
    ) -> Vec<SubscriptionMistake> {
        let place = place(name);
        let example = Secret::Made { name: String::new(), value: Revealed::new(NOT_MADE) };
        let mut found: Vec<SubscriptionMistake> = self.mistake_of_name(name).into_iter().collect();
        let is_address =
            Url::parse(url).is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.has_host());
        found.extend((!is_address).then_some(SubscriptionMistake::Address));
        found.extend(takes.is_empty().then_some(SubscriptionMistake::TakesNothing));
        if !is_address || takes.is_empty() {
            return found;
        }
        let others = match takes.manifest(url, (example, Vec::new()), &place) {
            Err(found) => found,
            Ok(manifest) => {
                let source = PluginSource {
                    name: name.to_owned(),
                    place: place.clone(),
                    origin: PluginOrigin::Subscribed,
                };
                let opened = manifest.transport.open(&source, &self.context).err();
                manifest.subscription.unknown(names, &place).into_iter().chain(opened).collect()
            }
        };
        found.extend(others.into_iter().map(SubscriptionMistake::Other));
        found
    }

    fn mistake_of_name(&self, name: &str) -> Option<SubscriptionMistake> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let is_name =
            !name.is_empty() && name.len() <= NAME && name.chars().all(is_plain) && is_plugin_name(name);
        let is_folder = self.find(name).is_some_and(|plugin| !plugin.is_subscribed());
        match (is_name, is_folder) {
            (false, _) => Some(SubscriptionMistake::Name),
            (true, true) => Some(SubscriptionMistake::FolderHasName),
            (true, false) => None,
        }
    }
}
