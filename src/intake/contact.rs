//! A contact: a complaint told by phone, on paper or in a chat, which an employee logs (procedure row 11, T2).

use crate::calendar::{Date, TimeOfDay};
use crate::complaint::{Channel, ComplainantKind, Complaint, Party};
use crate::store::{NewMail, StoreError};
use crate::workflow::{StoredTrigger, Workflow};
use sha2::{Digest, Sha256};

/// What the employee noted.
#[derive(Clone, Debug)]
pub struct Contact {
    pub channel: Channel,
    /// The address may be unknown; then nobody can be invited to write.
    pub complainant: Party,
    pub subject: String,
    pub text: String,
    /// The day of the contact; today when not given.
    pub on: Option<Date>,
    /// The employee.
    pub by: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// In words for the person; nothing was stored.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Texts beyond this are cut, as those of mails.
const TEXT_CHARACTERS: usize = 200_000;

/// Logs a contact; the intake id of its complaint. The same note twice is logged once.
pub async fn log_contact(workflow: &Workflow, contact: Contact) -> Result<Option<String>, ContactError> {
    let now = workflow.now().await?;
    let by = contact.by.to_lowercase();
    if workflow.settings.people.find(&by).is_none() {
        return Err(ContactError::Refused(format!("{by} is not one of the people in redress.toml")));
    }
    if contact.subject.trim().is_empty() {
        return Err(ContactError::Refused("a contact needs a subject".to_owned()));
    }
    let calendar = &workflow.settings.calendar;
    let received_at = match contact.on {
        Some(day) => calendar.at(day, TimeOfDay::MIN).ok().filter(|at| *at <= now),
        None => Some(now),
    };
    let received_at =
        received_at.ok_or_else(|| ContactError::Refused("a contact lies in the past".to_owned()))?;
    let text: String = contact.text.chars().take(TEXT_CHARACTERS).collect();
    let email = contact.complainant.email.trim().to_lowercase();
    let digest = format!("{:x}", Sha256::digest(format!("{by}\n{email}\n{}\n{text}", contact.subject)));
    let mail = NewMail {
        received_at,
        source: contact.channel.as_str().to_owned(),
        kind: "contact".to_owned(),
        message_id: format!("contact.{}@{}", &digest[..32], workflow.settings.mail_domain()),
        body_hash: digest,
        sender: by.clone(),
        subject: contact.subject.clone(),
        body: text,
        attachments: "[]".to_owned(),
        remarks: String::new(),
        history_at: None,
        cursor: None,
        raw: Vec::new(),
    };
    let initial = workflow.published().ruleset.procedure().initial.clone();
    let is_internal = workflow.settings.is_own_domain(&email);
    let trigger = StoredTrigger::Contact { by }.to_json();
    let mails = workflow.store.mails();
    let opened = mails.open_complaint(mail, &trigger, now, |intake_id| {
        let party = Party { name: contact.complainant.name.clone(), email };
        let mut complaint = Complaint::received(intake_id, initial, contact.subject, party, received_at);
        complaint.channel = contact.channel;
        complaint.first_contact_on = calendar.day_of(received_at).ok();
        if is_internal {
            complaint.complainant_kind = ComplainantKind::Internal;
        }
        complaint
    });
    let opened = opened.await?;
    workflow.due.notify_one();
    Ok(opened.map(|(_, intake_id)| intake_id.to_string()))
}
