//! What the email channels (`smtp`, `folder`) share: a mail as data and as MIME, and how a message becomes
//! one mail to each address.

mod document;
mod message;
mod rows;
mod trial;

pub(in crate::delivery) use message::{EmailMessage, ascii_address};
pub(super) use rows::{check_folder, policy, rows};
pub(super) use trial::{exchange, sample};
