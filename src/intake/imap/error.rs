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
    /// Our own store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A mail could not be taken in.
    #[error(transparent)]
    Intake(#[from] IntakeError),
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
