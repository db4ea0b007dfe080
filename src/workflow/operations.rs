//! `Operations`: what whoever looks after deliveries and plugins may do; each change is an event of the audit
//! trail.

use super::standing::{PluginAccess, Standing};
use super::{Workflow, WorkflowError};
use crate::complaint::{Actor, Event, EventKind, Origin, Via};
use crate::store::{Replay, ReplayEnd, Replayed, StoreError};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Another chance: for deliveries, for a plugin that was switched off, for an address that bounced; and for the
/// mails behind one that cannot be had.
#[derive(Clone, Copy, Debug)]
pub struct Operations<'w>(&'w Workflow);

impl Workflow {
    /// Returns the handle of whoever looks after deliveries and plugins.
    pub fn operations(&self) -> Operations<'_> {
        Operations(self)
    }

    /// Returns whether somebody looks after plugins: who is told of alarms about them.
    pub async fn watches_plugins(&self, person: &str) -> Result<bool, WorkflowError> {
        Ok(self.plugin_access(person).await? == Some(PluginAccess::Acts))
    }

    /// Returns what somebody may do with plugins and deliveries; none where they are not for this person.
    pub async fn plugin_access(&self, person: &str) -> Result<Option<PluginAccess>, WorkflowError> {
        let (now, settings, published) = (self.now().await?, self.settings(), self.published());
        let procedure = published.ruleset.procedure();
        Ok(Standing::new(&settings, procedure, None, now).plugin_access(&person.to_lowercase()))
    }
}

impl<'w> Operations<'w> {
    pub(super) fn workflow(self) -> &'w Workflow {
        self.0
    }

    /// Puts deliveries in the queue again, due now and with a fresh round of attempts.
    pub async fn replay(self, replay: Replay<'_>, (by, via): (Actor, Via)) -> Result<ReplayEnd, StoreError> {
        let (published, now) = (self.0.published(), self.0.now().await?);
        let told = |replayed: &[Replayed]| {
            let summary = format!("{} deliveries put in the queue again", replayed.len());
            event_by(EventKind::DeliveriesReplayed, (by, via), summary, asked(replay, replayed))
        };
        self.0.store.deliveries().replay(replay, told, published.ruleset.hash(), now).await
    }

    /// Switches a plugin on again that was switched off by itself, and ends its pause; false when it had no
    /// trouble.
    pub async fn enable_plugin(self, plugin: &str, by: (Actor, Via)) -> Result<bool, StoreError> {
        let (published, now) = (self.0.published(), self.0.now().await?);
        let summary = format!("plugin {plugin} switched on again");
        let event = event_by(EventKind::PluginEnabled, by, summary, json!({"plugin": plugin}));
        self.0.store.deliveries().enable_plugin(plugin, event, published.ruleset.hash(), now).await
    }

    /// Switches a plugin off until somebody switches it on again, whatever its manifest says; what goes by it waits.
    /// False when it was off.
    pub async fn disable_plugin(self, plugin: &str, by: (Actor, Via)) -> Result<bool, StoreError> {
        let (published, now, settings) = (self.0.published(), self.0.now().await?, self.0.settings());
        let who =
            settings.people.find(by.0.as_str()).map_or_else(|| by.0.as_str().to_owned(), |p| p.name.clone());
        let summary = format!("plugin {plugin} switched off");
        let event = event_by(EventKind::PluginDisabled, by, summary, json!({"plugin": plugin}));
        self.0.store.deliveries().disable_plugin(plugin, &who, event, published.ruleset.hash(), now).await
    }

    /// Records that somebody sends a sample to the target of a plugin; `to` is the address that they chose for it, where they
    /// chose one.
    pub async fn plugin_tried(
        self,
        plugin: &str,
        to: Option<&str>,
        by: (Actor, Via),
    ) -> Result<(), StoreError> {
        let (published, now) = (self.0.published(), self.0.now().await?);
        let summary = format!("a sample is sent by plugin {plugin}");
        let personal = to.map(|address| json!({"address": address}));
        let event =
            Event { personal, ..event_by(EventKind::PluginTried, by, summary, json!({"plugin": plugin})) };
        self.0.store.deliveries().note_trial(event, published.ruleset.hash(), now).await
    }

    /// Lets mail go again to an address of our own people that bounced; false when mail to it was not held.
    pub async fn resume_address(self, address: &str, by: Actor) -> Result<bool, StoreError> {
        let (published, now) = (self.0.published(), self.0.now().await?);
        let address = address.to_lowercase();
        let summary = "mail goes again to an address that bounced".to_owned();
        let event = Event {
            personal: Some(json!({"address": address})),
            ..event(EventKind::AddressResumed, by, summary, json!({}))
        };
        self.0.store.bounces().forget(&address, event, published.ruleset.hash(), now).await
    }
    /// Goes on behind a mail that its server does not hand over; false when the mailbox is behind it already.
    pub async fn step_over_mail(self, mailbox: &str, uid: u32, by: Actor) -> Result<bool, StoreError> {
        let (published, now) = (self.0.published(), self.0.now().await?);
        let summary = format!("mailbox {mailbox} goes on behind the mail with UID {uid}");
        let event = event(EventKind::MailSteppedOver, by, summary, json!({"mailbox": mailbox, "uid": uid}));
        self.0.store.mails().step_over(mailbox, uid, event, published.ruleset.hash(), now).await
    }
}

/// Returns which deliveries were asked for, and how many of each plugin there were.
fn asked(replay: Replay<'_>, replayed: &[Replayed]) -> Value {
    let mut plugins: BTreeMap<&str, u64> = BTreeMap::new();
    for delivery in replayed {
        *plugins.entry(&delivery.plugin).or_default() += 1;
    }
    match replay {
        Replay::Ids(_) => {
            let ids: Vec<&str> = replayed.iter().map(|r| r.id.as_str()).collect();
            json!({"plugins": plugins, "deliveries": ids})
        }
        Replay::Matching(filter) => json!({"plugins": plugins, "since": filter.since}),
        Replay::Listed(filter) => json!({"plugins": plugins, "since": filter.since}),
    }
}

fn event(kind: EventKind, by: Actor, summary: String, data: Value) -> Event {
    event_by(kind, (by, Via::CommandLine), summary, data)
}

pub(super) fn event_by(kind: EventKind, (by, via): (Actor, Via), summary: String, data: Value) -> Event {
    Event { kind, origin: Origin::person(by, via), summary, data, personal: None }
}
