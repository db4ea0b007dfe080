//! `receive`: facts of a mail to its disposition.

use super::author::Author;
use super::disposition::{AddedMail, AutomatedMail, Disposition, Reception, ReceptionReason};
use super::facts::{Failing, MailFacts, PassedOn, Thread};
use super::new_complaint::{ComplaintOrigin, NewComplaint};
use crate::calendar::Moment;
use crate::complaint::{
    ComplainantKind, LetterStatus, MailKind, Party, StoredTrigger, TriageReason, is_forwarded,
};

/// The greatest age of what was passed on, 92 days; an older date is not believed.
const OLDEST_FORWARD_MILLIS: i64 = 92 * 86_400_000;
/// The time after a letter within which words of absence are a machine's, 10 minutes: nobody who is away reads
/// it and answers so soon.
const ABSENCE_MILLIS: i64 = 600_000;
/// The bounces of one of our own addresses after which somebody else is told.
const BOUNCES: i64 = 2;

/// Decides what becomes of a mail. Every mail has exactly one disposition.
pub fn receive(facts: &MailFacts) -> Reception {
    let arrived_at = arrived_at(facts);
    let (disposition, reason) = if facts.is_known {
        (Disposition::Duplicate, ReceptionReason::KnownMail)
    } else if let Some(added) = invitation_answer(facts) {
        (Disposition::Addition(added), ReceptionReason::AnswersInvitation)
    } else if let Some(kind) = machine_kind(facts) {
        automated(facts, kind)
    } else if let Some(added) = addition(facts) {
        (Disposition::Addition(added), ReceptionReason::PartyWrites)
    } else {
        let opened = new_complaint(facts, arrived_at);
        let reason = opened.triage_reason.map_or(ReceptionReason::NewMatter, ReceptionReason::NeedsJudgement);
        (Disposition::Complaint(Box::new(opened)), reason)
    };
    Reception { disposition, arrived_at, reason }
}

/// Returns whether the bounce with this count of an address is the one that is told of: the second, and once
/// only, so that no bounce of that leads to another.
pub fn is_told_of_bounces(count: i64) -> bool {
    count == BOUNCES
}

/// Returns the receiving server's own time, when it is believable.
fn arrived_at(facts: &MailFacts) -> Moment {
    facts.arrived_at.filter(|m| is_believable(*m, facts.now)).unwrap_or(facts.now)
}

fn is_believable(moment: Moment, now: Moment) -> bool {
    moment <= now && moment.millis() > 0
}

/// Returns the change of a meeting that an answer to an invitation is; none when it is none. What a colleague
/// answers is for their own calendar.
fn invitation_answer(facts: &MailFacts) -> Option<AddedMail> {
    let answer = facts.answer.as_ref()?;
    let is_complainant = is_from(facts, answer.complainant.as_deref());
    let trigger = is_complainant.then(|| StoredTrigger::Attendance {
        by: facts.from.email.clone(),
        meeting: answer.meeting,
        coming: answer.coming,
    });
    let added = AddedMail { kind: MailKind::Attendance, complaint: answer.complaint, trigger };
    (is_complainant || facts.is_from_colleague()).then_some(added)
}

/// Returns as what a machine's mail is kept; none for a person's. A report on a letter quotes that letter and
/// is none of ours.
fn machine_kind(facts: &MailFacts) -> Option<MailKind> {
    match facts.author {
        Author::Bounce => Some(MailKind::Bounce),
        _ if facts.is_own_letter => Some(MailKind::Own),
        Author::Human | Author::List if is_absence(facts) => Some(MailKind::AutoReply),
        Author::Human => None,
        Author::AutoReply => Some(MailKind::AutoReply),
        // A person wrote what a form sends and what comes through our own group address.
        Author::Generated | Author::Nobody if written_for(facts).is_some() => None,
        Author::Generated | Author::Nobody => Some(MailKind::AutoReply),
        Author::Receipt => Some(MailKind::Receipt),
        Author::List if facts.is_by_own_list => None,
        Author::List => Some(MailKind::List),
        Author::Loop => Some(MailKind::Loop),
    }
}

/// Returns whether it is a notice of absence that says so in words alone: within minutes of a letter.
fn is_absence(facts: &MailFacts) -> bool {
    let since = |letter: &Moment| facts.now.millis() - letter.millis();
    facts.absence_follows.as_ref().is_some_and(|letter| since(letter) <= ABSENCE_MILLIS)
}

/// Returns for whom a form or a group address wrote. A person outside writes for nobody else: who wants the
/// answer elsewhere is not another.
fn written_for(facts: &MailFacts) -> Option<&Party> {
    let writes_for_others = facts.is_by_own_list
        || matches!(facts.author, Author::Generated | Author::Nobody)
        || facts.complainant_kind == ComplainantKind::Internal;
    let other = facts.written_for.as_ref().filter(|_| writes_for_others && !facts.is_from_colleague())?;
    (other.address().is_some() && other.address() != facts.from.address()).then_some(other)
}

/// Decides on a machine's mail. A letter that will not arrive has failed (docs/procedure.md T34); mail that
/// did not reach a colleague is counted.
fn automated(facts: &MailFacts, kind: MailKind) -> (Disposition, ReceptionReason) {
    let thread = facts.thread.as_ref().map(|t| t.complaint);
    let mut mail = AutomatedMail { kind, complaint: thread, trigger: None, unreached_colleague: None };
    let reason = match (&facts.returned, kind) {
        (Some(returned), MailKind::Bounce) => {
            mail.complaint = returned.complaint.or(thread);
            if returned.failing == Failing::Permanent {
                mail.trigger = returned.letter.as_ref().map(|l| StoredTrigger::Delivered {
                    message: l.message.clone(),
                    version: l.version,
                    ordinal: l.ordinal,
                    status: LetterStatus::Failed,
                });
                let colleague = returned.colleague.clone();
                mail.unreached_colleague = colleague.filter(|_| returned.letter.is_none());
            }
            ReceptionReason::LetterReturned
        }
        (_, MailKind::Own) => ReceptionReason::OwnLetter,
        _ => ReceptionReason::ByMachine,
    };
    (Disposition::Automated(mail), reason)
}

/// Returns the addition that a party's mail is while the complaint's state takes mail
/// (docs/procedure.md edge case 1); none otherwise.
fn addition(facts: &MailFacts) -> Option<AddedMail> {
    let thread = facts.thread.as_ref().filter(|t| t.takes_mail && is_party(facts, t))?;
    // Who wrote for the complainant goes on speaking for them.
    let from_complainant =
        is_from(facts, thread.complainant.as_deref()) || is_from(facts, thread.submitter.as_deref());
    let trigger = StoredTrigger::Mail { by: facts.from.email.clone(), from_complainant };
    Some(AddedMail { kind: MailKind::Addition, complaint: thread.complaint, trigger: Some(trigger) })
}

/// Returns whether the sender is a party: the complainant, one of our people, or who wrote on the
/// complainant's behalf (docs/procedure.md edge case 11).
fn is_party(facts: &MailFacts, thread: &Thread) -> bool {
    facts.is_from_colleague()
        || is_from(facts, thread.complainant.as_deref())
        || is_from(facts, thread.submitter.as_deref())
}

/// Returns whether somebody sent the mail. Who is unknown sent none, and what has no sender is nobody's.
fn is_from(facts: &MailFacts, address: Option<&str>) -> bool {
    facts.from.address().zip(address).is_some_and(|(sender, address)| sender.eq_ignore_ascii_case(address))
}

fn new_complaint(facts: &MailFacts, arrived_at: Moment) -> NewComplaint {
    let own_thread = facts.thread.as_ref().filter(|t| is_party(facts, t));
    let (passed_on, is_forward) = (passed_on(facts), is_forward(facts));
    let triage_reason = match own_thread {
        // The earlier complaint is over; what is asked now is for a person to judge
        // (docs/procedure.md edge case 1).
        Some(_) => Some(TriageReason::AfterClosing),
        None if is_forward => Some(TriageReason::Forwarded),
        None => triage_reason(facts, arrived_at),
    };
    let origin = match written_for(facts) {
        named if is_forward => {
            ComplaintOrigin::Forwarded { proposed: passed_on.map(|p| &p.from).or(named).cloned() }
        }
        Some(proposed) => ComplaintOrigin::WrittenFor { proposed: proposed.clone() },
        None => ComplaintOrigin::Email { complainant: facts.from.clone(), kind: facts.complainant_kind },
    };
    NewComplaint {
        by: facts.from.email.clone(),
        subject: facts.subject.clone(),
        received_at: passed_on.and_then(|p| first_receipt(p, arrived_at, facts.now)).unwrap_or(arrived_at),
        origin,
        triage_reason,
        refers_to: own_thread.and_then(|t| t.number.clone()),
    }
}

/// Returns whether somebody of the organisation passes on what somebody else wrote.
pub fn is_forward(facts: &MailFacts) -> bool {
    passed_on(facts).is_some() || is_forwarded(&facts.subject) && passes_on(facts)
}

/// Returns whether the sender may pass mail on: somebody of the organisation, in person. What comes by a list or
/// from a form was passed on by nobody.
fn passes_on(facts: &MailFacts) -> bool {
    let is_machine = facts.is_by_own_list || matches!(facts.author, Author::Generated | Author::Nobody);
    facts.is_from_within() && !is_machine
}

/// Returns what somebody of the organisation passed on: an attached mail says it exactly, a header block in the text nearly.
fn passed_on(facts: &MailFacts) -> Option<&PassedOn> {
    let inline = facts.inline.as_ref().filter(|_| is_forwarded(&facts.subject));
    let found = facts.attached.as_ref().or(inline).filter(|_| passes_on(facts));
    // Who passes on a mail of the organisation's own passes on no complaint of somebody's.
    found.filter(|p| !p.is_ours)
}

/// Returns when the company first received what was passed on, when that is believable.
fn first_receipt(passed_on: &PassedOn, arrived_at: Moment, now: Moment) -> Option<Moment> {
    let oldest = now.plus_millis(-OLDEST_FORWARD_MILLIS);
    passed_on.sent_at.filter(|m| is_believable(*m, now) && *m >= oldest && *m <= arrived_at)
}

fn triage_reason(facts: &MailFacts, arrived_at: Moment) -> Option<TriageReason> {
    // What no server dated is as old as its writer says: that may only hold a letter back.
    let at = facts.arrived_at.or(facts.written_at).map_or(arrived_at, |at| at.min(arrived_at));
    if facts.thread.is_some() {
        // Somebody who is no party of that complaint refers to it: for a person to judge.
        Some(TriageReason::StrangerReply)
    } else if written_for(facts).is_some() {
        Some(TriageReason::WrittenFor)
    } else if at < facts.answers_from {
        Some(TriageReason::OldMail)
    } else if facts.is_closed {
        Some(TriageReason::Unreadable)
    } else if facts.from.email.is_empty() {
        Some(TriageReason::NoSender)
    } else if facts.asks_no_answer {
        Some(TriageReason::NoAutoReply)
    } else {
        None
    }
}
