//! The nouns of a complaints procedure, without behaviour of their own.
//!
//! Names of states, roles, deadlines and messages belong to the ruleset; here they are interned text.

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
mod notification;
mod number;
mod related;
mod similarity;
mod subject;

pub use case::{Case, Fault, FaultKind, Suspension};
pub use closed::UnknownName;
pub(crate) use closed::closed_names;
pub use deadline::{Deadline, DeadlineStatus};
pub use event::{Event, EventKind, Origin, Via};
pub use facts::{Channel, ComplainantKind, Complaint, ComplaintId, Party, Responsibility};
pub use latch::{Latch, Reading};
pub use letter::{Letter, LetterStatus};
pub use measure::Measure;
pub use meeting::{Coming, Meeting, MeetingStatus};
pub use name::{DeadlineName, MessageName, Name, Role, State};
pub use notification::Notification;
pub use number::{IntakeId, Number};
pub use related::{Link, LinkKind, Related};
pub use similarity::{Fingerprint, SIMILAR};
pub use subject::{bare_subject, is_forwarded};
