//! The only reader of time.

use crate::calendar::Moment;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// A source of the current time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Returns the current moment, to the millisecond.
    fn now(&self) -> Moment;

    /// Returns the time that has gone by since some moment of this process, whatever was done to the clock
    /// meanwhile.
    fn elapsed(&self) -> Duration;

    /// Returns whether it may jump by mistake, as a computer's clock can.
    fn may_jump(&self) -> bool {
        true
    }
}

/// The moment from which this process counts.
#[expect(clippy::disallowed_methods, reason = "the only reader of the system's clock")]
static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The computer's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        #[expect(clippy::disallowed_methods, reason = "the only reader of the system's clock")]
        let now = chrono::Utc::now();
        Moment::from_millis(now.timestamp_millis())
    }

    fn elapsed(&self) -> Duration {
        BEGAN.elapsed()
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

    fn elapsed(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.load(Ordering::SeqCst)).unwrap_or(0))
    }

    fn may_jump(&self) -> bool {
        false
    }
}
