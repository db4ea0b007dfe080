//! Raw mail to a new complaint, an addition, a recorded automated mail, or a known duplicate; never to nothing.

mod automated;
mod contact;
mod ingest;
mod maildir;
mod parse;

pub use contact::{Contact, ContactError, log_contact};
pub use ingest::{IntakeError, IntakeOutcome, Intaken, ingest};
pub use maildir::Maildir;
pub use parse::{Attachment, ParsedMail};
