//! `plugin.toml` as written and checked.

mod smtp;
mod subscription;
mod webhook;

pub use smtp::{Security, SmtpSection};
pub(super) use subscription::EVENTS;
pub use subscription::Subscription;
pub use webhook::{Method, Retry, Signing, WebhookSection};

use crate::config::describe;
use serde::Deserialize;
use std::path::Path;

/// What is wrong with a plugin, where, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}\n  help: {remedy}")]
pub struct PluginError {
    pub place: String,
    pub why: String,
    pub remedy: String,
}

impl PluginError {
    pub(super) fn new(place: impl Into<String>, why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: place.into(), why: why.into(), remedy: remedy.into() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PluginKind {
    Email,
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

/// How the deliveries of a plugin travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    Webhook(WebhookSection),
    Smtp(SmtpSection),
    /// Files in `DATA/outbox`.
    Folder,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    pub enabled: bool,
    /// Who hears when it fails; without one, the role that the procedure names.
    pub owner: Option<String>,
    pub subscription: Subscription,
    /// Whether a delivery waits for the earlier ones of its complaint.
    pub ordered: bool,
    /// Why names and texts may leave the organisation; without a purpose they do not.
    pub purpose: Option<String>,
    pub way: Way,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: PluginKind,
    #[serde(default)]
    enabled: bool,
    owner: Option<String>,
    messages: Option<Vec<String>>,
    #[serde(default)]
    events: Vec<String>,
    recipients: Option<Vec<String>>,
    states: Option<Vec<String>>,
    #[serde(default)]
    when: subscription::Categories,
    #[serde(default)]
    ordered: bool,
    #[serde(default)]
    include_personal_data: bool,
    purpose: Option<String>,
    webhook: Option<WebhookSection>,
    smtp: Option<SmtpSection>,
}

impl Manifest {
    pub fn read(folder: &Path) -> Result<Self, PluginError> {
        let path = folder.join("plugin.toml");
        let place = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|e| {
            PluginError::new(place.clone(), e.to_string(), "every folder in plugins/ has a plugin.toml")
        })?;
        Self::parse(&text, &place)
    }

    pub fn parse(text: &str, place: &str) -> Result<Self, PluginError> {
        let file: File = toml::from_str(text).map_err(|e| {
            let wrong = describe(&e, text, place);
            let remedy = match wrong.remedy.starts_with("did you mean") {
                true => wrong.remedy,
                false => "plugins/README.md explains every key".to_owned(),
            };
            PluginError::new(wrong.place, wrong.why, remedy)
        })?;
        let fail = |why: &str, remedy: &str| Err(PluginError::new(place, why, remedy));
        let purpose = file.purpose.filter(|p| !p.trim().is_empty());
        if file.include_personal_data && purpose.is_none() {
            return fail(
                "include_personal_data sends names and texts, and no purpose is stated",
                "write purpose = \"why the target needs them\", or leave include_personal_data out",
            );
        }
        let way = match (file.kind, file.webhook, file.smtp) {
            (PluginKind::Webhook, None, _) => {
                return fail("a webhook needs a [webhook] section", "add url and secret under [webhook]");
            }
            (PluginKind::Webhook, Some(_), Some(_)) => {
                return fail("a webhook has no [smtp] section", "remove it, or make it a plugin of its own");
            }
            (PluginKind::Webhook, Some(section), None) => {
                section.check().map_err(|(why, remedy)| PluginError::new(place, why, remedy))?;
                Way::Webhook(section)
            }
            (PluginKind::Email, Some(_), _) => {
                return fail(
                    "an email plugin has no [webhook] section",
                    "remove it, or set kind = \"webhook\"",
                );
            }
            (PluginKind::Email, None, Some(section)) => {
                section.check().map_err(|(why, remedy)| PluginError::new(place, why, remedy))?;
                Way::Smtp(section)
            }
            (PluginKind::Email, None, None) => Way::Folder,
        };
        if file.kind == PluginKind::Email && !file.events.is_empty() {
            return fail("an email plugin carries messages only", "remove `events`");
        }
        let everything = || vec!["*".to_owned()];
        Ok(Self {
            enabled: file.enabled,
            owner: file.owner,
            subscription: Subscription {
                messages: file.messages.unwrap_or_else(everything),
                events: file.events,
                recipients: file.recipients.unwrap_or_else(everything),
                states: file.states.unwrap_or_else(everything),
                when: file.when,
            },
            ordered: file.ordered,
            purpose: purpose.filter(|_| file.include_personal_data),
            way,
        })
    }

    pub fn kind(&self) -> PluginKind {
        match self.way {
            Way::Webhook(_) => PluginKind::Webhook,
            Way::Smtp(_) | Way::Folder => PluginKind::Email,
        }
    }

    /// The secrets it names that cannot be read now; the words hold no secret.
    pub fn missing_secrets(&self) -> Vec<String> {
        let secrets = match &self.way {
            Way::Webhook(section) => section.secrets(),
            Way::Smtp(section) => section.secrets(),
            Way::Folder => Vec::new(),
        };
        secrets.into_iter().filter_map(|s| s.read().err()).collect()
    }
}
