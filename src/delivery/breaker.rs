//! The health of a plugin as it follows from its attempts: the circuit breaker, pauses that targets ask for,
//! and switching off by itself. Pure.

use crate::calendar::Moment;
use crate::workflow::Health;

/// Failures in a row that open the breaker.
const OPENS_AFTER: u32 = 5;
/// The first pause of an open breaker; each further one is twice as long, up to the longest.
const FIRST_PAUSE_MILLIS: i64 = 30_000;
const LONGEST_PAUSE_MILLIS: i64 = 600_000;
/// The time of failing after which the owner is told.
const TOLD_AFTER_MILLIS: i64 = 3_600_000;
/// The time of failing after which a webhook is switched off.
const DISABLED_AFTER_MILLIS: i64 = 5 * 86_400_000;

/// The switching off, by itself, of a plugin that has failed for days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AutoDisable {
    AfterDays,
    /// Letters must go on being tried.
    Never,
}

/// A change of a plugin's health that its owner must hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HealthChange {
    Failing { since: Moment },
    Disabled,
    Recovered,
}

/// Counts an attempt that failed by the fault of the target; `pause` is what it asked for.
pub(super) fn failed(
    health: &mut Health,
    now: Moment,
    why: &str,
    pause: Option<Moment>,
    auto_disable: AutoDisable,
) -> Option<HealthChange> {
    health.failures = health.failures.saturating_add(1);
    let since = *health.failing_since.get_or_insert(now);
    health.last_error = why.to_owned();
    let own = health
        .failures
        .checked_sub(OPENS_AFTER)
        .map(|beyond| now.plus_millis((FIRST_PAUSE_MILLIS << beyond.min(10)).min(LONGEST_PAUSE_MILLIS)));
    health.paused_until = [health.paused_until, own, pause].into_iter().flatten().max();
    let lasted = now.millis() - since.millis();
    if lasted >= DISABLED_AFTER_MILLIS
        && auto_disable == AutoDisable::AfterDays
        && health.disabled_at.is_none()
    {
        return Some(disable(health, now));
    }
    tell_after_a_while(health, now, since)
}

/// Counts an attempt that the target refused, or that could not be made. The target answers, so nothing else
/// waits; the owner hears when for an hour nothing else was taken.
pub(super) fn refused(health: &mut Health, now: Moment, why: &str) -> Option<HealthChange> {
    health.failures = 0;
    health.paused_until = None;
    let since = *health.failing_since.get_or_insert(now);
    why.clone_into(&mut health.last_error);
    tell_after_a_while(health, now, since)
}

/// Switches off a plugin whose target said that it is gone for good; none when it was switched off already.
pub(super) fn gone(health: &mut Health, now: Moment, why: &str) -> Option<HealthChange> {
    if health.disabled_at.is_some() {
        return None;
    }
    health.failing_since.get_or_insert(now);
    health.last_error = why.to_owned();
    Some(disable(health, now))
}

fn tell_after_a_while(health: &mut Health, now: Moment, since: Moment) -> Option<HealthChange> {
    if now.millis() - since.millis() < TOLD_AFTER_MILLIS || health.told_at.is_some() {
        return None;
    }
    health.told_at = Some(now);
    Some(HealthChange::Failing { since })
}

fn disable(health: &mut Health, now: Moment) -> HealthChange {
    health.disabled_at = Some(now);
    health.told_at = Some(now);
    HealthChange::Disabled
}

/// Forgets all trouble, because the target took something.
pub(super) fn succeeded(health: &mut Health) -> Option<HealthChange> {
    let was_told = health.told_at.is_some();
    *health = Health::default();
    was_told.then_some(HealthChange::Recovered)
}

/// Says whether a target failed so often that it is tried with one delivery at a time, to see.
pub(super) fn is_probing(health: &Health) -> bool {
    health.failures >= OPENS_AFTER
}

/// Says whether nothing may be attempted now: a pause lasts, or the plugin is switched off.
pub(super) fn is_blocked(health: &Health, now: Moment) -> bool {
    health.disabled_at.is_some() || health.paused_until.is_some_and(|until| until > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_millis(seconds * 1_000)
    }

    #[test]
    fn five_failures_open_it_and_a_success_closes_it() {
        let mut health = Health::default();
        for i in 0..4 {
            assert_eq!(failed(&mut health, at(i), "no", None, AutoDisable::AfterDays), None);
            assert_eq!((health.paused_until, is_probing(&health)), (None, false));
        }
        failed(&mut health, at(4), "no", None, AutoDisable::AfterDays);
        assert!(is_blocked(&health, at(33)) && !is_blocked(&health, at(34)));
        assert_eq!((health.paused_until, is_probing(&health)), (Some(at(34)), true));
        failed(&mut health, at(34), "no", None, AutoDisable::AfterDays);
        assert_eq!(health.paused_until, Some(at(34 + 60)));
        for i in 0..100 {
            failed(&mut health, at(100 + i), "no", None, AutoDisable::AfterDays);
        }
        assert_eq!(health.paused_until, Some(at(199 + 600)), "the pause has a longest");
        assert_eq!(succeeded(&mut health), None);
        assert_eq!(health, Health::default());
    }

    #[test]
    fn the_owner_hears_once_and_of_the_recovery() {
        let mut health = Health::default();
        failed(&mut health, at(0), "no", None, AutoDisable::AfterDays);
        let change = failed(&mut health, at(3_600), "no", None, AutoDisable::AfterDays);
        assert_eq!(change, Some(HealthChange::Failing { since: at(0) }));
        assert_eq!(failed(&mut health, at(7_200), "no", None, AutoDisable::AfterDays), None);
        let mut letters = health.clone();
        let days = at(5 * 86_400);
        assert_eq!(
            failed(&mut health, days, "no", None, AutoDisable::AfterDays),
            Some(HealthChange::Disabled)
        );
        assert_eq!(failed(&mut letters, days, "no", None, AutoDisable::Never), None);
        assert_eq!(letters.disabled_at, None);
        assert_eq!(succeeded(&mut letters), Some(HealthChange::Recovered));
    }

    #[test]
    fn a_target_may_ask_for_a_longer_pause_and_may_be_gone() {
        let mut health = Health::default();
        failed(&mut health, at(0), "429", Some(at(90)), AutoDisable::AfterDays);
        assert_eq!(health.paused_until, Some(at(90)));
        assert_eq!(gone(&mut health, at(1), "410"), Some(HealthChange::Disabled));
        assert_eq!(gone(&mut health, at(2), "410"), None, "another that was under way");
        assert_eq!(health.disabled_at, Some(at(1)));
    }

    /// What a target refuses says that it answers: it opens no breaker, closes an open one, and is told when
    /// for an hour nothing else was taken.
    #[test]
    fn what_a_target_refuses_is_no_failure_of_the_target() {
        let mut health = Health::default();
        for i in 0..100 {
            assert_eq!(refused(&mut health, at(i), "422"), None);
            assert!(!is_blocked(&health, at(i)) && !is_probing(&health));
        }
        assert_eq!(refused(&mut health, at(3_600), "422"), Some(HealthChange::Failing { since: at(0) }));
        assert_eq!(refused(&mut health, at(9_999), "422"), None, "told once");
        assert_eq!(succeeded(&mut health), Some(HealthChange::Recovered));
        for i in 0..9 {
            failed(&mut health, at(i), "no", None, AutoDisable::AfterDays);
        }
        refused(&mut health, at(900), "422");
        assert!(!is_blocked(&health, at(900)) && !is_probing(&health), "it answers again");
    }
}
