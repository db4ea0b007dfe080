//! `Attempt`: the result of one attempt at a delivery, as its channel saw it. What follows from it is decided
//! elsewhere.

use crate::calendar::Moment;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    pub conclusion: Conclusion,
    /// The kind of answer, or the reason why there was none: our own words, without names and secrets.
    pub reason: String,
    /// What the target said, in its words, which may name anybody; empty when it said nothing.
    pub said: String,
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
    pub fn accepted(reason: impl Into<String>) -> Self {
        Self { conclusion: Conclusion::Accepted, reason: reason.into(), said: String::new() }
    }

    /// Says that the target is at fault, and asked for no pause.
    pub fn failed(reason: impl Into<String>) -> Self {
        Self {
            conclusion: Conclusion::Failed { pause_until: None },
            reason: reason.into(),
            said: String::new(),
        }
    }

    pub fn deferred(reason: impl Into<String>) -> Self {
        Self { conclusion: Conclusion::Deferred, reason: reason.into(), said: String::new() }
    }

    pub fn refused(reason: impl Into<String>) -> Self {
        Self { conclusion: Conclusion::Refused, reason: reason.into(), said: String::new() }
    }

    pub fn rejected(reason: impl Into<String>) -> Self {
        Self { conclusion: Conclusion::Rejected, reason: reason.into(), said: String::new() }
    }

    /// Adds what the target said.
    pub fn saying(self, said: impl Into<String>) -> Self {
        Self { said: said.into(), ..self }
    }

    /// Returns reason and answer, for the log of attempts.
    pub fn in_full(&self) -> String {
        match self.said.trim() {
            "" => self.reason.clone(),
            said => format!("{}: {said}", self.reason),
        }
    }
}
