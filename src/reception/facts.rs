//! `MailFacts`: everything known of one mail when its fate is decided.

use super::author::Author;
use crate::calendar::Moment;
use crate::complaint::{Coming, ComplainantKind, ComplaintId, Number, Party, word_enum};

word_enum! {
    /// The kind of failure that a report tells of: for good, or for now (RFC 3463).
    Failing("failure of a letter") {
        /// It will not arrive.
        Permanent = "permanent",
        /// It is late and is still tried, or nothing certain is said.
        Temporary = "temporary",
    }
}

/// The standing of a sender with the organisation, vouched for by the mail server where one is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderStanding {
    /// Somebody outside, or somebody for whom nobody vouches.
    Outsider,
    /// Somebody who writes from one of the organisation's own domains, and is none of its people in the settings.
    Employee,
    /// One of the organisation's people in the settings.
    Colleague,
}

/// Everything known of one mail when its fate is decided.
#[derive(Clone, Debug)]
pub struct MailFacts {
    /// The moment of the decision.
    pub now: Moment,
    /// The moment at which the receiving server says that the mail came; none when it does not say.
    pub arrived_at: Option<Moment>,
    /// True when this very mail was taken in before.
    pub is_known: bool,
    /// The person or kind of machine that wrote it.
    pub author: Author,
    /// True when it carries the id of one of our deliveries.
    pub is_own_letter: bool,
    /// The sender; the address is empty when unknown.
    pub from: Party,
    /// What the sender is to the organisation.
    pub standing: SenderStanding,
    /// The side its sender would stand on as a complainant.
    pub complainant_kind: ComplainantKind,
    /// Its subject, in a line.
    pub subject: String,
    /// The complaint that the mail answers; none when it answers none.
    pub thread: Option<Thread>,
    /// The invitation that the mail answers; none when it answers none.
    pub answer: Option<InvitationAnswer>,
    /// The mail of ours that it reports on; none when it reports on none.
    pub returned: Option<ReturnedMail>,
    /// The mail that is attached to it; none when none is.
    pub attached: Option<PassedOn>,
    /// The mail whose header block stands in its text; none when none does.
    pub inline: Option<PassedOn>,
    /// True when only its sender can open it: encrypted, winmail.dat, or no mail at all.
    pub is_closed: bool,
    /// True when the sender asks that no machine answers (docs/mail.md "…but an acknowledgement is a duty").
    pub asks_no_answer: bool,
    /// The person for whom a form or a group address says that it wrote; none when it names nobody outside.
    pub written_for: Option<Party>,
    /// True when a list of the organisation's own passed it on: its group address.
    pub is_by_own_list: bool,
    /// The moment of the last letter to the complainant of the thread, where the mail reads as a notice of
    /// absence; none otherwise.
    pub absence_follows: Option<Moment>,
    /// The moment at which its sender says that it was written; none when that is not said.
    pub written_at: Option<Moment>,
    /// The moment from which mail may be answered without a person.
    pub answers_from: Moment,
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
            standing: SenderStanding::Outsider,
            complainant_kind: ComplainantKind::External,
            subject,
            thread: None,
            answer: None,
            returned: None,
            attached: None,
            inline: None,
            is_closed: false,
            asks_no_answer: false,
            written_for: None,
            is_by_own_list: false,
            absence_follows: None,
            written_at: None,
            answers_from: Moment::from_millis(0),
        }
    }

    /// Returns whether the sender is one of our people.
    pub fn is_from_colleague(&self) -> bool {
        self.standing == SenderStanding::Colleague
    }

    /// Returns whether the sender works for the organisation, in the settings or not.
    pub fn is_from_within(&self) -> bool {
        self.standing != SenderStanding::Outsider
    }
}

/// The complaint in whose thread a mail is, after mergers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// Its key in the store.
    pub complaint: ComplaintId,
    /// Its number; none until it is registered.
    pub number: Option<Number>,
    /// The complainant's address; none while it is unknown.
    pub complainant: Option<String>,
    /// The address of who wrote on the complainant's behalf (docs/procedure.md edge case 11); none when
    /// nobody did.
    pub submitter: Option<String>,
    /// True while its state still takes mail (docs/procedure.md edge case 1).
    pub takes_mail: bool,
}

/// A calendar's answer to an invitation of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationAnswer {
    /// The complaint whose meeting it is.
    pub complaint: ComplaintId,
    /// The complainant's address; none while it is unknown.
    pub complainant: Option<String>,
    /// The number of the meeting within its complaint.
    pub meeting: u32,
    /// The calendar's answer.
    pub coming: Coming,
}

/// A mail of ours that a report says did not arrive, or not yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedMail {
    /// The kind of failure.
    pub failing: Failing,
    /// The complaint it was about; none for reports and alarms.
    pub complaint: Option<ComplaintId>,
    /// The letter to a complainant that it was; none when it was for somebody else.
    pub letter: Option<SentLetter>,
    /// The address that did not get it, when it is one of our people's.
    pub colleague: Option<String>,
}

/// A letter by the decision that sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentLetter {
    /// The name of the message.
    pub message: String,
    /// The decision, by the complaint's version.
    pub version: i64,
    /// Its place within that decision, from 1.
    pub ordinal: u32,
}

/// A mail within a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOn {
    /// Its writer.
    pub from: Party,
    /// The moment at which it was sent; none when that is not said.
    pub sent_at: Option<Moment>,
    /// True when the organisation itself sent it, so that it is nobody's complaint.
    pub is_ours: bool,
}
