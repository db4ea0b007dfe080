//! `plugin.toml` as written and checked.

use serde::Deserialize;
use std::path::{Path, PathBuf};

/// What is wrong with a plugin, where, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}\n  help: {remedy}")]
pub struct PluginError {
    pub place: String,
    pub why: String,
    pub remedy: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PluginKind {
    Email,
    Webhook,
}

/// A secret by reference; its value is read when it is needed and never shown.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    Env(String),
    File(PathBuf),
}

impl Secret {
    pub fn read(&self) -> Result<String, String> {
        let (value, place) = match self {
            Self::Env(name) => {
                (std::env::var(name).map_err(|e| e.to_string()), format!("environment variable {name}"))
            }
            Self::File(path) => {
                (std::fs::read_to_string(path).map_err(|e| e.to_string()), format!("file {}", path.display()))
            }
        };
        match value {
            Ok(value) if !value.trim().is_empty() => Ok(value.trim().to_owned()),
            Ok(_) => Err(format!("the secret in {place} is empty")),
            Err(e) => Err(format!("the secret in {place} cannot be read: {e}")),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookSection {
    pub url: String,
    pub secret: Secret,
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u64,
    #[serde(default = "default_concurrency")]
    pub concurrency: usize,
}

fn default_timeout() -> u64 {
    15
}

fn default_concurrency() -> usize {
    4
}

fn everything() -> Vec<String> {
    vec!["*".to_owned()]
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub kind: PluginKind,
    #[serde(default)]
    pub enabled: bool,
    /// Message names; `*` for all.
    #[serde(default = "everything")]
    pub messages: Vec<String>,
    /// Roles, `complainant`, `responsible`; `*` for all.
    #[serde(default = "everything")]
    pub recipients: Vec<String>,
    pub webhook: Option<WebhookSection>,
}

impl Manifest {
    pub fn read(folder: &Path) -> Result<Self, PluginError> {
        let path = folder.join("plugin.toml");
        let place = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|e| PluginError {
            place: place.clone(),
            why: e.to_string(),
            remedy: "every folder in plugins/ has a plugin.toml".to_owned(),
        })?;
        Self::parse(&text, &place)
    }

    pub fn parse(text: &str, place: &str) -> Result<Self, PluginError> {
        let wrong =
            |place: String, why: String, remedy: &str| PluginError { place, why, remedy: remedy.to_owned() };
        let manifest: Self = toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(1, |s| text.get(..s.start).unwrap_or("").matches('\n').count() + 1);
            wrong(format!("{place}:{line}"), e.message().to_owned(), "plugins/README.md explains every key")
        })?;
        let fail = |why: &str, remedy: &str| Err(wrong(place.to_owned(), why.to_owned(), remedy));
        match (&manifest.kind, &manifest.webhook) {
            (PluginKind::Webhook, None) => {
                fail("a webhook needs a [webhook] section", "add url and secret under [webhook]")
            }
            (PluginKind::Email, Some(_)) => {
                fail("an email plugin has no [webhook] section", "remove it, or set kind = \"webhook\"")
            }
            (PluginKind::Webhook, Some(w)) if !(1..=60).contains(&w.timeout_seconds) => {
                fail("webhook.timeout_seconds lies between 1 and 60", "write timeout_seconds = 15")
            }
            (PluginKind::Webhook, Some(w)) if !(1..=64).contains(&w.concurrency) => {
                fail("webhook.concurrency lies between 1 and 64", "write concurrency = 4")
            }
            (PluginKind::Webhook, Some(w)) if reqwest::Url::parse(&w.url).is_err() => {
                fail("webhook.url is not an address", "write it as \"https://example.org/redress\"")
            }
            _ => Ok(manifest),
        }
    }

    pub fn takes(&self, message: &str, recipient: &str) -> bool {
        let matches = |list: &[String], name: &str| list.iter().any(|l| l == "*" || l == name);
        self.enabled && matches(&self.messages, message) && matches(&self.recipients, recipient)
    }
}
