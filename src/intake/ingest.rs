//! `ingest`: one raw mail to exactly one outcome.

use super::bounce::{Bounce, Failing};
use super::forward::{Forwarded, Sent};
use super::kind::MailKind;
use super::parse::{ParsedMail, parse};
use super::threading::{delivery_of, find_thread, meeting_of};
use super::trust::Trust;
use crate::calendar::Moment;
use crate::complaint::{Channel, ComplainantKind, Complaint, LetterStatus, Name, Party, is_forwarded};
use crate::store::{Candidate, Cursor, Known, NewMail, StoreError};
use crate::workflow::{StoredTrigger, Workflow, WorkflowError};
use serde::Serialize;

/// Of a larger mail only the beginning is kept here: its headers and text; the front keeps the rest.
pub const MAX_BYTES: usize = 40 << 20;
pub const KEPT_BYTES: usize = 1 << 20;
/// What was passed on cannot be older than this, or its date is not believed.
const OLDEST_FORWARD_MILLIS: i64 = 92 * 86_400_000;
/// Bounces of one of our own addresses after which somebody else is told.
const BOUNCES: i64 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IntakeOutcome {
    Complaint,
    Addition,
    Automated,
    Duplicate,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Intaken {
    pub source: String,
    pub outcome: IntakeOutcome,
    pub intake_id: Option<String>,
    pub number: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

/// A mail as a front has it.
#[derive(Clone, Debug, Default)]
pub struct Arrival<'a> {
    pub raw: &'a [u8],
    pub source: &'a str,
    /// When the server got it, where the front knows that.
    pub received_at: Option<Moment>,
    pub cursor: Option<Cursor>,
    /// `raw` is the beginning of a mail that is too large.
    pub is_partial: bool,
}

/// Takes in one mail. The complaint's row exists when this returns; deciding is left to the next tick.
pub async fn ingest(workflow: &Workflow, raw: &[u8], source: &str) -> Result<Intaken, IntakeError> {
    take_in(workflow, Arrival { raw, source, ..Arrival::default() }).await
}

pub async fn take_in(workflow: &Workflow, mut arrival: Arrival<'_>) -> Result<Intaken, IntakeError> {
    if arrival.raw.len() > MAX_BYTES {
        arrival.raw = &arrival.raw[..KEPT_BYTES];
        arrival.is_partial = true;
    }
    let mut mail = parse(arrival.raw, workflow.settings.authserv_id.as_deref());
    if arrival.is_partial {
        mail.remarks
            .push("larger than 40 MiB: only its beginning is kept here, ask for the attachments".to_owned());
    }
    let now = workflow.now().await?;
    let known = workflow.store.mails().known(&mail.message_id, &mail.body_hash).await?;
    if known == Known::AnotherUnderItsId {
        mail.remarks.push("another mail came under the same Message-ID".to_owned());
    }
    let desk = Desk { workflow, mail: &mail, arrival: &arrival, now };
    match known {
        Known::ThisMail => desk.duplicate().await,
        Known::AnotherUnderItsId | Known::Not => desk.decide().await,
    }
}

/// One mail on its way in.
#[derive(Clone, Copy)]
struct Desk<'a> {
    workflow: &'a Workflow,
    mail: &'a ParsedMail,
    arrival: &'a Arrival<'a>,
    now: Moment,
}

impl Desk<'_> {
    async fn decide(self) -> Result<Intaken, IntakeError> {
        let (workflow, mail, now) = (self.workflow, self.mail, self.now);
        if let Some(done) = self.attendance().await? {
            return Ok(done);
        }
        let (thread, takes_mail) = match find_thread(workflow, mail).await? {
            Some(found) => {
                let (home, takes_mail) = workflow.thread_home(found, now).await?;
                (Some(home), takes_mail)
            }
            None => (None, true),
        };
        let kind = self.kind().await?;
        if kind != MailKind::Human {
            return self.automated(kind, thread).await;
        }
        let person = self.is_colleague();
        let is_party = match &thread {
            None => false,
            Some(t) => person || t.complainant_email == mail.from.email || self.is_submitter(t).await?,
        };
        if let Some(found) = thread.as_ref().filter(|_| is_party && takes_mail) {
            let from_complainant = found.complainant_email == mail.from.email;
            let trigger = StoredTrigger::Mail { by: mail.from.email.clone(), from_complainant }.to_json();
            return self.add(found, "addition", Some(&trigger), IntakeOutcome::Addition).await;
        }
        self.open(person, is_party, thread).await
    }

    /// Our own letters carry the id of their delivery.
    async fn kind(&self) -> Result<MailKind, StoreError> {
        let own = match &self.mail.redress_id {
            Some(id) if self.mail.kind != MailKind::Bounce => {
                self.workflow.store.mails().is_own_delivery(id).await?
            }
            _ => false,
        };
        Ok(if own { MailKind::Own } else { self.mail.kind })
    }

    /// One of our people, unless the mail server says that somebody else may have written it. Where a server is believed,
    /// it must vouch for a colleague.
    fn is_colleague(&self) -> bool {
        let is_vouched = self.workflow.settings.authserv_id.is_none() || self.mail.trust == Trust::Pass;
        is_vouched && self.workflow.settings.people.find(&self.mail.from.email).is_some()
    }

    /// Who wrote on the complainant's behalf is a party as well (edge case 11).
    async fn is_submitter(&self, thread: &Candidate) -> Result<bool, StoreError> {
        let case = self.workflow.store.cases().load(&[thread.id]).await?.pop();
        let submitter = case.and_then(|c| c.complaint.submitter);
        Ok(submitter.is_some_and(|s| !s.is_empty() && s.eq_ignore_ascii_case(&self.mail.from.email)))
    }

    async fn duplicate(&self) -> Result<Intaken, IntakeError> {
        let (mail, arrival) = (self.mail, self.arrival);
        let store = &self.workflow.store;
        let cursor = arrival.cursor.as_ref();
        store
            .mails()
            .record_duplicate(&mail.message_id, &mail.body_hash, arrival.source, cursor, self.now)
            .await?;
        Ok(self.outcome(IntakeOutcome::Duplicate, None))
    }

    /// Adds the mail to a complaint; the same mail, stored meanwhile by somebody else, is a duplicate.
    async fn add(
        &self,
        found: &Candidate,
        kind: &str,
        trigger: Option<&str>,
        outcome: IntakeOutcome,
    ) -> Result<Intaken, IntakeError> {
        let stored =
            self.workflow.store.mails().add(found.id, self.new_mail(kind), trigger, self.now).await?;
        if !stored {
            return self.duplicate().await;
        }
        if trigger.is_some() {
            self.workflow.due.notify_one();
        }
        Ok(self.outcome(outcome, Some(found)))
    }

    /// An answer to an invitation is no message: it changes the meeting.
    async fn attendance(&self) -> Result<Option<Intaken>, IntakeError> {
        let Some(answer) = &self.mail.attendance else { return Ok(None) };
        let Some((intake_id, meeting)) = meeting_of(&answer.uid, self.workflow.settings.mail_domain()) else {
            return Ok(None);
        };
        let Some(found) = self.workflow.store.cases().find(&intake_id).await? else { return Ok(None) };
        let by = self.mail.from.email.clone();
        if found.complainant_email != by && !self.is_colleague() {
            return Ok(None);
        }
        // What a colleague answers is for their own calendar.
        let coming = answer.coming;
        let trigger = StoredTrigger::Attendance { by: by.clone(), meeting, coming }.to_json();
        let trigger = Some(trigger.as_str()).filter(|_| found.complainant_email == by);
        Ok(Some(self.add(&found, "attendance", trigger, IntakeOutcome::Addition).await?))
    }

    async fn automated(&self, kind: MailKind, thread: Option<Candidate>) -> Result<Intaken, IntakeError> {
        let store = &self.workflow.store;
        let mut home = thread;
        let mut trigger = None;
        if let Some(bounce) = &self.mail.bounce {
            let (found, told) = self.bounced(bounce).await?;
            home = found.or(home);
            trigger = told;
        }
        match &home {
            Some(found) => self.add(found, kind.as_str(), trigger.as_deref(), IntakeOutcome::Automated).await,
            None if store.mails().keep(self.new_mail(kind.as_str())).await? => {
                Ok(self.outcome(IntakeOutcome::Automated, None))
            }
            None => self.duplicate().await,
        }
    }

    /// The complaint whose letter came back, and what it is told: a letter that will not arrive has failed (T34).
    async fn bounced(&self, bounce: &Bounce) -> Result<(Option<Candidate>, Option<String>), IntakeError> {
        let store = &self.workflow.store;
        let domain = self.workflow.settings.mail_domain();
        for delivery in bounce.originals.iter().filter_map(|id| delivery_of(id, domain)) {
            let Some(bounced) = store.mails().bounced(&delivery).await? else { continue };
            let home = match bounced.complaint {
                Some(id) => store.cases().candidate(id).await?,
                None => None,
            };
            if bounce.failing == Failing::Temporary {
                return Ok((home, None));
            }
            if bounced.letter.is_none() {
                self.colleague_bounced(bounce).await?;
            }
            let told = bounced.letter.map(|l| {
                let (message, version) = (l.message, l.version);
                let ordinal = u32::try_from(l.ordinal).unwrap_or(0);
                StoredTrigger::Delivered { message, version, ordinal, status: LetterStatus::Failed }.to_json()
            });
            return Ok((home, told));
        }
        Ok((None, None))
    }

    /// Mail to one of our own does not arrive: at the second time somebody is told by another way, and once only, so that
    /// no bounce of that leads to another.
    async fn colleague_bounced(&self, bounce: &Bounce) -> Result<(), IntakeError> {
        let Some(address) = &bounce.recipient else { return Ok(()) };
        if self.workflow.settings.people.find(address).is_none() {
            return Ok(());
        }
        if self.workflow.store.bounces().count(address, self.now).await? == BOUNCES {
            self.workflow.tell_bouncing(address).await?;
        }
        Ok(())
    }

    async fn open(
        &self,
        person: bool,
        is_party: bool,
        thread: Option<Candidate>,
    ) -> Result<Intaken, IntakeError> {
        let (workflow, mail) = (self.workflow, self.mail);
        let forward = self.forward().filter(|_| person);
        let is_forward = person && (is_forwarded(&mail.subject) || forward.is_some());
        let triage = match is_party {
            // The earlier complaint is over; what is asked now is for a person to judge (edge case 1).
            true => Some("after_closing"),
            false => self.triage_reason(thread.is_some(), is_forward),
        };
        let earlier = thread.as_ref().filter(|_| is_party).and_then(|t| t.number.clone());
        let trigger = StoredTrigger::Received { by: mail.from.email.clone() }.to_json();
        let initial = workflow.published().ruleset.procedure().initial.clone();
        let received_at = self.received_at(forward);
        let is_internal = workflow.settings.is_own_domain(&mail.from.email);
        let known = self.language().await?;
        let is_assumed = known.is_none();
        let language = known.unwrap_or_else(|| "nl".to_owned());
        let proposed = forward.map(|f| f.from.clone());
        let mails = workflow.store.mails();
        let opened = mails.open_complaint(self.new_mail("complaint"), &trigger, self.now, |intake_id| {
            let party = if is_forward { Party::default() } else { mail.from.clone() };
            let mut complaint =
                Complaint::received(intake_id, initial, mail.subject.clone(), party, received_at);
            complaint.message_id = mail.message_id.clone();
            complaint.language = language;
            complaint.language_is_assumed = is_assumed;
            complaint.triage_reason = triage.map(Name::from);
            complaint.refers_to = earlier;
            if is_forward {
                complaint.channel = Channel::Forwarded;
                complaint.forwarded_by = Some(mail.from.email.clone());
                complaint.proposed_complainant = proposed;
            } else if is_internal {
                complaint.complainant_kind = ComplainantKind::Internal;
            }
            complaint
        });
        let Some((id, intake_id)) = opened.await? else { return self.duplicate().await };
        workflow.due.notify_one();
        let complainant_email = mail.from.email.clone();
        let opened = Candidate { id, intake_id: intake_id.to_string(), number: None, complainant_email };
        Ok(self.outcome(IntakeOutcome::Complaint, Some(&opened)))
    }

    /// What was passed on: an attached mail says it exactly, a header block in the text nearly.
    fn forward(&self) -> Option<&Forwarded> {
        let inline = self.mail.inline_forward.as_ref().filter(|_| is_forwarded(&self.mail.subject));
        let found = self.mail.attached_mail.as_ref().or(inline);
        // Who passes on a mail of the organisation's own passes on no complaint of somebody's.
        found.filter(|f| !self.workflow.settings.mailbox.eq_ignore_ascii_case(&f.from.email))
    }

    fn triage_reason(&self, has_thread: bool, is_forward: bool) -> Option<&'static str> {
        if is_forward {
            Some("forwarded")
        } else if has_thread {
            // Somebody who is no party of that complaint refers to it: for a person to judge.
            Some("stranger_reply")
        } else if self.mail.content.is_closed() {
            Some("unreadable")
        } else if self.mail.from.email.is_empty() {
            Some("no_sender")
        } else if self.mail.asks_no_answer {
            Some("no_auto_reply")
        } else {
            None
        }
    }

    /// What is written, then what the complainant wrote earlier.
    async fn language(&self) -> Result<Option<String>, StoreError> {
        if let Some(language) = self.mail.language {
            return Ok(Some(language.to_owned()));
        }
        match self.mail.from.email.as_str() {
            "" => Ok(None),
            email => self.workflow.store.mails().language_of(email).await,
        }
    }

    /// The receiving server's own time, when it is believable. For what was passed on, the first receipt by the company.
    fn received_at(&self, forward: Option<&Forwarded>) -> Moment {
        let calendar = &self.workflow.settings.calendar;
        let is_sound = |m: &Moment| *m <= self.now && m.millis() > 0;
        let by_server = self.arrival.received_at.or(self.mail.received.map(Moment::from_millis));
        let arrived = by_server.filter(is_sound).unwrap_or(self.now);
        let first = forward.and_then(|f| f.sent).and_then(|sent| match sent {
            Sent::Exactly(millis) => Some(Moment::from_millis(millis)),
            Sent::OnTheClock(clock) => calendar.at(clock.date(), clock.time()).ok(),
        });
        let oldest = self.now.plus_millis(-OLDEST_FORWARD_MILLIS);
        first.filter(|m| is_sound(m) && *m >= oldest && *m <= arrived).unwrap_or(arrived)
    }

    fn new_mail(&self, kind: &str) -> NewMail {
        let mail = self.mail;
        NewMail {
            received_at: self.received_at(None),
            source: self.arrival.source.to_owned(),
            kind: kind.to_owned(),
            message_id: mail.message_id.clone(),
            body_hash: mail.body_hash.clone(),
            sender: mail.from.email.clone(),
            subject: mail.subject.clone(),
            body: mail.text.clone(),
            attachments: serde_json::json!(mail.attachments).to_string(),
            remarks: mail.remarks.join("\n"),
            history_at: mail.history_at.and_then(|at| i64::try_from(at).ok()),
            raw: self.arrival.raw.to_vec(),
            cursor: self.arrival.cursor.clone(),
        }
    }

    fn outcome(&self, outcome: IntakeOutcome, found: Option<&Candidate>) -> Intaken {
        Intaken {
            source: self.arrival.source.to_owned(),
            outcome,
            intake_id: found.map(|f| f.intake_id.clone()),
            number: found.and_then(|f| f.number.as_ref()).map(ToString::to_string),
        }
    }
}
