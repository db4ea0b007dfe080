//! `ForgettingRound`: where a process goes on with what is to be forgotten, between one tick and the next.

use crate::complaint::ComplaintId;

/// How far a process is with what is to be forgotten.
#[derive(Clone, Copy, Debug)]
pub(super) struct ForgettingRound {
    /// The complaint after which it goes on.
    pub after: ComplaintId,
    /// Whether there may be more.
    pub has_more: bool,
    /// Whether something was left to be tried again.
    pub is_left: bool,
}

impl Default for ForgettingRound {
    fn default() -> Self {
        Self { after: ComplaintId(0), has_more: false, is_left: false }
    }
}
