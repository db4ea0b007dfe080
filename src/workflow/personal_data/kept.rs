//! The pieces of what is kept of somebody, as they are handed to who asks for it.

use crate::calendar::Moment;
use crate::complaint::{Complaint, ComplaintId, Language};
use crate::store::{MailSummary, NotificationSummary, StoredEvent, View};
use crate::workflow::Workflow;
use serde::Serialize;
use serde_json::Value;

/// How a complaint has to do with somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedAs {
    /// The complainant, or who is likely that.
    Complainant,
    /// Who wrote for the complainant.
    Submitter,
    /// Whom it is about.
    About,
    /// Somebody who sent a mail that belongs to it.
    Sender,
}

impl NamedAs {
    /// Returns how a complaint names an address, which is in lower case.
    pub(super) fn of(complaint: &Complaint, address: &str) -> Vec<Self> {
        let is = |named: &str| named.trim().to_lowercase() == address;
        let found = [
            (Self::Complainant, complaint.parties().any(|party| is(&party.email))),
            (Self::Submitter, complaint.submitter.as_deref().is_some_and(is)),
            (Self::About, complaint.about.as_deref().is_some_and(is)),
        ];
        found.into_iter().filter_map(|(named, is_so)| is_so.then_some(named)).collect()
    }
}

/// A complaint that has to do with a person.
#[derive(Clone, Debug)]
pub struct NamingComplaint {
    /// Its key.
    pub id: ComplaintId,
    /// Its number, or its intake id.
    pub reference: String,
    /// Its subject.
    pub subject: String,
    /// How it has to do with the person.
    pub named_as: Vec<NamedAs>,
}

/// One of the organisation's own people.
#[derive(Clone, Debug, Serialize)]
pub struct OwnPerson {
    /// The name.
    pub name: String,
    /// The names of the roles.
    pub roles: Vec<String>,
}

impl NamingComplaint {
    pub(super) fn of(id: ComplaintId, complaint: &Complaint, named_as: Vec<NamedAs>) -> Self {
        let (reference, subject) = (complaint.reference().to_owned(), complaint.subject.clone());
        Self { id, reference, subject, named_as }
    }
}

/// A piece of what is kept of somebody. What belongs to a complaint comes behind it, and names its number.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kept {
    /// Who it is, where it is one of the organisation's own people.
    Person(OwnPerson),
    /// A complaint.
    Complaint(Box<KeptComplaint>),
    /// A mail.
    Mail(KeptMail),
    /// A letter or a message.
    Letter(KeptLetter),
    /// Something that happened.
    Event(KeptEvent),
}

/// A complaint that is kept.
#[derive(Clone, Debug, Serialize)]
pub struct KeptComplaint {
    /// The number, or the intake id of one that has none.
    pub number: String,
    /// How it has to do with the person.
    pub named_as: Vec<NamedAs>,
    /// Its fields.
    pub facts: Complaint,
    /// Who looked at it, newest first.
    pub views: Vec<KeptView>,
}

/// A mail that is kept.
#[derive(Clone, Debug, Serialize)]
pub struct KeptMail {
    /// The number of its complaint; null where it belongs to none.
    pub complaint: Option<String>,
    /// The store's key.
    pub id: i64,
    /// The local time.
    pub at: String,
    /// The address of its sender.
    pub from: String,
    /// The subject in a line.
    pub subject: String,
    /// The text people wrote.
    pub text: String,
    /// The names of the attachments.
    pub attachments: Vec<String>,
}

/// A letter or a message that is kept.
#[derive(Clone, Debug, Serialize)]
pub struct KeptLetter {
    /// The number of its complaint.
    pub complaint: String,
    /// The local time.
    pub at: String,
    /// The one it was for.
    pub to: String,
    /// The addresses that it went to.
    pub addresses: Value,
    /// The subject in a line.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// An event that is kept.
#[derive(Clone, Debug, Serialize)]
pub struct KeptEvent {
    /// The number of its complaint.
    pub complaint: String,
    /// The local time.
    pub at: String,
    /// The person, the rule or the program behind it.
    pub by: String,
    /// What happened, in words.
    pub what: String,
    /// What it holds that is of people; null where that is nothing.
    pub personal: Value,
}

/// A look that is kept.
#[derive(Clone, Debug, Serialize)]
pub struct KeptView {
    /// The local time of the first look of an hour.
    pub at: String,
    /// The address of who looked.
    pub by: String,
}

impl KeptMail {
    pub(super) fn of(workflow: &Workflow, complaint: Option<&str>, mail: MailSummary) -> Self {
        Self {
            complaint: complaint.map(str::to_owned),
            id: mail.id,
            at: local(workflow, mail.received_at),
            from: mail.sender,
            subject: mail.subject,
            text: mail.body,
            attachments: mail.attachments.into_iter().map(|attachment| attachment.name).collect(),
        }
    }
}

impl KeptLetter {
    pub(super) fn of(workflow: &Workflow, complaint: &str, sent: NotificationSummary) -> Self {
        Self {
            complaint: complaint.to_owned(),
            at: local(workflow, sent.at),
            to: sent.recipient.to_string(),
            addresses: serde_json::from_str(&sent.addresses).unwrap_or_default(),
            subject: sent.subject,
            text: sent.body,
        }
    }
}

impl KeptEvent {
    pub(super) fn of(workflow: &Workflow, complaint: &str, event: &StoredEvent, language: Language) -> Self {
        let personal = event.personal.as_deref().and_then(|text| serde_json::from_str(text).ok());
        Self {
            complaint: complaint.to_owned(),
            at: local(workflow, event.at),
            by: event.by.to_string(),
            what: workflow.reading().event_words(event).in_language(language).to_owned(),
            personal: personal.unwrap_or_default(),
        }
    }
}

impl KeptView {
    pub(super) fn of(workflow: &Workflow, view: View) -> Self {
        Self { at: local(workflow, view.at), by: view.email }
    }
}

pub(super) fn local(workflow: &Workflow, at: Moment) -> String {
    let local = workflow.settings().calendar.local(at);
    local.map(|local| local.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complaint::{IntakeId, Party, State};

    #[test]
    fn whoever_is_named_in_any_part_is_found() {
        let party = |email: &str| Party { name: String::new(), email: email.to_owned() };
        let (id, at) = (IntakeId::new(2026, 1), Moment::from_millis(0));
        let mut c = Complaint::received(id, State::from("new"), String::new(), party("Jan@example.nl"), at);
        c.proposed_complainant = Some(party("kim@example.nl"));
        c.submitter = Some(" Piet@example.nl".to_owned());
        c.about = Some("medewerker@lagant.nl".to_owned());
        for (address, named) in [
            ("jan@example.nl", NamedAs::Complainant),
            ("kim@example.nl", NamedAs::Complainant),
            ("piet@example.nl", NamedAs::Submitter),
            ("medewerker@lagant.nl", NamedAs::About),
        ] {
            assert_eq!(NamedAs::of(&c, address), [named], "{address}");
        }
        for address in ["an@example.nl", "jan@example", "", "other@example.nl"] {
            assert!(NamedAs::of(&c, address).is_empty(), "{address}");
        }
    }
}
