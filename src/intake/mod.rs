//! Raw mail to a new complaint, an addition, a recorded automated mail, or a recorded duplicate; never to
//! nothing.

mod attendance;
mod author;
mod body;
mod bounce;
mod charset;
mod contact;
mod content;
mod drop_file;
mod error;
mod forward;
mod gather;
mod html;
mod imap;
mod incoming;
mod ingest;
mod language;
mod legible;
mod limits;
mod maildir;
mod parse;
mod part;
mod quote;
mod set;
mod settle;
mod taken;
mod text;
mod threading;
mod trust;
mod twin;
mod written_for;

pub use attendance::Attendance;
pub use bounce::Bounce;
pub use contact::{Contact, ContactError, log_contact};
pub use content::{Content, attachment_bytes};
pub use error::IntakeError;
pub use forward::{Forwarded, Sent};
pub use imap::{Mailbox, MailboxError};
pub use incoming::Arrival;
pub use ingest::{ingest, take_in, take_in_all};
pub use limits::{KEPT_BYTES, MAX_BYTES};
pub use maildir::{InboxState, Maildir};
pub use parse::{ParsedMail, parse};
pub use taken::TakenMail;
pub use trust::Trust;
