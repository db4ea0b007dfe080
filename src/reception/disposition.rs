//! `Reception`: the fate of a mail, and the reason for it.

use super::new_complaint::NewComplaint;
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, MailKind, StoredTrigger, TriageReason, word_enum};
use std::fmt;

word_enum! {
    /// The fate of a mail, in a word.
    IntakeOutcome("outcome of intake") {
        /// It opened a complaint.
        Complaint = "complaint",
        /// It was added to a complaint.
        Addition = "addition",
        /// A machine wrote it: kept, and answered by nothing.
        Automated = "automated",
        /// The same mail had been taken in before.
        Duplicate = "duplicate",
    }
}

/// The fate of a mail, decided but not yet carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reception {
    /// The thing to do with it.
    pub disposition: Disposition,
    /// The moment at which the mail arrived, as far as that is believed; never after the decision.
    pub arrived_at: Moment,
    /// The reason, for the log.
    pub reason: ReceptionReason,
}

/// The one thing to do with a mail, with all that is needed to do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// The same mail came before: only that is recorded.
    Duplicate,
    /// A machine wrote it: it is kept and answered by nothing.
    Automated(AutomatedMail),
    /// It joins a complaint.
    Addition(AddedMail),
    /// It opens a complaint.
    Complaint(Box<NewComplaint>),
}

impl Disposition {
    /// Returns the outcome in a word.
    pub fn outcome(&self) -> IntakeOutcome {
        match self {
            Self::Duplicate => IntakeOutcome::Duplicate,
            Self::Automated(_) => IntakeOutcome::Automated,
            Self::Addition(_) => IntakeOutcome::Addition,
            Self::Complaint(_) => IntakeOutcome::Complaint,
        }
    }
}

/// A machine's mail, kept with its complaint where it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutomatedMail {
    /// The kind under which it is kept.
    pub kind: MailKind,
    /// The complaint it belongs to; none when it belongs to none.
    pub complaint: Option<ComplaintId>,
    /// The trigger that tells of a letter that failed (docs/procedure.md T34); none when none did.
    pub trigger: Option<StoredTrigger>,
    /// The address of one of our people that mail did not reach; none when that is not so.
    pub unreached_colleague: Option<String>,
}

/// A mail that is added to a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedMail {
    /// The kind under which it is kept.
    pub kind: MailKind,
    /// The complaint it belongs to.
    pub complaint: ComplaintId,
    /// The trigger that the complaint's rules hear of; none for what concerns only a colleague's own
    /// calendar.
    pub trigger: Option<StoredTrigger>,
}

/// The reasons for the fate of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceptionReason {
    /// The same mail came before.
    KnownMail,
    /// It answers an invitation of ours.
    AnswersInvitation,
    /// It is a letter of ours.
    OwnLetter,
    /// A machine wrote it.
    ByMachine,
    /// It reports on a mail of ours.
    LetterReturned,
    /// A party of an open complaint wrote it.
    PartyWrites,
    /// It opens a complaint that rules may judge.
    NewMatter,
    /// A new complaint that a person must judge first.
    NeedsJudgement(TriageReason),
}

impl fmt::Display for ReceptionReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KnownMail => f.write_str("the same mail came before"),
            Self::AnswersInvitation => f.write_str("it answers an invitation"),
            Self::OwnLetter => f.write_str("it is one of our own letters"),
            Self::ByMachine => f.write_str("a machine wrote it"),
            Self::LetterReturned => f.write_str("it reports on a letter of ours"),
            Self::PartyWrites => f.write_str("a party of the complaint wrote it"),
            Self::NewMatter => f.write_str("it refers to no complaint"),
            Self::NeedsJudgement(reason) => write!(f, "a person must judge it: {reason}"),
        }
    }
}
