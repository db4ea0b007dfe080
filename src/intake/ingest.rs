//! `ingest`: one raw mail to exactly one outcome.

use super::parse::{ParsedMail, parse};
use crate::calendar::Moment;
use crate::complaint::{Channel, ComplainantKind, Complaint, Name, Party, is_forwarded};
use crate::store::{Candidate, NewMail, StoreError};
use crate::workflow::{StoredTrigger, Workflow};
use serde::Serialize;

/// Larger mails are kept out of the database; the front must keep them.
const MAX_BYTES: usize = 40 << 20;

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
    #[error("the mail is larger than 40 MiB; it was not taken in")]
    TooLarge,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes in one mail. The complaint's row exists when this returns; deciding is left to the next tick.
pub async fn ingest(workflow: &Workflow, raw: &[u8], source: &str) -> Result<Intaken, IntakeError> {
    if raw.len() > MAX_BYTES {
        return Err(IntakeError::TooLarge);
    }
    let mail = parse(raw);
    let now = workflow.now().await?;
    if workflow.store.known_mail(&mail.message_id, &mail.body_hash).await?.is_some() {
        return Ok(outcome(source, IntakeOutcome::Duplicate, None));
    }
    let (thread, takes_mail) = match find_thread(workflow, &mail).await? {
        Some(found) => {
            let (home, takes_mail) = workflow.thread_home(found, now).await?;
            (Some(home), takes_mail)
        }
        None => (None, true),
    };
    let person = workflow.settings.people.find(&mail.from.email).is_some();
    let keep = |kind: &str| new_mail(&mail, raw, source, kind, now);
    if mail.is_automated {
        let stored = match &thread {
            Some(found) => workflow.store.add_mail(found.id, keep("automated"), None, now).await?,
            None => workflow.store.keep_mail(keep("automated")).await?,
        };
        return Ok(outcome(source, fresh(stored, IntakeOutcome::Automated), thread.as_ref()));
    }
    let is_party = thread.as_ref().is_some_and(|t| person || t.complainant_email == mail.from.email);
    if let Some(found) = thread.as_ref().filter(|_| is_party && takes_mail) {
        let from_complainant = found.complainant_email == mail.from.email;
        let trigger = StoredTrigger::Mail { by: mail.from.email.clone(), from_complainant }.to_json();
        let stored = workflow.store.add_mail(found.id, keep("addition"), Some(&trigger), now).await?;
        workflow.due.notify_one();
        return Ok(outcome(source, fresh(stored, IntakeOutcome::Addition), Some(found)));
    }
    let is_forward = person && (is_forwarded(&mail.subject) || mail.has_attached_message);
    let triage = match is_party {
        // The earlier complaint is over; what is asked now is for a person to judge (edge case 1).
        true => Some("after_closing"),
        false => triage_reason(&mail, thread.is_some(), is_forward),
    };
    let earlier = thread.as_ref().filter(|_| is_party).and_then(|t| t.number.clone());
    let trigger = StoredTrigger::Received { by: mail.from.email.clone() }.to_json();
    let initial = workflow.published().ruleset.procedure().initial.clone();
    let received_at = received_at(&mail, now);
    let is_internal = workflow.settings.is_own_domain(&mail.from.email);
    let opened = workflow.store.open_complaint(keep("complaint"), &trigger, now, |intake_id| {
        let party = if is_forward { Party::default() } else { mail.from.clone() };
        let mut complaint = Complaint::received(intake_id, initial, mail.subject.clone(), party, received_at);
        complaint.message_id = mail.message_id.clone();
        complaint.language = language(&format!("{} {}", mail.subject, mail.text)).to_owned();
        complaint.triage_reason = triage.map(Name::from);
        complaint.refers_to = earlier;
        if is_forward {
            complaint.channel = Channel::Forwarded;
            complaint.forwarded_by = Some(mail.from.email.clone());
        } else if is_internal {
            complaint.complainant_kind = ComplainantKind::Internal;
        }
        complaint
    });
    let Some((id, intake_id)) = opened.await? else {
        return Ok(outcome(source, IntakeOutcome::Duplicate, None));
    };
    workflow.due.notify_one();
    let complainant_email = mail.from.email.clone();
    let opened = Candidate { id, intake_id: intake_id.to_string(), number: None, complainant_email };
    Ok(outcome(source, IntakeOutcome::Complaint, Some(&opened)))
}

fn fresh(stored: bool, outcome: IntakeOutcome) -> IntakeOutcome {
    if stored { outcome } else { IntakeOutcome::Duplicate }
}

fn outcome(source: &str, outcome: IntakeOutcome, found: Option<&Candidate>) -> Intaken {
    Intaken {
        source: source.to_owned(),
        outcome,
        intake_id: found.map(|f| f.intake_id.clone()),
        number: found.and_then(|f| f.number.as_ref()).map(ToString::to_string),
    }
}

fn triage_reason(mail: &ParsedMail, has_thread: bool, is_forward: bool) -> Option<&'static str> {
    if is_forward {
        Some("forwarded")
    } else if has_thread {
        // Somebody who is no party of that complaint refers to it: for a person to judge.
        Some("stranger_reply")
    } else if mail.remarks.iter().any(|r| r.starts_with("unreadable")) {
        Some("unreadable")
    } else if mail.from.email.is_empty() {
        Some("no_sender")
    } else {
        None
    }
}

/// References first, then the tag in the subject, if its check letters are ours.
async fn find_thread(workflow: &Workflow, mail: &ParsedMail) -> Result<Option<Candidate>, StoreError> {
    if let Some(id) = workflow.store.by_message_ids(&mail.references).await? {
        return workflow.store.candidate(id).await;
    }
    // Letters carry a constant anchor of their case as the first reference (email.md, "Our own Message-ID").
    let domain = workflow.settings.mail_domain();
    let anchors = mail
        .references
        .iter()
        .filter_map(|r| r.strip_prefix("case.")?.strip_suffix(domain)?.strip_suffix('@'));
    for intake_id in anchors {
        if let Some(found) = workflow.store.find(intake_id).await? {
            return Ok(Some(found));
        }
    }
    match tagged_reference(&mail.subject, |reference| workflow.store.key().check_letters(reference)) {
        Some(reference) => workflow.store.find(&reference).await,
        None => Ok(None),
    }
}

/// `… [K-2026-0001-x7q] …` → `K-2026-0001`, when the letters are right.
fn tagged_reference(subject: &str, letters: impl Fn(&str) -> String) -> Option<String> {
    subject.split('[').skip(1).filter_map(|part| part.split(']').next()).find_map(|tag| {
        let (reference, check) = tag.rsplit_once('-')?;
        (letters(reference) == check).then(|| reference.to_owned())
    })
}

/// The receiving server's own time, when it is believable.
fn received_at(mail: &ParsedMail, now: Moment) -> Moment {
    mail.received.map(Moment::from_millis).filter(|r| *r <= now && r.millis() > 0).unwrap_or(now)
}

fn new_mail(mail: &ParsedMail, raw: &[u8], source: &str, kind: &str, now: Moment) -> NewMail {
    NewMail {
        received_at: received_at(mail, now),
        source: source.to_owned(),
        kind: kind.to_owned(),
        message_id: mail.message_id.clone(),
        body_hash: mail.body_hash.clone(),
        sender: mail.from.email.clone(),
        subject: mail.subject.clone(),
        body: mail.text.clone(),
        attachments: serde_json::json!(mail.attachments).to_string(),
        remarks: mail.remarks.join("\n"),
        raw: raw.to_vec(),
    }
}

/// Dutch unless English words clearly prevail.
fn language(text: &str) -> &'static str {
    const NL: &[&str] =
        &["de", "het", "een", "ik", "niet", "en", "van", "dat", "voor", "met", "klacht", "geachte", "wij"];
    const EN: &[&str] =
        &["the", "and", "not", "of", "that", "for", "with", "complaint", "dear", "we", "was", "my", "you"];
    let lower = text.to_lowercase();
    let count =
        |words: &[&str]| lower.split(|c: char| !c.is_alphabetic()).filter(|w| words.contains(w)).count();
    if count(EN) > count(NL) + 1 { "en" } else { "nl" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_counts_only_with_its_check_letters() {
        let letters =
            |reference: &str| if reference == "K-2026-0001" { "x7q".to_owned() } else { "aaa".to_owned() };
        assert_eq!(
            tagged_reference("Re: [EXT] klacht [K-2026-0001-x7q]", letters),
            Some("K-2026-0001".to_owned())
        );
        assert_eq!(tagged_reference("Re: [K-2026-0001-x7r]", letters), None);
        assert_eq!(tagged_reference("Re: K-2026-0001", letters), None);
    }

    #[test]
    fn language_is_dutch_unless_english_prevails() {
        assert_eq!(language("Dear Sir, I have a complaint about the training and my trainer"), "en");
        assert_eq!(language("Geachte heer, ik heb een klacht"), "nl");
        assert_eq!(language(""), "nl");
    }
}
