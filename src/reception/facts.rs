//! `MailFacts`: all that is known of one mail when it is decided what becomes of it.

use super::author::Author;
use crate::calendar::Moment;
use crate::complaint::{Coming, ComplainantKind, ComplaintId, Number, Party, word_enum};

word_enum! {
    /// Whether a letter that was reported on may still arrive (RFC 3463).
    Failing("failure of a letter") {
        /// It will not arrive.
        Permanent = "permanent",
        /// It is late and is still tried, or nothing certain is said.
        Temporary = "temporary",
    }
}

/// All that is known of one mail.
#[derive(Clone, Debug)]
pub struct MailFacts {
    /// The moment of the decision.
    pub now: Moment,
    /// When the receiving server says that the mail came.
    pub arrived_at: Option<Moment>,
    /// This very mail was taken in before.
    pub is_known: bool,
    /// Who or what wrote it.
    pub author: Author,
    /// It carries the id of one of our deliveries.
    pub is_own_letter: bool,
    /// Who sent it; the address is empty when unknown.
    pub from: Party,
    /// One of our people, vouched for by the mail server where one is believed.
    pub is_colleague: bool,
    /// What its sender is as a complainant.
    pub complainant_kind: ComplainantKind,
    /// Its subject, in a line.
    pub subject: String,
    /// The complaint that the mail answers.
    pub thread: Option<Thread>,
    /// The invitation that the mail answers.
    pub answer: Option<InvitationAnswer>,
    /// The mail of ours that it reports on.
    pub returned: Option<ReturnedMail>,
    /// The mail that is attached to it.
    pub attached: Option<PassedOn>,
    /// The header block in its text.
    pub inline: Option<PassedOn>,
    /// Only its sender can open it.
    pub is_closed: bool,
    /// The sender asks that no machine answers.
    pub asks_no_answer: bool,
}

impl MailFacts {
    /// Returns the facts of a mail that a stranger wrote and that refers to nothing.
    pub fn new(from: Party, subject: String, now: Moment) -> Self {
        Self {
            now,
            arrived_at: None,
            is_known: false,
            author: Author::Human,
            is_own_letter: false,
            from,
            is_colleague: false,
            complainant_kind: ComplainantKind::External,
            subject,
            thread: None,
            answer: None,
            returned: None,
            attached: None,
            inline: None,
            is_closed: false,
            asks_no_answer: false,
        }
    }
}

/// The complaint in whose thread a mail is, after mergers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// Its key in the store.
    pub complaint: ComplaintId,
    /// Its number; none until it is registered.
    pub number: Option<Number>,
    /// The complainant's address; empty when unknown.
    pub complainant: String,
    /// The address of who wrote on the complainant's behalf (docs/procedure.md edge case 11).
    pub submitter: Option<String>,
    /// Its state still takes mail (docs/procedure.md edge case 1).
    pub takes_mail: bool,
}

/// A calendar's answer to an invitation of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationAnswer {
    /// The complaint whose meeting it is.
    pub complaint: ComplaintId,
    /// The complainant's address; empty when unknown.
    pub complainant: String,
    /// The number of the meeting within its complaint.
    pub meeting: u32,
    /// What the calendar answers.
    pub coming: Coming,
}

/// A mail of ours that a report says did not arrive, or not yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedMail {
    /// Whether the mail may still arrive.
    pub failing: Failing,
    /// The complaint it was about; none for reports and alarms.
    pub complaint: Option<ComplaintId>,
    /// The letter to a complainant that it was; none when it was for somebody else.
    pub letter: Option<SentLetter>,
    /// The address of ours that did not get it, when it is one of our people's.
    pub colleague: Option<String>,
}

/// A letter by the decision that sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentLetter {
    /// The name of the message.
    pub message: String,
    /// The complaint's version.
    pub version: i64,
    /// Its place within that decision.
    pub ordinal: u32,
}

/// A mail within a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOn {
    /// Who wrote it.
    pub from: Party,
    /// When it was sent, where that is said.
    pub sent_at: Option<Moment>,
    /// The organisation itself sent it: no complaint of somebody's.
    pub is_ours: bool,
}
