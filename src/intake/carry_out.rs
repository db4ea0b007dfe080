//! Carrying a disposition out: each is one transaction of the store, in which the place in the mailbox moves
//! as well.

use super::error::IntakeError;
use super::gather::Gathered;
use super::incoming::Incoming;
use super::taken::TakenMail;
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Language, MailKind, StoredTrigger};
use crate::reception::{
    AddedMail, AutomatedMail, Disposition, IntakeOutcome, NewComplaint, Reception, is_told_of_bounces,
};
use crate::workflow::{NewMail, StoreError};

/// Carries out what was decided. A mail that somebody else stored meanwhile turns out to be a duplicate.
pub(super) async fn carry_out(
    incoming: Incoming<'_>,
    gathered: &Gathered,
    reception: Reception,
) -> Result<TakenMail, IntakeError> {
    let outcome = reception.disposition.outcome();
    let mail = |kind| new_mail(incoming, kind, reception.arrived_at);
    let stored = match reception.disposition {
        Disposition::Duplicate => None,
        Disposition::Automated(automated) => {
            tell_of_bounces(incoming, &automated).await?;
            keep(incoming, gathered, mail(automated.kind), automated).await?
        }
        Disposition::Addition(added) => {
            let AddedMail { kind, complaint, trigger } = added;
            add(incoming, gathered, mail(kind), complaint, trigger).await?
        }
        Disposition::Complaint(opened) => open(incoming, mail(MailKind::Complaint), *opened).await?,
    };
    let Some(Stored { intake_id, number }) = stored else {
        record_duplicate(incoming).await?;
        return Ok(taken(incoming, IntakeOutcome::Duplicate, None, None));
    };
    Ok(taken(incoming, outcome, intake_id, number))
}

/// The place where a mail was stored: its complaint, if it has one.
#[derive(Default)]
struct Stored {
    intake_id: Option<String>,
    number: Option<String>,
}

/// Counts mail that did not reach one of our people, and tells somebody else by another way when it is time.
async fn tell_of_bounces(incoming: Incoming<'_>, automated: &AutomatedMail) -> Result<(), IntakeError> {
    let Some(address) = &automated.unreached_colleague else { return Ok(()) };
    let count = incoming.workflow.taking_in().count_bounce(address, incoming.now).await?;
    if is_told_of_bounces(count) {
        incoming.workflow.taking_in().tell_bouncing(address).await?;
    }
    Ok(())
}

async fn keep(
    incoming: Incoming<'_>,
    gathered: &Gathered,
    mail: NewMail,
    automated: AutomatedMail,
) -> Result<Option<Stored>, StoreError> {
    match automated.complaint {
        Some(complaint) => add(incoming, gathered, mail, complaint, automated.trigger).await,
        None => Ok(incoming.workflow.taking_in().keep(mail).await?.then(Stored::default)),
    }
}

async fn add(
    incoming: Incoming<'_>,
    gathered: &Gathered,
    mail: NewMail,
    complaint: ComplaintId,
    trigger: Option<StoredTrigger>,
) -> Result<Option<Stored>, StoreError> {
    let Incoming { workflow, now, .. } = incoming;
    if !workflow.taking_in().add(complaint, mail, trigger.as_ref(), now).await? {
        return Ok(None);
    }
    let found = gathered.complaint(complaint);
    let number = found.and_then(|c| c.number.as_ref()).map(ToString::to_string);
    Ok(Some(Stored { intake_id: found.map(|c| c.intake_id.clone()), number }))
}

async fn open(
    incoming: Incoming<'_>,
    mail: NewMail,
    opened: NewComplaint,
) -> Result<Option<Stored>, StoreError> {
    let Incoming { workflow, now, .. } = incoming;
    let initial = workflow.published().ruleset.procedure().initial.clone();
    let language = language(incoming).await?;
    let trigger = opened.trigger();
    let message_id = mail.message_id.clone();
    let stored = workflow.taking_in().open_complaint(mail, &trigger, now, |intake_id| {
        let mut complaint = opened.into_complaint(intake_id, initial);
        complaint.message_id = message_id;
        complaint.language_is_assumed = language.is_none();
        complaint.language = language.unwrap_or(Language::Dutch);
        complaint
    });
    let Some((_, intake_id)) = stored.await? else { return Ok(None) };
    Ok(Some(Stored { intake_id: Some(intake_id.to_string()), number: None }))
}

/// Returns the language of the mail, else of what its sender wrote earlier; none when neither says.
async fn language(incoming: Incoming<'_>) -> Result<Option<Language>, StoreError> {
    let mail = incoming.mail;
    match mail.language {
        Some(language) => Ok(Some(language)),
        None if mail.from.email.is_empty() => Ok(None),
        None => incoming.workflow.taking_in().language_of(&mail.from.email).await,
    }
}

async fn record_duplicate(incoming: Incoming<'_>) -> Result<(), StoreError> {
    let Incoming { workflow, mail, arrival, now, .. } = incoming;
    let cursor = arrival.cursor.as_ref();
    workflow
        .taking_in()
        .record_duplicate(&mail.message_id, &mail.body_hash, arrival.source, cursor, now)
        .await
}

fn new_mail(incoming: Incoming<'_>, kind: MailKind, arrived_at: Moment) -> NewMail {
    let Incoming { mail, arrival, .. } = incoming;
    NewMail {
        received_at: arrived_at,
        source: arrival.source.to_owned(),
        kind,
        message_id: mail.message_id.clone(),
        body_hash: mail.body_hash.clone(),
        references: mail.references.clone(),
        sender: mail.from.email.clone(),
        subject: mail.subject.clone(),
        body: mail.text.clone(),
        attachments: mail.attachments.clone(),
        remarks: mail.remarks.clone(),
        // Of what opens a complaint nothing is folded: all of it may be the complaint.
        history_at: match kind {
            MailKind::Complaint => None,
            _ => mail.history_at.and_then(|at| i64::try_from(at).ok()),
        },
        raw: arrival.raw.to_vec(),
        cursor: arrival.cursor.clone(),
    }
}

fn taken(
    incoming: Incoming<'_>,
    outcome: IntakeOutcome,
    intake_id: Option<String>,
    number: Option<String>,
) -> TakenMail {
    TakenMail { source: incoming.arrival.source.to_owned(), outcome, intake_id, number }
}
