//! A plugin tried out by its integrator: what would be sent, and what a target answers to a sample.

use super::attempt::Conclusion;
use super::channels::{Beginning, Exchange};
use super::error::PluginError;
use super::plugin::Plugin;
use super::plugins::Plugins;
use crate::calendar::Moment;
use crate::credentials::Readings;
use crate::workflow::{ClaimedDelivery, Outgoing};
use serde::Serialize;

/// The result of one sample.
#[derive(Clone, Debug, Serialize)]
pub struct Trial {
    /// True when the target took it.
    pub accepted: bool,
    /// The answer, or the reason why there was none.
    pub answer: String,
}

/// Returns the request of a sample, or the letter, as it would be sent.
pub fn sample(
    plugins: &Plugins,
    plugin: &Plugin,
    outgoing: &Outgoing,
    now: Moment,
) -> Result<Exchange, PluginError> {
    let (id, payload) = (id(now), payload(plugins, plugin, outgoing, now)?);
    plugin.manifest.transport.exchange(&plugin.source, &plugins.context, &id, &payload, now)
}

/// Sends a sample to the real target, once; also while the plugin is switched off.
pub async fn trial(
    plugins: &Plugins,
    plugin: &Plugin,
    outgoing: &Outgoing<'_>,
    now: Moment,
) -> Result<Trial, PluginError> {
    let channel = plugin.manifest.transport.open(&plugin.source, &plugins.context)?;
    let delivery = ClaimedDelivery {
        id: id(now),
        payload: payload(plugins, plugin, outgoing, now)?,
        attempts: 1,
        created_at: now,
        is_letter: false,
        capped_address: None,
        is_first_letter: false,
        is_reaction: false,
        lease_until: now,
    };
    let attempt =
        channel.attempt(Beginning { delivery: &delivery, now, secrets: &Readings::default() }).await;
    Ok(Trial { accepted: attempt.conclusion == Conclusion::Accepted, answer: attempt.in_full() })
}

/// Returns an id that no other trial has: each is another event to the receiver.
fn id(now: Moment) -> String {
    format!("sample-{}", now.millis())
}

fn payload(
    plugins: &Plugins,
    plugin: &Plugin,
    outgoing: &Outgoing,
    now: Moment,
) -> Result<String, PluginError> {
    let settings = plugins.settings();
    let subscriber = plugin.subscriber(&settings);
    plugin.manifest.transport.sample(outgoing, &subscriber, &plugin.source, &id(now))
}
