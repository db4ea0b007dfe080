//! `Progress`: what each part of the running process last managed to do, what stops it, and how often it did what.
//! Health and metrics are told from here; it knows nothing of what the parts are made of.

use crate::calendar::Moment;
use crate::clock::Clock;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A part of the process that works by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Settles what is due.
    Scheduler,
    /// Looks after everything else.
    Watchdog,
    /// Takes in what appears in a folder, by the folder's path.
    Inbox(String),
    /// Reads a mailbox, by its name.
    Mailbox(String),
    /// Carries what goes out by a plugin, by its name.
    Lane(String),
}

/// What a part last managed to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doing {
    /// The moment of its last round that succeeded; none before the first.
    pub succeeded_at: Option<Moment>,
    /// What stops it; none since a round succeeded.
    pub failing: Option<Failing>,
    /// The process's time at the end of its last round, whether that succeeded or not.
    pub turned: Duration,
}

/// A failure that lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// The moment of the first of the failures in a row.
    pub since: Moment,
    /// The last of them, in words.
    pub why: String,
}

/// Something that is counted from the start of the process.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Count {
    /// Decisions that were committed.
    Decisions,
    /// Rules, messages and schedules that failed.
    Faults,
    /// Terms whose passing was recorded.
    Breaches,
    /// Mails that were taken in, by what became of them.
    Intake(&'static str),
    /// Deliveries of a plugin, by what became of an attempt.
    Deliveries(String, Delivery),
}

/// What became of a delivery that was taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delivery {
    /// The target took it over.
    Accepted,
    /// It failed and is tried again.
    Retried,
    /// A cap or a pause holds it back.
    Held,
    /// It was given up.
    Dead,
}

impl Delivery {
    /// Returns the word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Retried => "retried",
            Self::Held => "held",
            Self::Dead => "dead",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheduler => f.write_str("scheduler"),
            Self::Watchdog => f.write_str("watchdog"),
            Self::Inbox(folder) => write!(f, "inbox {folder}"),
            Self::Mailbox(name) => write!(f, "mailbox {name}"),
            Self::Lane(plugin) => write!(f, "plugin {plugin}"),
        }
    }
}

/// What the parts of one process do and have done.
#[derive(Debug)]
pub struct Progress {
    clock: Arc<dyn Clock>,
    parts: Mutex<BTreeMap<Part, Doing>>,
    counts: Mutex<BTreeMap<Count, u64>>,
}

impl Progress {
    /// Makes the progress of a process in which nothing has happened.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, parts: Mutex::default(), counts: Mutex::default() }
    }

    /// Records that a part has ended a round as it should.
    pub fn succeeded(&self, part: Part) {
        let doing =
            Doing { succeeded_at: Some(self.clock.now()), failing: None, turned: self.clock.elapsed() };
        locked(&self.parts).insert(part, doing);
    }

    /// Records that a round of a part has failed.
    pub fn failed(&self, part: Part, why: impl fmt::Display) {
        let (now, turned) = (self.clock.now(), self.clock.elapsed());
        let mut parts = locked(&self.parts);
        let doing = parts.entry(part).or_default();
        let since = doing.failing.as_ref().map_or(now, |failing| failing.since);
        doing.failing = Some(Failing { since, why: why.to_string() });
        doing.turned = turned;
    }

    /// Records that a part that has begun is still at its round.
    pub fn moved(&self, part: &Part) {
        if let Some(doing) = locked(&self.parts).get_mut(part) {
            doing.turned = self.clock.elapsed();
        }
    }

    /// Forgets a part that is there no longer.
    pub fn ended(&self, part: &Part) {
        locked(&self.parts).remove(part);
    }

    /// Counts something.
    pub fn count(&self, what: Count, times: usize) {
        if times > 0 {
            *locked(&self.counts).entry(what).or_default() += times as u64;
        }
    }

    /// Returns what every part does.
    pub fn parts(&self) -> BTreeMap<Part, Doing> {
        locked(&self.parts).clone()
    }

    /// Returns what was counted.
    pub fn counts(&self) -> BTreeMap<Count, u64> {
        locked(&self.counts).clone()
    }

    /// Returns for how long a part has ended no round at all, well or badly; none when it has not begun.
    pub fn still_for(&self, part: &Part) -> Option<Duration> {
        let turned = locked(&self.parts).get(part)?.turned;
        Some(self.clock.elapsed().saturating_sub(turned))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::VirtualClock;

    #[test]
    fn a_failure_lasts_until_something_succeeds() {
        let clock = VirtualClock::new(Moment::from_millis(1_000));
        let progress = Progress::new(Arc::new(clock.clone()));
        assert_eq!(progress.still_for(&Part::Scheduler), None);
        progress.failed(Part::Scheduler, "a");
        clock.advance_to(Moment::from_millis(5_000));
        progress.failed(Part::Scheduler, "b");
        let failing = progress.parts()[&Part::Scheduler].failing.clone();
        assert_eq!(failing, Some(Failing { since: Moment::from_millis(1_000), why: "b".to_owned() }));
        clock.advance_to(Moment::from_millis(9_000));
        assert_eq!(progress.still_for(&Part::Scheduler), Some(Duration::from_secs(4)), "failing is turning");
        progress.succeeded(Part::Scheduler);
        assert_eq!(progress.parts()[&Part::Scheduler].failing, None);
        progress.ended(&Part::Scheduler);
        assert!(progress.parts().is_empty());
    }
}
