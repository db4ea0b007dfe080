//! What the other pages do: intake, decisions, several complaints at once, mails and letters one by one, oversight, the auditor's
//! page, the director's records, people, and imports; each by the functions behind its page.

mod auditing;
mod decisions;
mod imports;
mod intake;
mod messages;
mod operations;
mod oversight;
mod people;
mod records;
mod several;

pub(super) use operations::{OF_AUDIT, OF_COMPLAINTS, OF_IMPORTS};
