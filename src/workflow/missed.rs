//! What a plugin did not carry, made up for: events and messages of the past for a plugin that is new or was off, from
//! the audit trail; and messages to our own people by the fallback, when mail does not bring them.

use super::about::{about_complaint, about_event, about_installation};
use super::undo::undo;
use super::{
    Carriers, Cause, Departure, Occasion, Operations, Outgoing, OutgoingContent, Published, Workflow,
};
use crate::calendar::Moment;
use crate::complaint::{
    About, Actor, Complaint, ComplaintId, Event, EventKind, Notification, Origin, Source, Via,
};
use crate::message::Rendered;
use crate::store::{NewDelivery, SentNotification, StoreError, StoredEvent, Stranded};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// Complaints that are gone through at once.
const COMPLAINTS: usize = 200;
/// The age of the oldest message that still goes by the fallback: seven days.
const FALLBACK_MILLIS: i64 = 7 * 86_400_000;

/// A choice of what a plugin is to have of the past.
#[derive(Clone, Copy, Debug)]
pub struct MissedWish<'w> {
    /// The plugin.
    pub plugin: &'w str,
    /// The earliest moment.
    pub since: Moment,
    /// The moment before which it happened; none for now.
    pub until: Option<Moment>,
    /// The kinds, as `event.entered` or `notification.decision`; none for all that the plugin subscribes to.
    pub topics: &'w [String],
}

/// The plugins as the fallback must know them.
#[derive(Clone, Debug, Default)]
pub struct PluginNames {
    /// The plugins of mail, those that are switched off as well.
    pub mail: Vec<String>,
    /// The plugins of mail that are switched off in their manifests.
    pub off: Vec<String>,
    /// All that are no mail.
    pub others: Vec<String>,
}

impl Operations<'_> {
    /// Queues what a plugin subscribes to and did not get, and returns how much that was. What it got before is not
    /// sent again, because each thing has one id for each plugin.
    pub async fn replay_missed(
        self,
        wish: MissedWish<'_>,
        (by, via): (Actor, Via),
    ) -> Result<u64, StoreError> {
        let workflow = self.workflow();
        let (published, now) = (workflow.published(), workflow.now().await?);
        let past = Past { workflow, published: &published };
        let deliveries = past.deliveries(wish).await?;
        let event = |added| {
            let data = json!({"plugins": {wish.plugin: added}, "missed_since": wish.since});
            let summary = format!("{added} missed deliveries put in the queue");
            let (kind, origin) = (EventKind::DeliveriesReplayed, Origin::person(by, via));
            Some(Event { kind, origin, summary, data, personal: None })
        };
        let added = workflow.store.missed().add(&deliveries, event, published.ruleset.hash(), now).await?;
        workflow.outbox.ring();
        Ok(added)
    }

    /// Counts what a plugin subscribes to and did not get; nothing is queued.
    pub async fn missed(self, wish: MissedWish<'_>) -> Result<u64, StoreError> {
        let workflow = self.workflow();
        let published = workflow.published();
        let deliveries = Past { workflow, published: &published }.deliveries(wish).await?;
        workflow.store.missed().absent(&deliveries).await
    }
}

impl Workflow {
    /// Sends messages to our own people by the fallback that mail was to bring and does not: it gave them up, has failed
    /// for some time, or is switched off. Returns how many those were.
    pub(super) async fn fall_back(&self, plugins: &PluginNames) -> Result<u64, StoreError> {
        let settings = self.settings();
        let Some(fallback) = &settings.delivery.fallback else { return Ok(0) };
        let now = self.now().await?;
        let mut failing = plugins.off.clone();
        for (name, health) in self.store.deliveries().healths().await? {
            let has_trouble = health.told_at.is_some() || health.disabled_at.is_some();
            if has_trouble && plugins.mail.contains(&name) {
                failing.push(name);
            }
        }
        // What waits for a plugin whose folder is gone.
        let waiting = self.store.deliveries().waiting().await?.into_iter().map(|w| w.plugin);
        failing.extend(waiting.filter(|name| !plugins.mail.contains(name) && !plugins.others.contains(name)));
        let (mail, since) = (&plugins.mail, now.plus_millis(-FALLBACK_MILLIS));
        let stranded = Stranded { fallback, mail, failing: &failing, since };
        let found = self.store.missed().stranded(stranded).await?;
        if found.is_empty() {
            return Ok(0);
        }
        let published = self.published();
        let past = Past { workflow: self, published: &published };
        let ids: Vec<ComplaintId> = found.iter().filter_map(|n| n.decision.map(|(id, _)| id)).collect();
        let complaints = past.complaints(&ids).await?;
        let rows = found.iter().flat_map(|sent| {
            let complaint = sent.decision.and_then(|(id, _)| complaints.get(&id));
            past.message(sent, complaint, Carriers::InPlace(fallback))
        });
        let rows: Vec<NewDelivery> = rows.collect();
        let added = self.store.missed().add(&rows, |_| None, published.ruleset.hash(), now).await?;
        if added > 0 {
            tracing::warn!(plugin = fallback, "{added} messages that mail does not bring go by the fallback");
            self.outbox.ring();
        }
        Ok(added)
    }
}

/// The past, as it would have gone out.
struct Past<'p> {
    workflow: &'p Workflow,
    published: &'p Arc<Published>,
}

impl Past<'_> {
    /// Returns everything of a wish, in the order in which it happened.
    async fn deliveries(&self, wish: MissedWish<'_>) -> Result<Vec<NewDelivery>, StoreError> {
        let missed = self.workflow.store.missed();
        let mut notices = Vec::new();
        let mut of_complaints: HashMap<(ComplaintId, i64), Vec<SentNotification>> = HashMap::new();
        for sent in missed.notifications_since(wish.since).await? {
            match sent.decision {
                Some(decision) => of_complaints.entry(decision).or_default().push(sent),
                None => notices.push(sent),
            }
        }
        let is_wanted = |at: Moment| wish.until.is_none_or(|until| at < until);
        let carriers = Carriers::Only(wish.plugin);
        let mut rows = Vec::new();
        for set in missed.complaints_since(wish.since).await?.chunks(COMPLAINTS) {
            let mut complaints = self.complaints(set).await?;
            let events = missed.events_since(set, wish.since).await?;
            let mut ordinals: HashMap<(ComplaintId, i64), u32> = HashMap::new();
            let numbered: Vec<(ComplaintId, u32, &StoredEvent)> = events
                .iter()
                .filter_map(|event| {
                    let id = event.complaint_id?;
                    let ordinal = ordinals.entry((id, event.version)).or_default();
                    *ordinal += 1;
                    Some((id, *ordinal, event))
                })
                .collect();
            // Backwards from today, so that each goes out with what held then.
            for (id, ordinal, stored) in numbered.into_iter().rev() {
                let Some(complaint) = complaints.get_mut(&id) else { continue };
                for sent in of_complaints.remove(&(id, stored.version)).into_iter().flatten() {
                    if is_wanted(sent.at) {
                        rows.extend(self.message(&sent, Some(complaint), carriers));
                    }
                }
                let event = event_of(stored);
                if is_wanted(stored.at) && event.kind.concerns_a_complaint() {
                    rows.extend(self.event(&event, stored, ordinal, (id, complaint), carriers));
                }
                undo(complaint, event.kind, &event.data);
            }
        }
        rows.extend(notices.iter().filter(|n| is_wanted(n.at)).flat_map(|n| self.message(n, None, carriers)));
        rows.retain(|row| wish.topics.is_empty() || wish.topics.contains(&row.topic));
        rows.sort_by_key(|row| (row.complaint, row.position));
        Ok(rows)
    }

    async fn complaints(&self, ids: &[ComplaintId]) -> Result<HashMap<ComplaintId, Complaint>, StoreError> {
        let cases = self.workflow.store.cases().load(ids).await?;
        Ok(cases.into_iter().map(|case| (case.id, case.complaint)).collect())
    }

    fn event(
        &self,
        event: &Event,
        stored: &StoredEvent,
        ordinal: u32,
        (id, complaint): (ComplaintId, &Complaint),
        carriers: Carriers<'_>,
    ) -> Vec<NewDelivery> {
        let place =
            Place { complaint: Some((id, complaint)), version: stored.version, ordinal, at: stored.at };
        let by = (carriers, Departure::AtOnce);
        self.routed(OutgoingContent::Event(event), place, about_event(event), by)
    }

    /// Returns the deliveries of a message as it was written.
    fn message(
        &self,
        sent: &SentNotification,
        complaint: Option<&Complaint>,
        carriers: Carriers<'_>,
    ) -> Vec<NewDelivery> {
        let n = &sent.notification;
        let (recipient, message) = (n.recipient.clone(), n.message.as_str().into());
        let notification = Notification {
            ordinal: n.ordinal,
            source: n.source.clone(),
            ..Notification::of_engine(recipient, message, Value::Null)
        };
        let words = Rendered {
            subject: n.subject.clone(),
            text: n.body.clone(),
            html: crate::message::html_of(&n.body),
            language: n.language.clone(),
            calendar: None,
            line: None,
        };
        let content = OutgoingContent::Message {
            notification: &notification,
            notification_id: &n.id,
            addresses: &n.addresses,
            words: &words,
            invitation: None,
            tag: None,
            is_first_letter: false,
        };
        let (id, version) = sent.decision.unzip();
        let place = Place {
            complaint: id.zip(complaint),
            version: version.unwrap_or_default(),
            ordinal: n.ordinal,
            at: sent.at,
        };
        // What went or goes in a digest does not go by itself as well.
        let departure = if sent.is_gathered { Departure::Gathered } else { Departure::AtOnce };
        let about = n.about.clone().unwrap_or_else(about_installation);
        self.routed(content, place, about, (carriers, departure))
    }

    fn routed(
        &self,
        content: OutgoingContent<'_>,
        place: Place<'_>,
        about: About,
        (carriers, departure): (Carriers<'_>, Departure),
    ) -> Vec<NewDelivery> {
        let settings = self.workflow.settings();
        let Place { complaint, version, ordinal, at } = place;
        let outgoing = Outgoing {
            content,
            about: complaint.map_or(about, |(_, c)| about_complaint(c)),
            complaint,
            version,
            ordinal,
            cause: Cause::Machine,
            at,
            occasion: Occasion::Real,
            carriers,
            departure,
            calendar: &settings.calendar,
            procedure: self.published.ruleset.procedure(),
            language: settings.language,
        };
        self.workflow.router.deliveries(&outgoing)
    }
}

/// The place of something in the past.
struct Place<'p> {
    complaint: Option<(ComplaintId, &'p Complaint)>,
    version: i64,
    ordinal: u32,
    at: Moment,
}

fn event_of(stored: &StoredEvent) -> Event {
    let source: Source = stored.source();
    Event {
        kind: stored.kind,
        origin: Origin { by: stored.by.clone(), via: stored.via, source },
        summary: stored.summary.clone(),
        data: serde_json::from_str(&stored.data).unwrap_or(Value::Null),
        personal: stored.personal.as_deref().and_then(|text| serde_json::from_str(text).ok()),
    }
}
