//! `Subscription`: what a plugin takes, by message or event, recipient, state and categories.

use super::PluginError;
use crate::complaint::EventKind;
use crate::workflow::{Names, Outline, Posting, Told, nearest};
use serde::Deserialize;

/// Values by category of the complaint; empty means any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Categories {
    pub complainant_kind: Vec<String>,
    pub channel: Vec<String>,
    pub language: Vec<String>,
    pub verdict: Vec<String>,
    pub ground: Vec<String>,
    pub agreement: Vec<String>,
    pub escalation: Vec<String>,
    pub cause_kind: Vec<String>,
    /// Any of these flags.
    pub flags: Vec<String>,
}

/// In every list `*` is all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Messages to somebody, by name.
    pub messages: Vec<String>,
    /// Events of the audit trail, by kind.
    pub events: Vec<String>,
    /// Roles, `complainant`, `responsible`; `person` for anybody named by address.
    pub recipients: Vec<String>,
    pub states: Vec<String>,
    pub when: Categories,
}

fn matches(list: &[String], name: &str) -> bool {
    list.iter().any(|l| l == "*" || l == name)
}

impl Categories {
    fn lists(&self) -> [(&'static str, &[String]); 9] {
        [
            ("complainant_kind", &self.complainant_kind),
            ("channel", &self.channel),
            ("language", &self.language),
            ("verdict", &self.verdict),
            ("ground", &self.ground),
            ("agreement", &self.agreement),
            ("escalation", &self.escalation),
            ("cause_kind", &self.cause_kind),
            ("flags", &self.flags),
        ]
    }

    pub fn is_empty(&self) -> bool {
        self.lists().iter().all(|(_, list)| list.is_empty())
    }

    fn hold(&self, o: &Outline) -> bool {
        let one =
            |list: &[String], value: Option<&str>| list.is_empty() || value.is_some_and(|v| matches(list, v));
        one(&self.complainant_kind, Some(&o.complainant_kind))
            && one(&self.channel, Some(&o.channel))
            && one(&self.language, Some(&o.language))
            && one(&self.verdict, o.verdict.as_deref())
            && one(&self.ground, o.ground.as_deref())
            && one(&self.agreement, o.agreement.as_deref())
            && one(&self.escalation, o.escalation.as_deref())
            && one(&self.cause_kind, o.cause_kind.as_deref())
            && (self.flags.is_empty() || o.flags.iter().any(|f| matches(&self.flags, f)))
    }
}

impl Subscription {
    pub fn takes_events(&self) -> bool {
        !self.events.is_empty()
    }

    pub fn takes(&self, posting: &Posting) -> bool {
        let told = match &posting.told {
            Told::Message { notification: n, .. } => {
                matches(&self.messages, n.message.as_str()) && matches(&self.recipients, n.recipient.kind())
            }
            Told::Event(event) => matches(&self.events, event.kind.as_str()),
        };
        told && self.takes_state(posting) && self.takes_categories(posting)
    }

    /// What belongs to no complaint has no state: it is taken by those who take every state.
    fn takes_state(&self, posting: &Posting) -> bool {
        let state = posting.complaint.map_or("*", |(_, c)| c.state.as_str());
        matches(&self.states, state)
    }

    fn takes_categories(&self, posting: &Posting) -> bool {
        self.when.is_empty() || posting.outline().is_some_and(|o| self.when.hold(&o))
    }

    /// Names that this procedure does not have: what asks for them never comes.
    pub fn unknown(&self, names: &Names, place: &str) -> Vec<PluginError> {
        let events: Vec<String> = EVENTS.iter().map(|e| e.as_str().to_owned()).collect();
        let lists = [
            ("messages", &self.messages, &names.messages),
            ("events", &self.events, &events),
            ("recipients", &self.recipients, &names.recipients),
            ("states", &self.states, &names.states),
        ];
        let mut found = Vec::new();
        let mut check = |key: &str, wanted: &[String], known: &[String]| {
            for name in wanted.iter().filter(|n| *n != "*" && !known.contains(n)) {
                let nearest = nearest(name, known.iter().map(String::as_str));
                let remedy = nearest.map_or_else(String::new, |n| format!("did you mean `{n}`?"));
                found.push(PluginError::new(
                    place,
                    format!("{key}: `{name}` is not in this procedure"),
                    remedy,
                ));
            }
        };
        for (key, wanted, known) in lists {
            check(key, wanted, known);
        }
        for (key, wanted) in self.when.lists() {
            check(&format!("when.{key}"), wanted, names.categories.get(key).map_or(&[], Vec::as_slice));
        }
        found
    }
}

/// The kinds of events that plugins can have.
pub(in crate::delivery) const EVENTS: &[EventKind] = &[
    EventKind::Received,
    EventKind::MailAdded,
    EventKind::ComplainantReplied,
    EventKind::Registered,
    EventKind::Entered,
    EventKind::ActionTaken,
    EventKind::RuleFired,
    EventKind::FactChanged,
    EventKind::DeadlineArmed,
    EventKind::DeadlineMet,
    EventKind::DeadlineCancelled,
    EventKind::DeadlineBreached,
    EventKind::Notified,
    EventKind::Escalated,
    EventKind::Linked,
    EventKind::MeasureRecorded,
    EventKind::MeetingRecorded,
    EventKind::Remarked,
    EventKind::LetterAccepted,
    EventKind::LetterFailed,
    EventKind::Faulted,
    EventKind::Suspended,
    EventKind::Resumed,
];
