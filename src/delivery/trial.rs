//! A plugin tried out by its integrator: what would be sent, and what a target answers to a sample.

use super::channels::{Channel, Exchange, Verdict, letter};
use super::manifest::{PluginError, Way};
use super::plugins::{Plugin, Plugins, stored};
use crate::calendar::Moment;
use crate::store::ClaimedDelivery;
use crate::workflow::{Posting, Told};
use serde::Serialize;
use uuid::Uuid;

/// What one sample led to.
#[derive(Clone, Debug, Serialize)]
pub struct Trial {
    pub accepted: bool,
    /// What was answered, or why there was no answer.
    pub answer: String,
}

/// The request of a sample, or the letter, as it would be sent.
pub fn sample(
    plugins: &Plugins,
    plugin: &Plugin,
    posting: &Posting,
    now: Moment,
) -> Result<Exchange, PluginError> {
    let wrong = |why: String| PluginError::new(plugin.place(), why, "plugins/README.md explains it");
    match Channel::open(plugin, &plugins.around)? {
        Channel::Webhook(webhook) => {
            webhook.exchange(&id(now), &payload(plugins, plugin, posting, now)?, now).map_err(wrong)
        }
        Channel::Smtp(_) | Channel::Folder(_) => {
            let letter = payload(plugins, plugin, posting, now)?;
            let body = serde_json::from_str(&letter).unwrap_or_default();
            let (method, url) = match &plugin.manifest.way {
                Way::Smtp(section) => ("SMTP", format!("{}:{}", section.host, section.port())),
                _ => ("FILE", plugins.around.outbox.display().to_string()),
            };
            Ok(Exchange { method, url, headers: Vec::new(), body })
        }
    }
}

/// Sends a sample to the real target, once.
pub async fn trial(
    plugins: &Plugins,
    plugin: &Plugin,
    posting: &Posting<'_>,
    now: Moment,
) -> Result<Trial, PluginError> {
    let channel = Channel::open(plugin, &plugins.around)?;
    let delivery = ClaimedDelivery {
        id: id(now),
        payload: payload(plugins, plugin, posting, now)?,
        attempts: 1,
        created_at: now,
        is_letter: false,
        capped_address: None,
        is_first_letter: false,
        is_reaction: false,
        lease_until: now,
    };
    let attempt = channel.attempt(&delivery, now).await;
    Ok(Trial { accepted: attempt.verdict == Verdict::Accepted, answer: attempt.detail })
}

/// Each trial is another event to the receiver.
fn id(now: Moment) -> String {
    format!("sample-{}", now.millis())
}

fn payload(
    plugins: &Plugins,
    plugin: &Plugin,
    posting: &Posting,
    now: Moment,
) -> Result<String, PluginError> {
    let to = match &posting.told {
        Told::Message { addresses, .. } => addresses.first().cloned().unwrap_or_default(),
        Told::Event(_) => String::new(),
    };
    Ok(match plugin.manifest.kind() {
        super::PluginKind::Webhook => match own_event(plugin)? {
            Some(event) => format!("{{\"event\":{event}}}"),
            None => stored(posting, plugin.manifest.purpose.as_deref()),
        },
        super::PluginKind::Email => {
            let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, id(now).as_bytes());
            let letter = letter(posting, id, &to, &plugins.settings);
            serde_json::json!(letter).to_string()
        }
    })
}

/// The event that a plugin is tried out with, where it brings one. Nothing else reads it, so a mistake in it stops nothing.
fn own_event(plugin: &Plugin) -> Result<Option<serde_json::Value>, PluginError> {
    let path = std::path::Path::new(&plugin.place()).with_file_name("sample.json");
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|e| {
        let place = format!("{}:{}:{}", path.display(), e.line(), e.column());
        PluginError::new(
            place,
            e.to_string(),
            "write an event as `redress plugins sample` shows it, or remove the file",
        )
    })
}
