//! The only reader of time.

use crate::calendar::Moment;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A source of the current time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Returns the current moment, to the millisecond.
    fn now(&self) -> Moment;

    /// Returns whether it may jump by mistake, as a computer's clock can.
    fn may_jump(&self) -> bool {
        true
    }
}

/// The computer's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        #[expect(clippy::disallowed_methods, reason = "the only reader of the system's clock")]
        let now = chrono::Utc::now();
        Moment::from_millis(now.timestamp_millis())
    }
}

/// A clock that stands still until it is moved, for tests, demonstrations and rehearsals.
#[derive(Clone, Debug)]
pub struct VirtualClock(Arc<AtomicI64>);

impl VirtualClock {
    /// Makes a clock that stands at `now`.
    pub fn new(now: Moment) -> Self {
        Self(Arc::new(AtomicI64::new(now.millis())))
    }

    /// Moves forward to `to`; never back.
    pub fn advance_to(&self, to: Moment) {
        self.0.fetch_max(to.millis(), Ordering::SeqCst);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Moment {
        Moment::from_millis(self.0.load(Ordering::SeqCst))
    }

    fn may_jump(&self) -> bool {
        false
    }
}
