//! The subject of what goes out, found in the complaint, event or notification itself.

use crate::complaint::{About, AboutKind, Complaint, Event, Notification, Source};
use crate::message::BuiltinMessage;

/// The name of the installation as a subject.
const INSTALLATION: &str = "redress";

/// Returns the installation itself as the subject.
pub(super) fn about_installation() -> About {
    About { kind: AboutKind::Installation, name: INSTALLATION.to_owned(), reason: None }
}

/// Returns the subject of what belongs to a complaint.
pub(super) fn about_complaint(complaint: &Complaint) -> About {
    About { kind: AboutKind::Complaint, name: complaint.reference().to_owned(), reason: None }
}

/// Returns the subject of an event that belongs to no complaint.
pub(super) fn about_event(event: &Event) -> About {
    let name = event.origin.source.name().unwrap_or(INSTALLATION).to_owned();
    About { name, ..about_installation() }
}

/// Returns the subject of an alarm or a report.
pub(super) fn about_notice(n: &Notification) -> About {
    let of_data = |key: &str| n.data.get(key).and_then(serde_json::Value::as_str);
    let builtin = BuiltinMessage::ALL.iter().find(|m| m.as_str() == n.message.as_str());
    let (kind, name) = match (builtin.filter(|_| n.source == Source::Engine), &n.source) {
        (Some(message), _) => subject_of(*message),
        (None, Source::Schedule(name)) => return about_report(name.as_str(), n),
        (None, _) => (AboutKind::Installation, None),
    };
    let name = name.and_then(of_data).unwrap_or(INSTALLATION).to_owned();
    About { kind, name, reason: of_data("reason").map(str::to_owned) }
}

fn about_report(schedule: &str, n: &Notification) -> About {
    let day = |name: &str| n.data.pointer(&format!("/report/{name}")).and_then(serde_json::Value::as_str);
    let reason = day("from").zip(day("to")).map(|(from, to)| format!("{from} to {to}"));
    About { kind: AboutKind::Schedule, name: schedule.to_owned(), reason }
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
        BuiltinMessage::ReportConcluded => (AboutKind::Schedule, None),
        BuiltinMessage::WatchdogAlarm | BuiltinMessage::WatchdogRecovered => {
            (AboutKind::Installation, Some("kind"))
        }
        BuiltinMessage::MailUnreadable
        | BuiltinMessage::MailFiled
        | BuiltinMessage::MailKept
        | BuiltinMessage::Digest
        | BuiltinMessage::PasswordReset
        | BuiltinMessage::PasswordChanged
        // Whose address it is stays inside.
        | BuiltinMessage::AddressBounces
        | BuiltinMessage::MailUntold
        | BuiltinMessage::DeadlineBreached => (AboutKind::Installation, None),
    }
}
