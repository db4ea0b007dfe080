//! Failed attempts to sign in: how long one account waits after some in a row, and when there are too many of all
//! accounts together.

use crate::calendar::Moment;
use std::collections::VecDeque;

/// The failures in a row that cost nothing but the attempt.
const FREE: i64 = 5;
/// The wait after one more; it doubles with each.
const FIRST_WAIT_MILLIS: i64 = 60_000;
/// The longest wait.
const LONGEST_WAIT_MILLIS: i64 = 3_600_000;
/// The failures of everybody together that are too many within [`WINDOW_MILLIS`]: one password tried on many accounts.
const TOO_MANY: usize = 60;
const WINDOW_MILLIS: i64 = 600_000;

/// Returns the moment before which an account with so many failures in a row is not looked at; none when it is now.
pub fn waits_until(failures: i64, last: Option<Moment>) -> Option<Moment> {
    let over = failures.checked_sub(FREE).filter(|over| *over >= 0)?;
    let doubled =
        FIRST_WAIT_MILLIS.saturating_mul(1_i64.checked_shl(over.min(20) as u32).unwrap_or(i64::MAX));
    Some(last?.plus_millis(doubled.min(LONGEST_WAIT_MILLIS)))
}

/// The moments of the latest failures of all accounts together, and of addresses that have none.
#[derive(Clone, Debug, Default)]
pub struct RecentFailures(VecDeque<Moment>);

impl RecentFailures {
    /// Notes a failure, and returns whether it is the one that makes them too many.
    pub fn note(&mut self, now: Moment) -> bool {
        self.forget_before(now);
        self.0.push_back(now);
        self.0.len() == TOO_MANY
    }

    /// Returns whether there were too many, so that nobody is let in for a while.
    pub fn are_too_many(&mut self, now: Moment) -> bool {
        self.forget_before(now);
        self.0.len() >= TOO_MANY
    }

    fn forget_before(&mut self, now: Moment) {
        let since = now.plus_millis(-WINDOW_MILLIS);
        while self.0.front().is_some_and(|at| *at <= since) {
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment::from_millis(1_795_424_400_000);

    #[test]
    fn the_wait_begins_after_five_and_doubles_up_to_an_hour() {
        let minutes =
            |failures| waits_until(failures, Some(NOW)).map(|until| (until.millis() - NOW.millis()) / 60_000);
        assert_eq!((0..5).filter_map(minutes).count(), 0);
        let waits: Vec<_> = (5..14).filter_map(minutes).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(minutes(i64::MAX), Some(60));
        assert_eq!(waits_until(9, None), None);
    }

    #[test]
    fn many_failures_of_everybody_close_the_door_for_ten_minutes() {
        let mut failures = RecentFailures::default();
        let told = (0..70).filter(|_| failures.note(NOW)).count();
        assert_eq!(told, 1, "it is told once");
        assert!(failures.are_too_many(NOW.plus_millis(WINDOW_MILLIS - 1)));
        assert!(!failures.are_too_many(NOW.plus_millis(WINDOW_MILLIS)));
    }
}
