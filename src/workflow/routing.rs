//! The way out, as the workflow sees it: something that turns what happened into deliveries.

use super::outline::{Outline, outline};
use crate::calendar::{Calendar, Moment};
use crate::complaint::{
    Channel, ComplainantKind, Complaint, ComplaintId, Event, Language, Name, Notification, Recipient,
};
use crate::message::{CalendarMethod, Rendered};
use crate::rules::{Label, Procedure, Trigger};
use crate::store::NewDelivery;
use std::collections::BTreeMap;

/// Notifications of a decision come after its events, in the order of their ordinals.
const AFTER_EVENTS: i64 = 5_000;
/// More than a decision has events and notifications.
const PER_DECISION: i64 = 10_000;

/// What set a decision going, as far as mail must know to end loops (docs/mail.md "Mail loops").
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

/// What goes out: a rendered message to somebody, or an event by itself.
#[derive(Clone, Debug)]
pub enum OutgoingContent<'p> {
    Message {
        notification: &'p Notification,
        notification_id: &'p str,
        addresses: &'p [String],
        words: &'p Rendered,
        /// The calendar invitation that goes with it: method and text.
        invitation: Option<(CalendarMethod, String)>,
        /// The number or intake id with its check letters, for subjects.
        tag: Option<String>,
        /// Whether the complaint has had no letter before.
        is_first_letter: bool,
    },
    Event(&'p Event),
}

/// One message or event on its way out, ready to be matched with plugins.
#[derive(Clone, Debug)]
pub struct Outgoing<'p> {
    pub content: OutgoingContent<'p>,
    /// None for reports and alarms.
    pub complaint: Option<(ComplaintId, &'p Complaint)>,
    /// The decision it belongs to, and its place there.
    pub version: i64,
    pub ordinal: u32,
    pub cause: Cause,
    pub at: Moment,
    /// The plugin that must not carry it: it is about that one's trouble.
    pub except: Option<&'p str>,
    pub(super) calendar: &'p Calendar,
    pub(super) procedure: &'p Procedure,
    pub(super) language: &'p str,
}

impl Outgoing<'_> {
    /// Returns its place among everything that goes out about the complaint; it rises.
    pub fn position(&self) -> i64 {
        let after = if matches!(self.content, OutgoingContent::Message { .. }) { AFTER_EVENTS } else { 0 };
        self.version * PER_DECISION + after + i64::from(self.ordinal)
    }

    /// Returns when it happened, in the organisation's zone (RFC 3339).
    pub fn timestamp(&self) -> String {
        self.calendar.rfc3339(self.at)
    }

    /// Returns what a plugin may know of the complaint; none for what belongs to no complaint.
    pub fn outline(&self) -> Option<Outline> {
        self.complaint.map(|(_, c)| outline(c, self.procedure, self.calendar, self.language))
    }
}

/// The names that a plugin may subscribe to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub messages: Vec<String>,
    pub states: Vec<String>,
    pub recipients: Vec<String>,
    /// Values by category: verdict, ground, agreement, escalation, cause_kind, flags.
    pub categories: BTreeMap<&'static str, Vec<String>>,
}

impl Names {
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

/// What turns messages and events into deliveries; the plugins implement it.
pub trait Router: Send + Sync + std::fmt::Debug {
    /// Returns the outbox rows of what goes out. None makes a notification undeliverable, which is shown.
    fn deliveries(&self, outgoing: &Outgoing) -> Vec<NewDelivery>;

    /// Says whether any plugin takes events at all.
    fn takes_events(&self) -> bool;
}
