//! IMAP: a mailbox is read from where it was left, and watched. The place (UIDVALIDITY and UID) moves in the
//! transaction that stores the mail, so a crash anywhere loses and doubles nothing. Nothing is deleted, and
//! `\Seen` means nothing here.

mod answer;
mod error;
mod mailbox;
mod session;
mod utf7;

pub use error::MailboxError;
pub use mailbox::Mailbox;
