//! `Subscription`: what a plugin takes, by message or event, recipient, state and categories.

use super::error::PluginError;
use crate::complaint::{EventKind, Recipient};
use crate::workflow::{Names, Outgoing, OutgoingContent, Outline, SampleWish, nearest};
use serde::{Deserialize, Serialize};

/// Names that a plugin takes; `*` among them is all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct NameList(Vec<String>);

/// The name that stands for all.
const ALL: &str = "*";

impl NameList {
    pub fn all() -> Self {
        Self(vec![ALL.to_owned()])
    }

    pub fn takes_all(&self) -> bool {
        self.0.iter().any(|n| n == ALL)
    }

    pub fn takes(&self, name: &str) -> bool {
        self.takes_all() || self.0.iter().any(|n| n == name)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the names that stand for themselves.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str).filter(|n| *n != ALL)
    }

    /// Returns the list as people write it, with commas.
    pub fn joined(&self) -> String {
        self.0.join(",")
    }
}

/// Values by category of the complaint; empty means any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Categories {
    pub complainant_kind: NameList,
    pub channel: NameList,
    pub language: NameList,
    pub verdict: NameList,
    pub ground: NameList,
    pub agreement: NameList,
    pub escalation: NameList,
    pub cause_kind: NameList,
    /// Any of these flags.
    pub flags: NameList,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Messages to somebody, by name.
    pub messages: NameList,
    /// Events of the audit trail, by kind.
    pub events: NameList,
    /// Roles, `complainant`, `responsible`; `person` for anybody named by address.
    pub recipients: NameList,
    pub states: NameList,
    pub when: Categories,
}

impl Categories {
    fn lists(&self) -> [(&'static str, &NameList); 9] {
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

    /// Returns the categories that it asks for, each with the values that it takes.
    pub fn asked(&self) -> impl Iterator<Item = (&'static str, &NameList)> {
        self.lists().into_iter().filter(|(_, list)| !list.is_empty())
    }

    pub fn is_empty(&self) -> bool {
        self.lists().iter().all(|(_, list)| list.is_empty())
    }

    fn hold(&self, o: &Outline) -> bool {
        let one =
            |list: &NameList, value: Option<&str>| list.is_empty() || value.is_some_and(|v| list.takes(v));
        one(&self.complainant_kind, Some(&o.complainant_kind))
            && one(&self.channel, Some(&o.channel))
            && one(&self.language, Some(&o.language))
            && one(&self.verdict, o.verdict.as_deref())
            && one(&self.ground, o.ground.as_deref())
            && one(&self.agreement, o.agreement.as_deref())
            && one(&self.escalation, o.escalation.as_deref())
            && one(&self.cause_kind, o.cause_kind.as_deref())
            && (self.flags.is_empty() || o.flags.iter().any(|f| self.flags.takes(f)))
    }
}

impl Subscription {
    pub fn takes_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// Says whether it takes all messages or all events, of whatever complaint and for whomever.
    pub fn is_unfiltered(&self) -> bool {
        let takes_all = self.messages.takes_all() && self.recipients.takes_all() || self.events.takes_all();
        takes_all && self.states.takes_all() && self.when.is_empty()
    }

    /// Says whether it names a kind of event, which is more than taking all.
    pub fn names_event(&self, kind: EventKind) -> bool {
        self.events.names().any(|name| name == kind.as_str())
    }

    /// Returns a sample that it takes: what it names first, and for what it does not name the first there is in
    /// `names`.
    pub fn wish(&self, names: &Names) -> SampleWish {
        let first = |list: &NameList| list.names().next().map(str::to_owned);
        let event = self.events.names().find_map(|name| name.parse().ok());
        let message = first(&self.messages).or_else(|| names.messages.first().cloned());
        let categories = self.when.lists().into_iter();
        SampleWish {
            message: message.unwrap_or_else(|| "test".to_owned()),
            recipient: match first(&self.recipients) {
                Some(name) => Recipient::from(name.as_str()),
                None => Recipient::Complainant,
            },
            event: event.unwrap_or(EventKind::Entered),
            state: first(&self.states),
            categories: categories.filter_map(|(key, list)| Some((key, first(list)?))).collect(),
        }
    }

    pub fn takes(&self, outgoing: &Outgoing) -> bool {
        let is_wanted = match &outgoing.content {
            OutgoingContent::Message { notification: n, .. } => {
                self.messages.takes(n.message.as_str()) && self.recipients.takes(n.recipient.kind())
            }
            // What belongs to no complaint comes to who names it: who takes all expects complaints.
            OutgoingContent::Event(event) => match event.kind.concerns_a_complaint() {
                true => self.events.takes(event.kind.as_str()),
                false => self.names_event(event.kind),
            },
        };
        is_wanted && self.takes_state(outgoing) && self.takes_categories(outgoing)
    }

    /// Says whether the complaint's state is taken. What belongs to no complaint has none: those who take all
    /// take it.
    fn takes_state(&self, outgoing: &Outgoing) -> bool {
        match outgoing.complaint {
            Some((_, complaint)) => self.states.takes(complaint.state.as_str()),
            None => self.states.takes_all(),
        }
    }

    fn takes_categories(&self, outgoing: &Outgoing) -> bool {
        self.when.is_empty() || outgoing.outline().is_some_and(|o| self.when.hold(&o))
    }

    /// Returns the names that this procedure does not have: what asks for them never comes.
    pub fn unknown(&self, names: &Names, place: &str) -> Vec<PluginError> {
        let events: Vec<String> = kinds_of_events().map(|e| e.as_str().to_owned()).collect();
        let lists = [
            ("messages", &self.messages, &names.messages),
            ("events", &self.events, &events),
            ("recipients", &self.recipients, &names.recipients),
            ("states", &self.states, &names.states),
        ];
        let mut found = Vec::new();
        let mut check = |key: &str, wanted: &NameList, known: &[String]| {
            for name in wanted.names().filter(|n| !known.iter().any(|k| k == n)) {
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

/// Returns the kinds of events that plugins can have.
pub(super) fn kinds_of_events() -> impl Iterator<Item = EventKind> {
    EventKind::ALL.iter().copied().filter(|kind| kind.goes_out())
}
