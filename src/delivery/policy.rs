//! `LanePolicy`: the way a channel wants its outbox worked.

use super::breaker::AutoDisable;
use super::retry::Retry;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LanePolicy {
    /// Attempts under way at once, at most.
    pub concurrency: usize,
    /// Attempts begun in a second, at most; none is no limit.
    pub rate_per_second: Option<u32>,
    pub retry: Retry,
    pub auto_disable: AutoDisable,
    pub claiming: Claiming,
    pub order: DeliveryOrder,
}

/// Whether messages to our own people wait for working hours and digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// Each goes at once and by itself.
    AtOnce,
    /// They wait, and what is gathered comes in digests.
    WorkingHours,
}

/// Whether deliveries wait for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DeliveryOrder {
    Free,
    /// Each waits for the earlier ones of its complaint.
    PerComplaint,
}

/// The way deliveries are claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claiming {
    /// Before the earlier ones are recorded, and the more the faster the target is.
    Ahead,
    /// At most so many, and none before the earlier ones are recorded, because caps count what was sent.
    Counted { at_most: usize },
}
