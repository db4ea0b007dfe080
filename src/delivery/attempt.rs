//! `Attempt`: the result of one attempt at a delivery, as its channel saw it. What follows from it is decided
//! elsewhere.

use crate::calendar::Moment;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    pub conclusion: Conclusion,
    /// The answer, or the reason why there was none; never a secret.
    pub detail: String,
}

/// The conclusion about the delivery and about its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conclusion {
    Accepted,
    /// May succeed later. The target is at fault, and may have asked for a pause.
    Failed {
        pause_until: Option<Moment>,
    },
    /// May succeed later; the target works and put only this one off.
    Deferred,
    /// May succeed once somebody mends it; the target works and refuses this one, or it cannot be made.
    Refused,
    /// Will never succeed; the target works.
    Rejected,
    /// The target asks never to be called again.
    Gone,
}

impl Attempt {
    pub fn accepted(detail: impl Into<String>) -> Self {
        Self { conclusion: Conclusion::Accepted, detail: detail.into() }
    }

    /// Says that the target is at fault, and asked for no pause.
    pub fn failed(detail: impl Into<String>) -> Self {
        Self { conclusion: Conclusion::Failed { pause_until: None }, detail: detail.into() }
    }

    pub fn deferred(detail: impl Into<String>) -> Self {
        Self { conclusion: Conclusion::Deferred, detail: detail.into() }
    }

    pub fn refused(detail: impl Into<String>) -> Self {
        Self { conclusion: Conclusion::Refused, detail: detail.into() }
    }

    pub fn rejected(detail: impl Into<String>) -> Self {
        Self { conclusion: Conclusion::Rejected, detail: detail.into() }
    }
}
