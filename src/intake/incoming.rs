//! `Incoming`: one mail on its way in.

use super::parse::ParsedMail;
use crate::calendar::Moment;
use crate::workflow::{Acquaintance, Cursor, Workflow};
use std::sync::Arc;

/// A mail as IMAP, the Maildir or the pipe hands it over.
#[derive(Clone, Debug, Default)]
pub struct Arrival {
    /// Its bytes.
    pub raw: Arc<[u8]>,
    /// The way it came, such as `stdin` or the name of a mailbox.
    pub source: String,
    /// The moment at which the server got it; none when that is not known.
    pub received_at: Option<Moment>,
    /// The place in the mailbox that is passed when it is stored; none for mail that comes another way.
    pub cursor: Option<Cursor>,
    /// True when `raw` is only the beginning of a mail that is larger than [`super::MAX_BYTES`].
    pub is_partial: bool,
}

/// One mail on its way in, read but not yet decided on.
#[derive(Clone, Copy)]
pub(super) struct Incoming<'a> {
    pub workflow: &'a Workflow,
    pub mail: &'a ParsedMail,
    pub arrival: &'a Arrival,
    /// What the store knows of it and of those beside it.
    pub known: &'a Acquaintance,
    /// True when it was taken in before.
    pub is_known: bool,
    pub now: Moment,
}
