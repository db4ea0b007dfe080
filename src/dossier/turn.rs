//! `Turn`: one thing that was written or said about a complaint: a mail, a note of a contact, a letter, a remark.

use super::said::Said;
use crate::calendar::Moment;
use crate::complaint::Words;

/// The kind of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person wrote a mail.
    Mail,
    /// A machine wrote a mail: a report of a mail server, a notice of absence.
    Machine,
    /// Somebody of the organisation wrote down what was told by phone, on paper or in a chat.
    Contact,
    /// A letter to somebody outside.
    Letter,
    /// Somebody or a rule made a remark.
    Remark,
}

impl Kind {
    pub(super) fn words(self) -> Words {
        match self {
            Self::Mail => Said::MAIL,
            Self::Machine => Said::MACHINE,
            Self::Contact => Said::CONTACT,
            Self::Letter => Said::LETTER,
            Self::Remark => Said::REMARK,
        }
    }
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken over at a moment, where that is known.
    Accepted(Option<Moment>),
    /// It waits.
    Waiting,
    /// It did not arrive.
    Failed,
    /// Somebody called it back before it went.
    Recalled,
    /// It had nobody to go to.
    Nobody,
}

impl Outcome {
    pub(super) fn words(self) -> Words {
        match self {
            Self::Accepted(_) => Said::ACCEPTED,
            Self::Waiting => Said::WAITING,
            Self::Failed => Said::FAILED,
            Self::Recalled => Said::RECALLED,
            Self::Nobody => Said::NOBODY,
        }
    }
}

/// A file that came with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    /// What its sender called it.
    pub called: String,
    /// Its size in bytes.
    pub size: usize,
    /// Its file in the dossier; none where it stands in the mail alone.
    pub file: Option<String>,
}

/// One thing that was written or said.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Its kind.
    pub kind: Kind,
    /// Its author, or to whom it went.
    pub who: String,
    /// When it was, in words.
    pub when: String,
    /// What became of it, with the moment in words; none for what is no letter.
    pub outcome: Option<(Outcome, String)>,
    /// Its subject; empty where it has none.
    pub subject: String,
    /// What it says.
    pub body: String,
    /// True where that is only the beginning of a long text; the rest is in the file.
    pub is_cut: bool,
    /// What was odd about a mail, as intake noted it.
    pub remarks: Vec<String>,
    /// What came with it.
    pub enclosed: Vec<Enclosed>,
    /// Its file in the dossier; none where there is none.
    pub file: Option<String>,
}
