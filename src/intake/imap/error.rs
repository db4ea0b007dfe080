//! `MailboxError`: the reasons why a mailbox could not be read.

use super::super::error::IntakeError;
use crate::credentials::TokenError;
use crate::workflow::StoreError;

/// A reason why a mailbox could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// The server does not let us in, or the settings cannot be used: somebody must mend it.
    #[error("{0}")]
    Refused(String),
    /// The server cannot be reached or the connection broke off; it is tried again.
    #[error("{0}")]
    Connection(String),
    /// A mail is there and the server does not hand it over; nothing after it is read until somebody steps over it.
    #[error(
        "the server does not hand over the mail with UID {uid}: {why}; read it there, and then \
         `redress intake --mailbox {mailbox} --step-over {uid} --as YOU`"
    )]
    Stopped {
        /// The mailbox.
        mailbox: String,
        /// The mail's UID.
        uid: u32,
        /// The reason, as the server gives it.
        why: String,
    },
    /// Our own store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A mail could not be taken in.
    #[error(transparent)]
    Intake(#[from] IntakeError),
}

impl MailboxError {
    /// Returns whether only a person can mend it, so that somebody is told at once.
    pub fn is_for_a_person(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Stopped { .. })
    }
}

impl From<async_imap::error::Error> for MailboxError {
    fn from(error: async_imap::error::Error) -> Self {
        Self::Connection(error.to_string())
    }
}

impl From<TokenError> for MailboxError {
    fn from(error: TokenError) -> Self {
        Self::Refused(error.to_string())
    }
}
