//! The way out, as the workflow sees it: something that turns what happened into deliveries.

use super::outline::{Outline, details, facts, outline, readable};
use crate::calendar::{Calendar, Moment};
use crate::complaint::{
    About, Channel, ComplainantKind, Complaint, ComplaintId, Event, EventKind, Language, Name, Notification,
    Recipient, Source,
};
use crate::message::{BuiltinMessage, CalendarMethod, Rendered};
use crate::rules::{Label, Procedure, Trigger};
use crate::store::NewDelivery;
use std::collections::BTreeMap;

/// The offset of notifications, which come after their decision's events, in the order of their ordinals.
const AFTER_EVENTS: i64 = 5_000;
/// A number greater than a decision has events and notifications.
const PER_DECISION: i64 = 10_000;

/// The cause of a decision, as far as mail must know to end loops (docs/mail.md "Mail loops").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Somebody of the organisation did something.
    Person,
    /// Mail from outside.
    IncomingMail,
    /// A time, a schedule, the outcome of a delivery.
    Machine,
}

impl Cause {
    pub(super) fn of(trigger: &Trigger, is_staff: impl Fn(&str) -> bool) -> Self {
        match trigger {
            Trigger::Received { by, .. } | Trigger::Mail { by, .. } if is_staff(by) => Self::Person,
            Trigger::Received { .. } | Trigger::Mail { .. } => Self::IncomingMail,
            _ => Self::Machine,
        }
    }
}

/// The content of what goes out: a rendered message to somebody, or an event by itself.
#[derive(Clone, Debug)]
pub enum OutgoingContent<'p> {
    /// A rendered message.
    Message {
        /// The message as it was decided.
        notification: &'p Notification,
        /// The id of the notification.
        notification_id: &'p str,
        /// The addresses it goes to; never empty.
        addresses: &'p [String],
        /// The rendered subject and text.
        words: &'p Rendered,
        /// The calendar invitation that goes with it: method and text; none without one.
        invitation: Option<(CalendarMethod, String)>,
        /// The number or intake id with its check letters, for subjects.
        tag: Option<String>,
        /// True when the complaint has had no letter before.
        is_first_letter: bool,
    },
    /// An event of the audit trail.
    Event(&'p Event),
}

/// The plugins among which something goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carriers<'p> {
    /// All that subscribe to it.
    Subscribers,
    /// All that subscribe to it but this one, because it is about that one's trouble.
    AllBut(&'p str),
    /// All that subscribe to it but these, because they fail; these as well where no other takes it.
    Avoiding(&'p [String]),
    /// This one, if it subscribes to it.
    Only(&'p str),
    /// This one, whether it subscribes to it or not, in place of one that cannot.
    InPlace(&'p str),
}

/// The time at which something goes out. Events always go at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// At once.
    AtOnce,
    /// Not before a moment in working hours, by plugins that keep them; at once by others.
    NotBefore(Moment),
    /// Not before a moment, by every plugin: until then it can be called back.
    Recallable(Moment),
    /// As a line of a digest, by plugins that keep working hours; at once by others.
    Gathered,
}

/// The occasion on which something goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// It happened.
    Real,
    /// Somebody tries a plugin out; nothing happened, and there is no such complaint.
    Test,
}

/// One message or event on its way out, ready to be matched with plugins.
#[derive(Clone, Debug)]
pub struct Outgoing<'p> {
    /// The message or event.
    pub content: OutgoingContent<'p>,
    /// The complaint it is about; none for reports and alarms.
    pub complaint: Option<(ComplaintId, &'p Complaint)>,
    /// The decision it belongs to, by the complaint's version.
    pub version: i64,
    /// The place within that decision, from 1.
    pub ordinal: u32,
    /// The cause of that decision.
    pub cause: Cause,
    /// The moment of that decision.
    pub at: Moment,
    /// Whether it is real, or sent to try a plugin out.
    pub occasion: Occasion,
    /// The plugins that may carry it.
    pub carriers: Carriers<'p>,
    /// The time at which it goes.
    pub departure: Departure,
    /// The subject.
    pub about: About,
    pub(super) calendar: &'p Calendar,
    pub(super) procedure: &'p Procedure,
    pub(super) language: Language,
}

impl Outgoing<'_> {
    /// Returns its place among everything that goes out about the complaint; it rises.
    pub fn position(&self) -> i64 {
        let after = if matches!(self.content, OutgoingContent::Message { .. }) { AFTER_EVENTS } else { 0 };
        self.version * PER_DECISION + after + i64::from(self.ordinal)
    }

    /// Returns whether it is what was gathered for a person.
    pub fn is_digest(&self) -> bool {
        let digest = BuiltinMessage::Digest.as_str();
        matches!(&self.content, OutgoingContent::Message { notification: n, .. }
            if n.source == Source::Engine && n.message.as_str() == digest)
    }

    /// Returns when it happened, in the organisation's zone (RFC 3339).
    pub fn timestamp(&self) -> String {
        self.calendar.rfc3339(self.at)
    }

    /// Returns the facts of an event that a plugin may know when it states no purpose.
    pub fn details(&self, event: &Event) -> serde_json::Value {
        readable(details(event), self.calendar)
    }

    /// Returns all facts of an event, for a plugin that states a purpose.
    pub fn facts(&self, event: &Event) -> serde_json::Value {
        readable(facts(event), self.calendar)
    }

    /// Returns what a plugin may know of the complaint; none for what belongs to no complaint.
    pub fn outline(&self) -> Option<Outline> {
        self.complaint.map(|(_, c)| outline(c, self.procedure, self.calendar, self.language))
    }
}

/// The names that a plugin may subscribe to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The messages of the ruleset, the engine's own included.
    pub messages: Vec<String>,
    /// The main states.
    pub states: Vec<String>,
    /// The roles, and the kinds of recipient that are no role.
    pub recipients: Vec<String>,
    /// The values by category: verdict, ground, agreement, escalation, cause_kind, flags.
    pub categories: BTreeMap<&'static str, Vec<String>>,
}

impl Names {
    /// Returns every kind of content there is: `event.<kind>` and `notification.<message>`.
    pub fn topics(&self) -> Vec<String> {
        let events = EventKind::ALL.iter().filter(|kind| kind.goes_out());
        let events = events.map(|kind| format!("event.{}", kind.as_str()));
        events.chain(self.messages.iter().map(|message| format!("notification.{message}"))).collect()
    }

    pub(super) fn of(procedure: &Procedure, messages: Vec<String>) -> Self {
        fn keys(map: &BTreeMap<Name, Label>) -> Vec<String> {
            map.keys().map(ToString::to_string).collect()
        }
        let mut recipients: Vec<String> = procedure.roles.keys().map(ToString::to_string).collect();
        recipients.extend(Recipient::KINDS.map(str::to_owned));
        Self {
            messages,
            states: procedure.states.keys().map(ToString::to_string).collect(),
            recipients,
            categories: BTreeMap::from([
                ("verdict", keys(&procedure.verdicts)),
                ("ground", keys(&procedure.grounds)),
                ("agreement", keys(&procedure.agreements)),
                ("escalation", keys(&procedure.escalations)),
                ("cause_kind", keys(&procedure.causes)),
                ("flags", procedure.flags.keys().map(ToString::to_string).collect()),
                ("complainant_kind", ComplainantKind::ALL.iter().map(ToString::to_string).collect()),
                ("language", Language::ALL.iter().map(ToString::to_string).collect()),
                ("channel", Channel::ALL.iter().map(ToString::to_string).collect()),
            ]),
        }
    }
}

/// The way out: turns messages and events into deliveries. The plugins implement it.
pub trait Router: Send + Sync + std::fmt::Debug {
    /// Returns the outbox rows of what goes out. None makes a notification undeliverable, which is shown.
    fn deliveries(&self, outgoing: &Outgoing) -> Vec<NewDelivery>;

    /// Returns the plugins that would take a message as a line of a digest, by name.
    fn gatherers(&self, outgoing: &Outgoing) -> Vec<String>;

    /// Says whether any plugin takes events at all.
    fn takes_events(&self) -> bool;

    /// Says whether any plugin takes the head of the trail.
    fn takes_head(&self) -> bool {
        false
    }
}
