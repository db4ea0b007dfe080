//! `Workbench`: plugins looked over and tried out by their integrator, on the command line and on the page: what is wrong with
//! them, the request that they would make, and what their targets answer to a sample.

use super::channels::Exchange;
use super::error::PluginError;
use super::plugin::Plugin;
use super::plugins::Plugins;
use super::trial::{Trial, sample, trial};
use crate::calendar::Moment;
use crate::clock::Clock;
use crate::config::Settings;
use crate::workflow::{Outgoing, OutgoingSample, Published};
use std::sync::Arc;

/// The plugins, and the procedure and settings that they are tried out with.
#[derive(Clone, Debug)]
pub struct Workbench<'w> {
    /// The plugins.
    pub plugins: &'w Plugins,
    /// The procedure.
    pub published: Arc<Published>,
    /// The settings.
    pub settings: Arc<Settings>,
}

/// A sample that was sent, and what came of it.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The request, without secrets.
    pub request: Exchange,
    /// What the target answered.
    pub trial: Trial,
    /// The duration in milliseconds.
    pub millis: i64,
}

impl Workbench<'_> {
    /// Returns everything that is wrong with all plugins.
    pub fn mistakes(&self, now: Moment) -> Vec<PluginError> {
        let mut wrong: Vec<PluginError> = self.plugins.broken().into_iter().map(|(_, error)| error).collect();
        wrong.extend(self.plugins.unknown_names(&self.published.names()));
        wrong.extend(self.plugins.fallback_mistake());
        for plugin in self.plugins.set().iter() {
            wrong.extend(self.at_work(plugin, now));
        }
        wrong
    }

    /// Returns everything that is wrong with the version of one plugin that is in use.
    pub fn mistakes_of(&self, plugin: &Plugin, now: Moment) -> Vec<PluginError> {
        let mut wrong = plugin.manifest.subscription.unknown(&self.published.names(), &plugin.source.place);
        wrong.extend(self.at_work(plugin, now));
        wrong
    }

    /// Returns what would keep a plugin from making a request.
    fn at_work(&self, plugin: &Plugin, now: Moment) -> Vec<PluginError> {
        let mut wrong: Vec<PluginError> = plugin.mistake.iter().cloned().collect();
        let missing = plugin.manifest.missing_secrets();
        let has_all = missing.is_empty();
        let place = format!("plugins/{}/plugin.toml", plugin.name());
        wrong.extend(missing.into_iter().filter(|_| plugin.manifest.enabled).map(|why| {
            PluginError::new(
                place.clone(),
                why,
                "set it where Redress runs; the value itself is never stored",
            )
        }));
        if has_all && plugin.mistake.is_none() {
            wrong.extend(self.request(plugin, "planning@example.nl", now).err());
        }
        wrong
    }

    /// Returns the request that a plugin makes of a sample; `to` is the address that a letter goes to.
    ///
    /// # Errors
    /// What keeps the plugin from making it.
    pub fn request(&self, plugin: &Plugin, to: &str, now: Moment) -> Result<Exchange, PluginError> {
        let made_up = self.sample_for(plugin, to, now);
        sample(self.plugins, plugin, &outgoing(plugin, &made_up), now)
    }

    /// Sends a sample to the target of a plugin, once.
    ///
    /// # Errors
    /// What keeps the plugin from making the request; what the target says is no error.
    pub async fn try_out(&self, plugin: &Plugin, to: &str, clock: &dyn Clock) -> Result<Tried, PluginError> {
        let now = clock.now();
        let made_up = self.sample_for(plugin, to, now);
        let outgoing = outgoing(plugin, &made_up);
        let request = sample(self.plugins, plugin, &outgoing, now)?;
        let trial = trial(self.plugins, plugin, &outgoing, now).await?;
        Ok(Tried { request, trial, millis: clock.now().millis() - now.millis() })
    }

    /// Returns a sample that the plugin takes.
    fn sample_for(&self, plugin: &Plugin, to: &str, now: Moment) -> OutgoingSample {
        let wish = plugin.manifest.subscription.wish(&self.published.names());
        OutgoingSample::new(Arc::clone(&self.published), Arc::clone(&self.settings), &wish, to, now)
    }
}

/// Returns the event when the plugin takes events and no messages, else the message.
fn outgoing<'s>(plugin: &Plugin, sample: &'s OutgoingSample) -> Outgoing<'s> {
    let subscription = &plugin.manifest.subscription;
    match subscription.messages.is_empty() && subscription.takes_events() {
        true => sample.event(),
        false => sample.message(),
    }
}
