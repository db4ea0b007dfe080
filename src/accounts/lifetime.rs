//! How long sessions and one-time links count.

use crate::calendar::Moment;

const HOUR_MILLIS: i64 = 3_600_000;
/// The longest life of a session, used or not.
pub const SESSION_MILLIS: i64 = 12 * HOUR_MILLIS;
/// The time without a request after which a session is over.
const IDLE_MILLIS: i64 = 4 * HOUR_MILLIS;
/// The time for which it is remembered whose a session was, counted from its beginning: what somebody had typed when it
/// ended is kept for that person.
pub const REMEMBERED_MILLIS: i64 = SESSION_MILLIS + 7 * 24 * HOUR_MILLIS;
/// The life of a one-time link.
pub const LINK_MILLIS: i64 = 24 * HOUR_MILLIS;

/// Returns the first moment at which a session is over that began and was last used then.
pub fn counts_until(began: Moment, used: Moment) -> Moment {
    began.plus_millis(SESSION_MILLIS).min(used.plus_millis(IDLE_MILLIS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_it_is_left_alone_and_at_the_latest_after_half_a_day() {
        let at = |hours| Moment::from_millis(hours * HOUR_MILLIS);
        assert_eq!(counts_until(at(0), at(0)), at(4));
        assert_eq!(counts_until(at(0), at(3)), at(7));
        assert_eq!(counts_until(at(0), at(11)), at(12));
    }
}
