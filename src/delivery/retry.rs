//! The times at which a failed delivery is tried again: growing pauses with jitter, over more than three
//! days.

use crate::calendar::Moment;
use serde::Deserialize;

/// The time over which a failing delivery is tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Retry {
    /// Ten attempts over 75 hours.
    #[default]
    Standard,
    /// Five attempts over an hour: for chats, where yesterday's message is noise.
    Short,
    /// One attempt.
    Never,
}

/// Pauses in seconds before the second and later attempts; 75 hours in all.
const STANDARD: &[i64] = &[5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// An hour in all.
const SHORT: &[i64] = &[5, 60, 600, 2_935];
/// The greatest part by which a pause is longer, so that receivers are not hit in step.
const JITTER: f64 = 0.2;

/// Returns the time of the next attempt after `attempts` have failed; none when that was the last.
/// `fraction` lies in 0..1.
pub(super) fn next_attempt(retry: Retry, attempts: i64, now: Moment, fraction: f64) -> Option<Moment> {
    let pauses = match retry {
        Retry::Standard => STANDARD,
        Retry::Short => SHORT,
        Retry::Never => &[],
    };
    let pause = usize::try_from(attempts - 1).ok().and_then(|i| pauses.get(i))? * 1_000;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a day in milliseconds is exact"
    )]
    let jitter = (pause as f64 * JITTER * fraction) as i64;
    Some(now.plus_millis(pause + jitter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(retry: Retry) -> (i64, i64) {
        let mut at = Moment::from_millis(0);
        let mut attempts = 1;
        while let Some(next) = next_attempt(retry, attempts, at, 0.0) {
            assert!(next > at);
            at = next;
            attempts += 1;
        }
        (attempts, at.millis() / 1_000)
    }

    #[test]
    fn attempts_span_more_than_three_days_and_end() {
        let (attempts, seconds) = span(Retry::Standard);
        assert!(attempts == 10 && seconds >= 3 * 86_400);
        assert_eq!(span(Retry::Short), (5, 3_600));
        assert_eq!(span(Retry::Never), (1, 0));
    }

    #[test]
    fn jitter_lengthens_by_a_fifth_at_most() {
        let now = Moment::from_millis(0);
        assert_eq!(next_attempt(Retry::Standard, 1, now, 0.0), Some(Moment::from_millis(5_000)));
        assert_eq!(next_attempt(Retry::Standard, 1, now, 1.0), Some(Moment::from_millis(6_000)));
    }
}
