//! A contact: a complaint told by phone, on paper or in a chat, which an employee logs
//! (docs/procedure.md row 11, T2).

use super::text;
use crate::calendar::{Date, TimeOfDay};
use crate::complaint::{ContactChannel, MailKind, Party, Via};
use crate::reception::{ComplaintOrigin, NewComplaint};
use crate::workflow::{Filed, Filing, NewMail, Opening, StoreError, Workflow};
use sha2::{Digest, Sha256};

/// A complaint as an employee noted it.
#[derive(Clone, Debug)]
pub struct Contact {
    /// The way it was told.
    pub channel: ContactChannel,
    /// The complainant; the address may be empty, then nobody can be invited to write.
    pub complainant: Party,
    /// The subject, in a line.
    pub subject: String,
    /// The words that were told.
    pub text: String,
    /// The day of the contact; none for today.
    pub on: Option<Date>,
    /// The employee's address.
    pub by: String,
    /// The route by which they log it.
    pub via: Via,
}

/// A reason why a contact was not logged.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// In words for the person; nothing was stored.
    #[error("{0}")]
    Refused(String),
    /// The store failed; the same contact may be logged again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Logs a contact; returns the intake id of its complaint, or none when the same note was logged before.
pub async fn log_contact(workflow: &Workflow, contact: Contact) -> Result<Option<String>, ContactError> {
    let now = workflow.now().await?;
    let by = contact.by.to_lowercase();
    if workflow.settings().people.find(&by).is_none() {
        return Err(ContactError::Refused(format!("{by} is not one of the people in redress.toml")));
    }
    if contact.subject.trim().is_empty() {
        return Err(ContactError::Refused("a contact needs a subject".to_owned()));
    }
    let settings = workflow.settings();
    let calendar = &settings.calendar;
    let received_at = match contact.on {
        Some(day) => calendar.at(day, TimeOfDay::MIN).ok().filter(|at| *at <= now),
        None => Some(now),
    };
    let received_at =
        received_at.ok_or_else(|| ContactError::Refused("a contact lies in the past".to_owned()))?;
    let text = text::body(&contact.text);
    let email = contact.complainant.email.trim().to_lowercase();
    let digest = format!("{:x}", Sha256::digest(format!("{by}\n{email}\n{}\n{text}", contact.subject)));
    let mail = NewMail {
        received_at,
        source: contact.channel.to_string(),
        kind: MailKind::Contact,
        message_id: format!("contact.{}@{}", &digest[..32], workflow.settings().mail_domain()),
        body_hash: digest,
        sender: by.clone(),
        subject: contact.subject.clone(),
        body: text,
        references: Vec::new(),
        attachments: Vec::new(),
        remarks: Vec::new(),
        history_at: None,
        cursor: None,
        raw: Vec::new(),
    };
    let initial = workflow.published().ruleset.procedure().initial.clone();
    let new = NewComplaint {
        by,
        subject: contact.subject,
        received_at,
        origin: ComplaintOrigin::Contact {
            channel: contact.channel,
            kind: workflow.settings().complainant_kind(&email),
            complainant: Party { name: contact.complainant.name, email },
            first_contact_on: calendar.day_of(received_at).ok(),
            via: contact.via,
        },
        triage_reason: None,
        refers_to: None,
    };
    let trigger = new.trigger().to_json();
    let complaint = Box::new(move |intake_id| new.into_complaint(intake_id, initial));
    let opening = Filing::Opens(Opening { mail, trigger, complaint });
    let filed = workflow.taking_in().file(vec![opening], now).await?.and_then(|mut filed| filed.pop());
    Ok(match filed {
        Some(Filed::Opened(_, intake_id)) => Some(intake_id.to_string()),
        Some(Filed::Stored | Filed::Forgotten) | None => None,
    })
}
