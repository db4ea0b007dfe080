//! The nouns of a complaints procedure, without behaviour of their own.
//!
//! Names of states, roles, deadlines and messages belong to the ruleset; here they are interned text.

mod actor;
mod case;
mod closed;
mod deadline;
mod event;
mod facts;
mod latch;
mod letter;
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
mod subject;

pub use actor::Actor;
pub use case::{Case, Fault, FaultKind, Suspension};
pub use deadline::{Deadline, DeadlineStatus};
pub use event::{Event, EventKind, Origin, Via};
pub use facts::{Channel, ComplainantKind, Complaint, ComplaintId, Party, Responsibility};
pub use latch::{Latch, Reading};
pub use letter::{Letter, LetterStatus};
pub use measure::Measure;
pub use meeting::{Coming, Meeting, MeetingStatus};
pub use name::{ActionId, DeadlineName, MessageName, Name, Role, RuleName, ScheduleName, State};
pub use neighbours::{is_about_others, is_other_sender, must_look_again, new_candidates};
pub use notification::Notification;
pub use number::{IntakeId, Number};
pub use recipient::Recipient;
pub use related::{Link, LinkKind, Related};
pub use similarity::{Fingerprint, SIMILAR};
pub use source::Source;
pub use subject::{bare_subject, is_forwarded};
