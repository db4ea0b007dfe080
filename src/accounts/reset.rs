//! How long the link of a forgotten password counts, and how soon another mail goes.

use crate::calendar::Moment;

/// The life of a link that was asked for by mail.
pub const RESET_MILLIS: i64 = 30 * 60_000;
/// The wait after a first mail; it doubles with each until a password is chosen.
const FIRST_WAIT_MILLIS: i64 = 5 * 60_000;
/// The longest wait.
const LONGEST_WAIT_MILLIS: i64 = 24 * 3_600_000;

/// Returns the moment from which another mail may go, after so many of which the last went then.
pub fn next_reset(sent: i64, last: Option<Moment>) -> Option<Moment> {
    let before = sent.checked_sub(1).filter(|before| *before >= 0)?;
    let doubled = FIRST_WAIT_MILLIS.saturating_mul(1_i64 << before.min(20));
    Some(last?.plus_millis(doubled.min(LONGEST_WAIT_MILLIS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_from_five_minutes_to_a_day() {
        let now = Moment::from_millis(1_795_424_400_000);
        let minutes = |sent| next_reset(sent, Some(now)).map(|at| (at.millis() - now.millis()) / 60_000);
        assert_eq!(minutes(0), None);
        let waits: Vec<_> = (1..12).filter_map(minutes).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]);
        assert_eq!(minutes(i64::MAX), Some(1440));
        assert_eq!(next_reset(3, None), None);
    }
}
