//! The ways out, a file each. A channel says what an attempt led to; it decides nothing else.

mod folder;
mod letter;
mod smtp;
mod webhook;

pub(super) use folder::Folder;
pub(super) use letter::{Letter, letter};
pub(super) use smtp::Smtp;
pub use webhook::Exchange;
pub(super) use webhook::Webhook;

use super::manifest::{PluginError, Way};
use super::plugins::{Plugin, Surroundings};
use crate::calendar::Moment;
use crate::store::ClaimedDelivery;
use std::time::Duration;

/// What one attempt led to, as the channel sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    pub verdict: Verdict,
    /// What was answered, or why there was no answer; never a secret.
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted,
    /// May succeed later. The target is at fault, and may have asked for a pause.
    Failed {
        pause_until: Option<Moment>,
    },
    /// May succeed later; the target works and put only this one off.
    Deferred,
    /// Will never succeed; the target works.
    Rejected,
    /// The target asks never to be called again.
    Gone,
}

impl Attempt {
    fn accepted(detail: impl Into<String>) -> Self {
        Self { verdict: Verdict::Accepted, detail: detail.into() }
    }

    fn failed(detail: impl Into<String>) -> Self {
        Self { verdict: Verdict::Failed { pause_until: None }, detail: detail.into() }
    }

    /// The plugin was switched off while this one was claimed.
    pub fn off() -> Self {
        Self { verdict: Verdict::Deferred, detail: "the plugin is switched off".to_owned() }
    }

    fn rejected(detail: impl Into<String>) -> Self {
        Self { verdict: Verdict::Rejected, detail: detail.into() }
    }
}

#[derive(Debug)]
pub(super) enum Channel {
    Webhook(Box<Webhook>),
    Smtp(Box<Smtp>),
    Folder(Folder),
}

impl Channel {
    pub fn open(plugin: &Plugin, around: &Surroundings) -> Result<Self, PluginError> {
        Ok(match &plugin.manifest.way {
            Way::Webhook(section) => Self::Webhook(Box::new(Webhook::open(plugin, section, around)?)),
            // In a rehearsal no letter leaves the folder.
            Way::Smtp(section) if !around.is_rehearsal() => {
                Self::Smtp(Box::new(Smtp::open(&plugin.place(), section, around)?))
            }
            Way::Smtp(_) | Way::Folder => Self::Folder(Folder::new(&around.outbox)),
        })
    }

    pub async fn attempt(&self, delivery: &ClaimedDelivery, now: Moment) -> Attempt {
        match self {
            Self::Webhook(webhook) => webhook.attempt(delivery, now).await,
            Self::Smtp(smtp) => smtp.attempt(delivery, now).await,
            Self::Folder(folder) => folder.attempt(delivery, now).await,
        }
    }

    /// The longest an attempt takes.
    pub fn patience(&self) -> Duration {
        match self {
            Self::Webhook(webhook) => webhook.timeout(),
            Self::Smtp(smtp) => smtp.timeout(),
            Self::Folder(_) => Duration::from_secs(2),
        }
    }
}
