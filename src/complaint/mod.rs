//! The nouns of a complaints procedure, without behaviour of their own.
//!
//! Names of states, roles, deadlines and messages belong to the ruleset; here they are interned text.

mod about;
mod actor;
mod case;
mod channel;
mod deadline;
mod event;
mod facts;
mod folded;
mod forgotten;
mod group;
mod language;
mod latch;
mod letter;
mod mail;
mod measure;
mod meeting;
mod name;
mod neighbours;
mod notification;
mod number;
mod recipient;
mod related;
mod similarity;
mod source;
mod span_words;
mod spoken_name;
mod subject;
mod survey;
mod tally;
mod text;
mod triage;
mod trigger;
mod via;
mod word_enum;
#[cfg(test)]
mod words_test;

pub use about::{About, AboutKind};
pub use actor::Actor;
pub use case::{Case, Fault, FaultKind, LATER_MAIL, Suspension};
pub use channel::{Channel, ContactChannel};
pub use deadline::{Deadline, DeadlineStatus, Pause, PauseEnd};
pub use event::{Event, EventKind, Origin};
pub use facts::{ComplainantKind, Complaint, Party, Responsibility};
pub use folded::{FoldedText, folded_words, placed_words};
pub use group::{Group, GroupBy, GroupKey, Member, Received};
pub use language::Language;
pub use latch::{FiringCount, Latch, LatchKey, Reading};
pub use letter::{Letter, LetterStatus};
pub use mail::{Attachment, MailKind};
pub use measure::Measure;
pub use meeting::{Coming, Meeting, MeetingStatus};
pub use name::{ActionId, DeadlineName, MessageName, Name, Role, RuleName, ScheduleName, State};
pub use neighbours::{
    is_about_others, is_other_sender, is_seen_otherwise, must_look_again, new_candidates, woken,
};
pub use notification::Notification;
pub use number::{ComplaintId, IntakeId, Number};
pub use recipient::Recipient;
pub use related::{Link, LinkKind, Related};
pub use similarity::{Fingerprint, SIMILAR};
pub use source::Source;
pub use span_words::{span_in_words, spans_in_words, unit_in_words};
pub use spoken_name::{shown_name, spoken_name};
pub use subject::{bare_subject, is_forwarded};
pub use survey::{NoStep, Survey, SurveyAnswer, SurveyStep};
pub use tally::{Course, Declared, NothingDeclared, Tally};
pub use text::{Text, Words, filled};
pub use triage::TriageReason;
pub use trigger::StoredTrigger;
pub use via::Via;
pub use word_enum::UnknownWord;
pub(crate) use word_enum::word_enum;
