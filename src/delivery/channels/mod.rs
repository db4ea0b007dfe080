//! The ways out, a file each. A channel says what an attempt led to; it decides nothing else.

pub(super) mod email;
pub(super) mod webhook;

/// What one attempt led to, as the channel sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    Accepted,
    /// May succeed later.
    Failed(String),
    /// Will never succeed.
    Rejected(String),
}
