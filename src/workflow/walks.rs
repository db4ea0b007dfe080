//! `Walks`: the walks of this process through the whole trail: the one under way, one at a time, and what the last one found.

use crate::calendar::Moment;
use crate::store::Audit;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The milliseconds for which a walk through the trail counts, and one that failed.
const KEPT_MILLIS: i64 = 60 * 60_000;
const FAILED_MILLIS: i64 = 60_000;

/// A walk through the whole trail that has ended.
#[derive(Clone, Copy, Debug)]
pub struct Walked {
    /// The moment at which it began.
    pub at: Moment,
    /// What was found; none where the store failed.
    pub found: Option<Audit>,
}

/// A walk that is under way.
#[derive(Debug)]
pub(super) struct Walking {
    pub done: AtomicI64,
    pub all: i64,
}

/// The walks of this process.
#[derive(Debug, Default)]
pub(super) struct Walks(Mutex<WalksNow>);

/// What is known of them now.
#[derive(Debug, Default)]
pub(super) struct WalksNow {
    pub under_way: Option<Arc<Walking>>,
    pub last: Option<Walked>,
}

impl Walks {
    pub fn now(&self) -> MutexGuard<'_, WalksNow> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a walk, unless one is under way or the last still counts.
    pub fn begin(&self, now: Moment, all: i64) -> Option<Arc<Walking>> {
        let mut walks = self.now();
        let counts = |walked: Walked| {
            let kept = if walked.found.is_some() { KEPT_MILLIS } else { FAILED_MILLIS };
            (0..kept).contains(&(now.millis() - walked.at.millis()))
        };
        if walks.under_way.is_some() || walks.last.is_some_and(counts) {
            return None;
        }
        let walking = Arc::new(Walking { done: AtomicI64::new(0), all });
        walks.under_way = Some(Arc::clone(&walking));
        Some(walking)
    }
}
