//! `Limits`: how many requests a key may make: so many at once, and so many in a minute after that.

use crate::calendar::Moment;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The requests of a minute, all of which may come at once.
pub(super) const A_MINUTE: i64 = 600;
const MINUTE_MILLIS: i64 = 60_000;
/// The keys of which it is remembered how many they made; the one that waited longest is forgotten, which lets it make all again.
const REMEMBERED: usize = 1_000;

/// What keys may still make.
#[derive(Debug, Default)]
pub(super) struct Limits(Mutex<BTreeMap<String, Left>>);

/// What one may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    /// What is left, in requests times the milliseconds of a minute, so that no part of one is lost.
    share: i64,
    at: Moment,
}

/// Whether a request may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// It may, and so many may follow at once.
    Yes(i64),
    /// It may not before so many seconds are over.
    After(i64),
}

impl Limits {
    /// Counts a request of a key.
    pub fn count(&self, key: &str, now: Moment) -> Allowed {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let whole = A_MINUTE * MINUTE_MILLIS;
        let left = all.get(key).map_or(whole, |left| {
            // A clock that was put back gives nothing and takes nothing.
            let passed = (now.millis() - left.at.millis()).clamp(0, MINUTE_MILLIS);
            (left.share + passed * A_MINUTE).min(whole)
        });
        let rest = left - MINUTE_MILLIS;
        let share = if rest >= 0 { rest } else { left };
        all.insert(key.to_owned(), Left { share, at: now });
        if all.len() > REMEMBERED
            && let Some(oldest) = all.iter().min_by_key(|(_, left)| left.at).map(|(key, _)| key.clone())
        {
            all.remove(&oldest);
        }
        match rest {
            rest if rest >= 0 => Allowed::Yes(rest / MINUTE_MILLIS),
            missing => Allowed::After((-missing + A_MINUTE * 1_000 - 1) / (A_MINUTE * 1_000)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_requests_may_come_at_once_and_then_as_many_as_time_gives() {
        let limits = Limits::default();
        let at = Moment::from_millis;
        for left in (0..A_MINUTE).rev() {
            assert_eq!(limits.count("a", at(0)), Allowed::Yes(left));
        }
        assert_eq!(limits.count("a", at(0)), Allowed::After(1));
        assert_eq!(limits.count("b", at(0)), Allowed::Yes(A_MINUTE - 1));
        assert_eq!(limits.count("a", at(99)), Allowed::After(1));
        assert_eq!(limits.count("a", at(100)), Allowed::Yes(0));
        assert_eq!(limits.count("a", at(50)), Allowed::After(1));
        assert_eq!(limits.count("a", at(200_000)), Allowed::Yes(A_MINUTE - 1));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let limits = Limits::default();
        for i in 0..3_000 {
            limits.count(&i.to_string(), Moment::from_millis(i));
        }
        assert_eq!(limits.0.lock().unwrap().len(), REMEMBERED);
    }
}
