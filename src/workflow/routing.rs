//! The way out, as the workflow sees it: something that turns what happened into deliveries.

use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{
    Channel, ComplainantKind, Complaint, ComplaintId, Event, Language, Name, Notification, Recipient,
};
use crate::message::{CalendarMethod, Rendered};
use crate::rules::{Label, Procedure, Trigger};
use crate::store::NewDelivery;
use serde::Serialize;
use std::collections::BTreeMap;

/// Notifications of a decision come after its events, in the order of their ordinals.
const AFTER_EVENTS: i64 = 5_000;
/// More than a decision has events and notifications.
const PER_DECISION: i64 = 10_000;

/// What set a decision going, as far as mail must know to end loops (email.md, "Mail loops").
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

/// What is to be told: a rendered message to somebody, or an event by itself.
#[derive(Clone, Debug)]
pub enum Told<'p> {
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

/// What happened, ready to be matched with plugins.
#[derive(Clone, Debug)]
pub struct Posting<'p> {
    pub told: Told<'p>,
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

impl Posting<'_> {
    /// Rises within a complaint.
    pub fn position(&self) -> i64 {
        let after = if matches!(self.told, Told::Message { .. }) { AFTER_EVENTS } else { 0 };
        self.version * PER_DECISION + after + i64::from(self.ordinal)
    }

    /// The time in the organisation's zone, RFC 3339.
    pub fn timestamp(&self) -> String {
        self.calendar.rfc3339(self.at)
    }

    /// What a plugin may know of the complaint without naming anybody.
    pub fn outline(&self) -> Option<Outline> {
        self.complaint.map(|(_, c)| Outline::of(c, self.procedure, self.calendar, self.language))
    }
}

/// Number, state, dates and categories of a complaint: never a name or a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Outline {
    /// `I-2026-000001`; every complaint has one.
    pub intake_id: String,
    /// `K-2026-0001`; null until it is registered.
    pub number: Option<String>,
    pub state: String,
    /// The state in the language of the organisation.
    pub state_label: String,
    pub channel: String,
    pub complainant_kind: String,
    pub language: String,
    /// RFC 3339, in the organisation's zone.
    pub received_at: String,
    /// `YYYY-MM-DD`
    pub promised_by: Option<String>,
    /// `YYYY-MM-DD`
    pub decided_on: Option<String>,
    pub verdict: Option<String>,
    pub ground: Option<String>,
    pub agreement: Option<String>,
    pub escalation: Option<String>,
    pub cause_kind: Option<String>,
    pub flags: Vec<String>,
}

impl Outline {
    fn of(c: &Complaint, procedure: &Procedure, calendar: &Calendar, language: &str) -> Self {
        let name = |n: &Option<Name>| n.as_ref().map(ToString::to_string);
        let day = |d: Option<Date>| d.map(|d| d.to_string());
        let label = procedure.states.get(&c.state).map(|s| if language == "en" { &s.en } else { &s.nl });
        Self {
            intake_id: c.intake_id.to_string(),
            number: c.number.as_ref().map(ToString::to_string),
            state: c.state.to_string(),
            state_label: label.map_or_else(|| c.state.to_string(), Clone::clone),
            channel: c.channel.as_str().to_owned(),
            complainant_kind: c.complainant_kind.as_str().to_owned(),
            language: c.language.to_string(),
            received_at: calendar.rfc3339(c.received_at),
            promised_by: day(c.promised_by),
            decided_on: day(c.decided_on),
            verdict: name(&c.verdict),
            ground: name(&c.ground),
            agreement: name(&c.agreement),
            escalation: name(&c.escalation),
            cause_kind: name(&c.cause_kind),
            flags: c.flags.iter().map(ToString::to_string).collect(),
        }
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

/// Implemented by the plugins.
pub trait Router: Send + Sync + std::fmt::Debug {
    /// The outbox rows of a posting. None makes a notification undeliverable, which is shown.
    fn deliveries(&self, posting: &Posting) -> Vec<NewDelivery>;

    /// Whether any plugin wants events at all.
    fn takes_events(&self) -> bool;
}
