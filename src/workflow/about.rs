//! `About`: the subject of what goes out, for programs that take it: a complaint, or what an alarm or a report is
//! about. It names nobody.

use crate::complaint::{Complaint, Event, Notification, Source};
use crate::message::BuiltinMessage;
use schemars::JsonSchema;
use serde::Serialize;

/// The subject of a message or event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct About {
    /// The kind of subject.
    pub kind: AboutKind,
    /// Its name: a complaint's number (its intake id before it has one), a plugin's or mailbox's name, a rule's, a
    /// schedule's.
    pub name: String,
    /// The reason of an alarm, or the period of a report, in words without names; null where type and name say
    /// it all.
    pub reason: Option<String>,
}

/// The kinds of subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AboutKind {
    /// A complaint.
    Complaint,
    /// A plugin.
    Plugin,
    /// A mailbox that is read, or the folder in which new mail appears.
    Mailbox,
    /// A rule, a message, or the folder of rules.
    Rule,
    /// A schedule, whose report it is.
    Schedule,
    /// The installation.
    Installation,
}

/// The name of the installation as a subject.
const INSTALLATION: &str = "redress";

impl About {
    /// Returns the subject of what belongs to a complaint.
    pub(super) fn of_complaint(complaint: &Complaint) -> Self {
        Self { kind: AboutKind::Complaint, name: complaint.reference().to_owned(), reason: None }
    }

    /// Returns the subject of an event that belongs to no complaint.
    pub(super) fn of_event(event: &Event) -> Self {
        let name = event.origin.source.name().unwrap_or(INSTALLATION).to_owned();
        Self { kind: AboutKind::Installation, name, reason: None }
    }

    /// Returns the subject of an alarm or a report.
    pub(super) fn of_notice(n: &Notification) -> Self {
        let of_data = |key: &str| n.data.get(key).and_then(serde_json::Value::as_str);
        let builtin = BuiltinMessage::ALL.iter().find(|m| m.as_str() == n.message.as_str());
        let (kind, name) = match (builtin.filter(|_| n.source == Source::Engine), &n.source) {
            (Some(message), _) => subject_of(*message),
            (None, Source::Schedule(name)) => return Self::of_report(name.as_str(), n),
            (None, _) => (AboutKind::Installation, None),
        };
        let name = name.and_then(of_data).unwrap_or(INSTALLATION).to_owned();
        Self { kind, name, reason: of_data("reason").map(str::to_owned) }
    }

    fn of_report(schedule: &str, n: &Notification) -> Self {
        let day = |name: &str| n.data.pointer(&format!("/report/{name}")).and_then(serde_json::Value::as_str);
        let reason = day("from").zip(day("to")).map(|(from, to)| format!("{from} to {to}"));
        Self { kind: AboutKind::Schedule, name: schedule.to_owned(), reason }
    }
}

/// Returns what an alarm is about, and which of its facts names it.
fn subject_of(message: BuiltinMessage) -> (AboutKind, Option<&'static str>) {
    match message {
        BuiltinMessage::RuleFault => (AboutKind::Rule, Some("rule")),
        BuiltinMessage::PluginFailing
        | BuiltinMessage::PluginDisabled
        | BuiltinMessage::PluginRecovered
        | BuiltinMessage::PluginBroken
        | BuiltinMessage::MailHeld => (AboutKind::Plugin, Some("plugin")),
        BuiltinMessage::MailboxFailing
        | BuiltinMessage::MailboxRecovered
        | BuiltinMessage::MailboxConnected => (AboutKind::Mailbox, Some("mailbox")),
        BuiltinMessage::WatchdogAlarm | BuiltinMessage::WatchdogRecovered => {
            (AboutKind::Installation, Some("kind"))
        }
        BuiltinMessage::MailUnreadable
        | BuiltinMessage::MailFiled
        | BuiltinMessage::MailKept
        // Whose address it is stays inside.
        | BuiltinMessage::AddressBounces
        | BuiltinMessage::DeadlineBreached => (AboutKind::Installation, None),
    }
}
