//! `Delivering`: what delivery may do and ask.

use super::links::OPENS;
use super::survey_link::without_links;
use super::{Ears, MailHeld, PluginNames, PluginNews, Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{LetterStatus, StoredTrigger};
use crate::store::{Claim, Claimed, DeliveryResult, Health, Mailed, Outcome, PendingOutcome, StoreError};
use std::collections::HashMap;

/// Claiming deliveries, recording what became of them, and telling how plugins fare.
#[derive(Clone, Copy, Debug)]
pub struct Delivering<'w>(&'w Workflow);

impl Workflow {
    /// Returns the handle of delivery.
    pub fn delivering(&self) -> Delivering<'_> {
        Delivering(self)
    }
}

impl Delivering<'_> {
    /// Hears from now on when deliveries may be due.
    pub fn listen(self) -> Ears {
        self.0.outbox.listen()
    }

    /// Claims deliveries of a plugin that are due, and reads its health.
    pub async fn claim(self, claim: Claim<'_>) -> Result<Claimed, StoreError> {
        self.put_clock_right(claim.now).await?;
        self.0.store.in_background().outbox().claim(claim).await
    }

    /// Lets nothing wait for a time that was never real, where the clock stands behind what was decided
    /// (docs/semantics.md 2.1).
    async fn put_clock_right(self, now: Moment) -> Result<(), StoreError> {
        match self.0.store.trail().high_water().await? {
            Some(mark) if mark > now => self.0.store.outbox().put_clock_right(now).await,
            _ => Ok(()),
        }
    }

    /// Returns whether a plugin has something due.
    pub async fn has_due(self, plugin: &str, now: Moment) -> Result<bool, StoreError> {
        self.put_clock_right(now).await?;
        self.0.store.outbox().has_due(plugin, now).await
    }

    /// Returns the earliest moment for which a delivery waits that was never attempted; none when none does.
    pub async fn next_first_attempt(self) -> Result<Option<Moment>, StoreError> {
        self.0.store.outbox().next_first_attempt(self.0.clock.now()).await
    }

    /// Puts one-time links in a mail that is about to go, which stand nowhere before; none where it has none.
    pub fn with_links(self, payload: &str) -> Option<String> {
        self.0.with_links(payload)
    }

    /// Puts words in the place of such links where no mail goes, which would show them to others; none where it has none.
    pub fn without_links(self, payload: &str) -> Option<String> {
        let without = payload.contains(OPENS).then(|| without_links(payload));
        without.filter(|without| without != payload)
    }

    /// Reads how a plugin fares.
    pub async fn health(self, plugin: &str) -> Result<Health, StoreError> {
        self.0.store.outbox().health(plugin).await
    }

    /// Records what became of deliveries of a plugin, and its health when that changed; complaints are told
    /// of their letters.
    pub async fn record_outcomes(
        self,
        plugin: &str,
        outcomes: &[Outcome],
        health: Option<&Health>,
        now: Moment,
    ) -> Result<(), StoreError> {
        self.0.store.in_background().outbox().record_outcomes(plugin, outcomes, health, now, trigger).await?;
        if outcomes.iter().any(|o| o.is_letter) {
            self.0.due.notify_one();
        }
        Ok(())
    }

    /// Returns the addresses of our own people to which nothing is mailed, because it came back.
    pub async fn bouncing(self) -> Result<Vec<String>, StoreError> {
        self.0.store.bounces().bouncing().await
    }

    /// Counts the automated mails that these addresses were sent since two moments.
    pub async fn mailed(
        self,
        addresses: &[String],
        hour: Moment,
        day: Moment,
    ) -> Result<HashMap<String, Mailed>, StoreError> {
        self.0.store.outbox().mailed(addresses, hour, day).await
    }

    /// Counts the mails since a moment that incoming mail caused.
    pub async fn reactions(self, since: Moment) -> Result<i64, StoreError> {
        self.0.store.outbox().reactions(since).await
    }

    /// Sends messages to our own people by the fallback that mail does not bring; how many those were.
    pub async fn fall_back(self, plugins: &PluginNames) -> Result<u64, StoreError> {
        self.0.fall_back(plugins).await
    }

    /// Tells a plugin's owner, or the role that hears of plugins, by any other plugin.
    pub async fn tell_plugin_news(
        self,
        plugin: &str,
        owner: Option<&str>,
        news: PluginNews<'_>,
        why: &str,
    ) -> Result<(), WorkflowError> {
        self.0.tell_plugin_news(plugin, owner, news, why).await
    }

    /// Tells a plugin's owner, or the role that hears of plugins, for which causes mail is held back, each once.
    pub async fn tell_held(
        self,
        plugin: &str,
        owner: Option<&str>,
        held: &[MailHeld<'_>],
    ) -> Result<(), WorkflowError> {
        self.0.tell_held(plugin, owner, held).await
    }
}

/// Returns the trigger that tells a complaint of its letter.
fn trigger(outcome: &PendingOutcome, result: &DeliveryResult) -> String {
    let status = match result {
        DeliveryResult::Accepted => LetterStatus::Accepted,
        _ => LetterStatus::Failed,
    };
    let (message, version) = (outcome.message.clone(), outcome.version);
    StoredTrigger::Delivered { message, version, ordinal: outcome.ordinal, status }.to_json()
}
