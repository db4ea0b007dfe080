//! What a disposition comes to: what is to be stored of the mail. The place in the mailbox moves with it.

use super::error::IntakeError;
use super::gather::Gathered;
use super::incoming::Incoming;
use super::taken::TakenMail;
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Language, MailKind, StoredTrigger};
use crate::reception::{
    AddedMail, AutomatedMail, Disposition, IntakeOutcome, NewComplaint, Reception, is_told_of_bounces,
};
use crate::workflow::{Filed, Filing, NewMail, Opening, Sighting, StoreError};

/// A mail that was decided on and is not stored yet.
pub(super) struct Decided {
    pub filing: Filing,
    /// The complainant of the complaint that it opens; empty when that is unknown or it opens none.
    pub complainant: String,
    taken: TakenMail,
}

impl Decided {
    /// Splits it into what is to be stored and what is known of the mail.
    pub fn into_parts(self) -> (Filing, TakenMail) {
        (self.filing, self.taken)
    }

    fn new(incoming: Incoming<'_>, outcome: IntakeOutcome, filing: Filing) -> Self {
        let source = incoming.arrival.source.clone();
        let taken = TakenMail { source, outcome, intake_id: None, number: None, is_forgotten: false };
        Self { filing, complainant: String::new(), taken }
    }
}

/// Returns what was taken in, once it is stored.
pub(super) fn taken(mail: TakenMail, filed: Filed) -> TakenMail {
    match filed {
        Filed::Opened(_, intake_id) => TakenMail { intake_id: Some(intake_id.to_string()), ..mail },
        Filed::Stored => mail,
        Filed::Forgotten => TakenMail { is_forgotten: true, ..mail },
    }
}

/// Says what is to be stored of a mail. Who must hear of a bounce is told first.
pub(super) async fn settle(
    incoming: Incoming<'_>,
    gathered: &Gathered,
    reception: Reception,
) -> Result<Decided, IntakeError> {
    let outcome = reception.disposition.outcome();
    let mail = |kind| new_mail(incoming, kind, reception.arrived_at);
    Ok(match reception.disposition {
        Disposition::Duplicate => seen_again(incoming),
        Disposition::Automated(automated) => {
            tell_of_bounces(incoming, &automated).await?;
            let mail = mail(automated.kind);
            match automated.complaint {
                Some(complaint) => joins(incoming, gathered, outcome, mail, complaint, automated.trigger),
                None => Decided::new(incoming, outcome, Filing::Keeps(mail)),
            }
        }
        Disposition::Addition(AddedMail { kind, complaint, trigger }) => {
            joins(incoming, gathered, outcome, mail(kind), complaint, trigger)
        }
        Disposition::Complaint(opened) => {
            opens(incoming, outcome, mail(MailKind::Complaint), *opened).await?
        }
    })
}

/// Says that of a mail that is there only the sighting is to be stored.
pub(super) fn seen_again(incoming: Incoming<'_>) -> Decided {
    let Incoming { mail, arrival, .. } = incoming;
    let sighting = Sighting {
        message_id: mail.message_id.clone(),
        body_hash: mail.body_hash.clone(),
        source: arrival.source.clone(),
        cursor: arrival.cursor.clone(),
    };
    Decided::new(incoming, IntakeOutcome::Duplicate, Filing::SeenAgain(sighting))
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

fn joins(
    incoming: Incoming<'_>,
    gathered: &Gathered,
    outcome: IntakeOutcome,
    mail: NewMail,
    complaint: ComplaintId,
    trigger: Option<StoredTrigger>,
) -> Decided {
    let trigger = trigger.as_ref().map(StoredTrigger::to_json);
    let mut joins = Decided::new(incoming, outcome, Filing::Joins { mail, complaint, trigger });
    let found = gathered.complaint(complaint);
    joins.taken.intake_id = found.map(|c| c.intake_id.clone());
    joins.taken.number = found.and_then(|c| c.number.as_ref()).map(ToString::to_string);
    joins
}

async fn opens(
    incoming: Incoming<'_>,
    outcome: IntakeOutcome,
    mail: NewMail,
    opened: NewComplaint,
) -> Result<Decided, StoreError> {
    let initial = incoming.workflow.published().ruleset.procedure().initial.clone();
    let language = language(incoming).await?;
    let (trigger, message_id) = (opened.trigger().to_json(), mail.message_id.clone());
    let complainant = opened.complainant().to_owned();
    let complaint = Box::new(move |intake_id| {
        let mut complaint = opened.into_complaint(intake_id, initial);
        complaint.message_id = message_id;
        complaint.language_is_assumed = language.is_none();
        complaint.language = language.unwrap_or(Language::Dutch);
        complaint
    });
    let filing = Filing::Opens(Opening { mail, trigger, complaint });
    Ok(Decided { complainant, ..Decided::new(incoming, outcome, filing) })
}

/// Returns the language of the mail, else of what its sender wrote earlier; none when neither says.
async fn language(incoming: Incoming<'_>) -> Result<Option<Language>, StoreError> {
    let mail = incoming.mail;
    match mail.language {
        Some(language) => Ok(Some(language)),
        None if mail.from.email.is_empty() => Ok(None),
        None if !incoming.known.complainants.contains(&mail.from.email) => Ok(None),
        None => incoming.workflow.taking_in().language_of(&mail.from.email).await,
    }
}

fn new_mail(incoming: Incoming<'_>, kind: MailKind, arrived_at: Moment) -> NewMail {
    let Incoming { mail, arrival, .. } = incoming;
    NewMail {
        received_at: arrived_at,
        source: arrival.source.clone(),
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
