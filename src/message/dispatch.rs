//! `Dispatch`: when a message to our own people goes and in which part of a digest, as its head says.

/// The time at which a message to our own people goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Timing {
    /// At once, at any hour (`now: yes`).
    AtOnce,
    /// By itself, in working hours: what holds when the head says nothing.
    #[default]
    InWorkingHours,
    /// As a line of the digest of the next working day (`gather: daily`).
    Daily,
    /// As a line of the digest of the first working day of a week (`gather: weekly`).
    Weekly,
}

impl Timing {
    /// Returns whether it goes as a line of a digest.
    pub fn is_gathered(self) -> bool {
        matches!(self, Self::Daily | Self::Weekly)
    }
}

/// What the head of a message says about when it goes and with what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dispatch {
    /// The time.
    pub timing: Timing,
    /// The part of the digest in which its line stands; none for the last part.
    pub group: Option<String>,
    /// The line of the file on which the time is said, from 1; none where it is not said.
    pub said_on: Option<usize>,
    /// The line of the file on which the part is said, from 1; none where it is not said.
    pub group_on: Option<usize>,
}
