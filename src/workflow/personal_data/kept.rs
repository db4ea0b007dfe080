//! What is kept of one complaint that names somebody, and of one mail of theirs, as it is handed to who asks for it.

use crate::complaint::{Complaint, ComplaintId, Language};
use crate::store::{MailSummary, NotificationSummary, StoreError, StoredEvent};
use crate::workflow::Workflow;
use serde::Serialize;
use serde_json::Value;

/// The most looks at one complaint that are told.
const VIEWS: usize = 10_000;

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
    kind: &'static str,
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

impl OwnPerson {
    pub(super) fn of(name: String, roles: Vec<String>) -> Self {
        Self { kind: "person", name, roles }
    }
}

/// What is kept of one complaint.
#[derive(Clone, Debug, Serialize)]
pub struct KeptComplaint {
    kind: &'static str,
    /// The number, or the intake id of one that has none.
    pub number: String,
    /// How it has to do with the person.
    pub named_as: Vec<NamedAs>,
    /// Its fields.
    pub facts: Complaint,
    /// The mails, oldest first.
    pub mails: Vec<KeptMail>,
    /// The letters and the messages about it, oldest first.
    pub letters: Vec<KeptLetter>,
    /// What happened, oldest first.
    pub events: Vec<KeptEvent>,
    /// Who looked at it, newest first.
    pub views: Vec<KeptView>,
}

/// A mail that is kept.
#[derive(Clone, Debug, Serialize)]
pub struct KeptMail {
    kind: &'static str,
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
    pub(super) fn of(workflow: &Workflow, mail: MailSummary) -> Self {
        Self {
            kind: "mail",
            id: mail.id,
            at: local(workflow, mail.received_at),
            from: mail.sender,
            subject: mail.subject,
            text: mail.body,
            attachments: mail.attachments.into_iter().map(|attachment| attachment.name).collect(),
        }
    }
}

/// Reads what is kept of one complaint; none when it is gone.
pub(super) async fn kept(
    workflow: &Workflow,
    (id, named_as): (ComplaintId, Vec<NamedAs>),
    language: Language,
) -> Result<Option<KeptComplaint>, StoreError> {
    let reading = workflow.reading();
    let Some(case) = reading.case(id).await? else { return Ok(None) };
    let register = reading.register();
    let mails = register.mails(id).await?.into_iter().map(|mail| KeptMail::of(workflow, mail));
    let letters = register.notifications(id).await?.into_iter().map(|sent| letter(workflow, sent));
    let events = reading.trail().events(id).await?.into_iter().map(|event| told(workflow, &event, language));
    let views = workflow.store.views().of(id, VIEWS).await?.into_iter();
    let views = views.map(|view| KeptView { at: local(workflow, view.at), by: view.email });
    Ok(Some(KeptComplaint {
        kind: "complaint",
        number: case.complaint.reference().to_owned(),
        named_as,
        facts: case.complaint,
        mails: mails.collect(),
        letters: letters.collect(),
        events: events.collect(),
        views: views.collect(),
    }))
}

fn letter(workflow: &Workflow, sent: NotificationSummary) -> KeptLetter {
    KeptLetter {
        at: local(workflow, sent.at),
        to: sent.recipient.to_string(),
        addresses: serde_json::from_str(&sent.addresses).unwrap_or_default(),
        subject: sent.subject,
        text: sent.body,
    }
}

fn told(workflow: &Workflow, event: &StoredEvent, language: Language) -> KeptEvent {
    let personal = event.personal.as_deref().and_then(|text| serde_json::from_str(text).ok());
    KeptEvent {
        at: local(workflow, event.at),
        by: event.by.to_string(),
        what: workflow.reading().event_words(event).in_language(language).to_owned(),
        personal: personal.unwrap_or_default(),
    }
}

pub(super) fn local(workflow: &Workflow, at: crate::calendar::Moment) -> String {
    let local = workflow.settings().calendar.local(at);
    local.map(|local| local.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Moment;
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
