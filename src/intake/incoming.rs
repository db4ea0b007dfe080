//! `Incoming`: one mail on its way in.

use super::parse::ParsedMail;
use crate::calendar::Moment;
use crate::workflow::{Cursor, Known, Workflow};

/// A mail as IMAP, the Maildir or the pipe hands it over.
#[derive(Clone, Debug, Default)]
pub struct Arrival<'a> {
    /// Its bytes.
    pub raw: &'a [u8],
    /// Which way it came, such as `stdin` or the name of a mailbox.
    pub source: &'a str,
    /// When the server got it, where that is known.
    pub received_at: Option<Moment>,
    /// The place in the mailbox that is passed when it is stored.
    pub cursor: Option<Cursor>,
    /// `raw` is only the beginning of a mail that is larger than [`super::MAX_BYTES`].
    pub is_partial: bool,
}

/// One mail on its way in, read but not yet decided on.
#[derive(Clone, Copy)]
pub(super) struct Incoming<'a> {
    pub workflow: &'a Workflow,
    pub mail: &'a ParsedMail,
    pub arrival: &'a Arrival<'a>,
    pub known: Known,
    pub now: Moment,
}
