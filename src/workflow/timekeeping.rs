//! The effective time (docs/semantics.md 2.1): it never goes back by itself, and it does not follow a clock that has
//! jumped ahead until somebody says that the clock is right.

use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Actor, Event, EventKind, Origin, Text, Via};
use crate::store::StoreError;
use serde_json::json;

/// A clock further ahead of the last time that was seen has jumped.
const JUMP_MILLIS: i64 = 31 * 86_400_000;
/// The interval at which the time is noted as seen.
const NOTED_MILLIS: i64 = 3_600_000;
/// The lag of the clock behind the last decision that is told.
const BEHIND_MILLIS: i64 = 60_000;

/// The standing of the clock with the last time that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockStanding {
    /// It is followed.
    Right,
    /// It stands behind what was decided; time stands still until it has come there.
    Behind {
        /// By so many milliseconds.
        millis: i64,
    },
    /// It has jumped ahead; time stands still until it is put right or confirmed.
    Ahead {
        /// By so many milliseconds.
        millis: i64,
    },
}

impl Workflow {
    /// Returns the effective now: the clock's, but never before the latest moment anything was decided, and that
    /// moment while the clock has jumped ahead (docs/semantics.md 2.1).
    pub async fn now(&self) -> Result<Moment, StoreError> {
        let seen = self.seen().await?;
        let now = self.clock.now();
        Ok(match (self.standing_with(seen), seen) {
            (ClockStanding::Ahead { .. }, Some(seen)) => seen,
            (_, seen) => seen.map_or(now, |seen| now.max(seen)),
        })
    }

    /// Returns the standing of the clock; what is a minute behind is nothing to tell.
    pub async fn clock_standing(&self) -> Result<ClockStanding, StoreError> {
        Ok(match self.standing_with(self.seen().await?) {
            ClockStanding::Behind { millis } if millis <= BEHIND_MILLIS => ClockStanding::Right,
            standing => standing,
        })
    }

    /// Returns the latest moment that anything was decided at or that was noted; none before the first.
    async fn seen(&self) -> Result<Option<Moment>, StoreError> {
        let trail = self.store.trail();
        let noted = if self.clock.may_jump() { trail.time_seen().await? } else { None };
        Ok(trail.high_water().await?.max(noted))
    }

    fn standing_with(&self, seen: Option<Moment>) -> ClockStanding {
        let Some(seen) = seen else { return ClockStanding::Right };
        let ahead = self.clock.now().millis() - seen.millis();
        match ahead {
            JUMP_MILLIS.. if self.clock.may_jump() => ClockStanding::Ahead { millis: ahead },
            0.. => ClockStanding::Right,
            _ => ClockStanding::Behind { millis: -ahead },
        }
    }

    /// Notes the time as seen, so that a quiet month is no jump.
    pub(super) async fn note_time(&self) -> Result<(), StoreError> {
        if !self.clock.may_jump() || self.clock_standing().await? != ClockStanding::Right {
            return Ok(());
        }
        let (now, noted) = (self.clock.now(), self.store.trail().time_seen().await?);
        match noted {
            Some(noted) if now.millis() - noted.millis() < NOTED_MILLIS => Ok(()),
            _ => self.store.trail().note_time(now).await,
        }
    }

    /// Tells when the clock stands behind what was already decided, or has jumped ahead of it.
    pub(super) async fn alarm_clock(&self) -> Result<(), WorkflowError> {
        match self.clock_standing().await? {
            ClockStanding::Right => Ok(()),
            ClockStanding::Behind { millis } => {
                self.alarm("clock", "clock", &Text::same(format!("{} min", millis / 60_000))).await
            }
            ClockStanding::Ahead { millis } => {
                let days = millis / 86_400_000;
                let text = Text::new(
                    format!(
                        "+{days} d: er wordt niets beslist tot de klok goed staat, of `redress clock confirm`"
                    ),
                    format!(
                        "+{days} d: nothing is decided until the clock is put right, or `redress clock confirm`"
                    ),
                );
                self.alarm("clock", "clock", &text).await
            }
        }
    }

    /// Goes on from the time that the clock shows, ahead or back, because a person says that it is right; recorded.
    pub async fn confirm_clock(&self, by: Actor) -> Result<Moment, StoreError> {
        let (before, now) = (self.seen().await?, self.clock.now());
        let event = Event {
            kind: EventKind::ClockConfirmed,
            origin: Origin::person(by, Via::CommandLine),
            summary: "the clock is right; time goes on from there".to_owned(),
            data: json!({"before": before}),
            personal: None,
        };
        self.store.trail().restart_time(now, event, self.published().ruleset.hash()).await?;
        Ok(now)
    }
}
