//! Raw mail to a new complaint, an addition, a recorded automated mail, or a recorded duplicate; never to nothing.

mod attendance;
mod bounce;
mod contact;
mod content;
mod forward;
mod imap;
mod ingest;
mod kind;
mod language;
mod maildir;
mod parse;
mod quote;
mod threading;
mod trust;

pub use attendance::Attendance;
pub use bounce::{Bounce, Failing};
pub use contact::{Contact, ContactError, log_contact};
pub use content::{Content, attachment_bytes};
pub use forward::{Forwarded, Sent};
pub use imap::{Mailbox, MailboxError};
pub use ingest::{Arrival, IntakeError, IntakeOutcome, Intaken, ingest, take_in};
pub use kind::MailKind;
pub use maildir::Maildir;
pub use parse::{Attachment, ParsedMail, parse};
pub use trust::Trust;
