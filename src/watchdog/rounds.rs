//! The rounds of the watchdog: what it sees is recorded and told once, what is over is told as well, and an outside
//! monitor hears that somebody looks.

use super::condition::{AlarmKind, Condition};
use super::look::Watchdog;
use super::words::Words;
use crate::calendar::Moment;
use crate::progress::Part;
use crate::workflow::{AlarmNews, OpenAlarm, WorkflowError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The time between two rounds, and between two looks whether to stop.
const ROUND: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(250);
/// The difference between the clock's time and the process's own that is a jump.
const JUMP_MILLIS: i64 = 30_000;
/// The time after which what only another process could see, and no longer does, is over.
const FORGOTTEN_MILLIS: i64 = 3_600_000;

impl Watchdog {
    /// Looks every minute until `stop`.
    pub async fn run(self: Arc<Self>, stop: Arc<AtomicBool>) {
        let clock = Arc::clone(self.workflow.clock());
        let mut before = (clock.now(), clock.elapsed());
        self.workflow.progress().succeeded(Part::Watchdog);
        while !stop.load(Ordering::Relaxed) {
            let (now, elapsed) = (clock.now(), clock.elapsed());
            let jump = jump(before, (now, elapsed));
            before = (now, elapsed);
            self.round(jump).await;
            while clock.elapsed().saturating_sub(elapsed) < ROUND && !stop.load(Ordering::Relaxed) {
                tokio::time::sleep(LOOK).await;
            }
        }
    }

    /// Looks once, and tells of what is new and what is over. `jump` is what the clock has jumped by.
    pub async fn round(&self, jump: Option<Condition>) {
        let mut found = self.look().await;
        found.extend(jump);
        let progress = self.workflow.progress();
        match self.tell(&found).await {
            Ok(()) => progress.succeeded(Part::Watchdog),
            Err(e) => {
                tracing::error!("the watchdog cannot record what it sees: {e}");
                progress.failed(Part::Watchdog, &e);
            }
        }
        let Some(url) = self.workflow.settings().watchdog.heartbeat_url.clone() else { return };
        let is_well = progress.parts().get(&Part::Watchdog).is_some_and(|doing| doing.failing.is_none());
        if is_well
            && !found.iter().any(|condition| condition.kind().hinders())
            && let Err(why) = self.heartbeat.beat(&url).await
        {
            tracing::warn!("the outside monitor cannot be reached: {why}");
        }
    }

    /// Records what is seen, tells of what is new and has lasted, and of what is over.
    async fn tell(&self, found: &[Condition]) -> Result<(), WorkflowError> {
        let oversight = self.workflow.overseeing().oversight();
        let now = self.workflow.clock().now();
        let avoid = failing(found);
        let before = oversight.alarms().await?;
        let seen: Vec<(OpenAlarm, &Condition)> =
            found.iter().filter(|c| is_kept(c.kind())).map(|c| (self.alarm(c, now), c)).collect();
        for (alarm, _) in seen.iter().filter(|(alarm, _)| !before.iter().any(|b| is_same(b, alarm))) {
            tracing::warn!(alarm = alarm.kind, subject = alarm.subject, "{}", alarm.said);
        }
        let last = self.workflow.reading().trail().last_event().await?;
        if let Err(e) = self.reached.remember(last) {
            tracing::warn!("how far the trail has come cannot be remembered in the data folder: {e}");
        }
        oversight.record(seen.iter().map(|(alarm, _)| alarm.clone()).collect(), now).await?;
        for open in oversight.alarms().await? {
            let condition =
                seen.iter().find(|(alarm, _)| is_same(alarm, &open)).map(|(_, condition)| *condition);
            match (condition, open.kind.parse::<AlarmKind>()) {
                (Some(condition), Ok(kind)) => {
                    let lasted = now.millis() - open.since.millis();
                    if open.told_at.is_none() && kind.told_after().is_some_and(|least| lasted >= least) {
                        self.send(&open, kind, Some(&open.remedy), condition.plugin(), &avoid).await?;
                        oversight.told(&open, now).await?;
                    }
                }
                (None, kind) if self.is_over(&open, kind.as_ref().ok().copied(), now) => {
                    tracing::info!(alarm = open.kind, subject = open.subject, "it is over: {}", open.said);
                    if let Some(kind) = kind.ok().filter(|k| open.told_at.is_some() && k.tells_its_end()) {
                        self.send(&open, kind, None, None, &avoid).await?;
                    }
                    oversight.end(&open).await?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn send(
        &self,
        open: &OpenAlarm,
        kind: AlarmKind,
        remedy: Option<&str>,
        concerned: Option<&str>,
        avoid: &[String],
    ) -> Result<(), WorkflowError> {
        let avoid: Vec<String> = avoid.iter().cloned().chain(concerned.map(str::to_owned)).collect();
        let news = AlarmNews {
            kind: kind.as_str(),
            subject: &open.subject,
            since: open.since,
            concern: kind.concern(),
            said: &open.said,
            remedy,
            avoid: &avoid,
        };
        self.workflow.overseeing().tell(&news).await
    }

    fn alarm(&self, condition: &Condition, now: Moment) -> OpenAlarm {
        let settings = self.workflow.settings();
        let Words { said, remedy } = condition.words(settings.language, &settings.calendar);
        let kind = condition.kind();
        OpenAlarm {
            kind: kind.as_str().to_owned(),
            subject: condition.subject(),
            observer: if kind.is_seen_by_one() { self.observer.clone() } else { String::new() },
            since: now,
            seen_at: now,
            told_at: None,
            said,
            remedy,
        }
    }

    /// Returns whether an alarm that is not seen now is over. What only another process can see is that one's to
    /// end, while it runs; a kind that this version does not know is nobody's.
    fn is_over(&self, open: &OpenAlarm, kind: Option<AlarmKind>, now: Moment) -> bool {
        let is_ours = open.observer.is_empty() || open.observer == self.observer;
        kind.is_none() || is_ours || now.millis() - open.seen_at.millis() > FORGOTTEN_MILLIS
    }
}

/// Returns whether a kind is kept in the table: it is told, or others can see it only there.
fn is_kept(kind: AlarmKind) -> bool {
    let is_hopeless = matches!(kind, AlarmKind::DatabaseFailing | AlarmKind::ServerSilent);
    !is_hopeless && (kind.told_after().is_some() || kind.is_seen_by_one())
}

fn is_same(a: &OpenAlarm, b: &OpenAlarm) -> bool {
    (&a.kind, &a.subject, &a.observer) == (&b.kind, &b.subject, &b.observer)
}

/// Returns the plugins by which nothing arrives now.
fn failing(found: &[Condition]) -> Vec<String> {
    let is_failing = |c: &&Condition| !matches!(c.kind(), AlarmKind::DeadLetters);
    found.iter().filter(is_failing).filter_map(|c| c.plugin().map(str::to_owned)).collect()
}

/// Returns that the clock has jumped between two looks, each with the process's own time; none when it has not.
fn jump(before: (Moment, Duration), after: (Moment, Duration)) -> Option<Condition> {
    let on_the_wall = after.0.millis() - before.0.millis();
    let in_process = i64::try_from((after.1.saturating_sub(before.1)).as_millis()).unwrap_or(i64::MAX);
    let by = on_the_wall - in_process;
    (by.abs() > JUMP_MILLIS).then_some(Condition::ClockJumped { at: after.0, seconds: by / 1_000 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_is_what_the_process_has_not_lived_through() {
        let at = |wall: i64, process: u64| (Moment::from_millis(wall), Duration::from_millis(process));
        let seconds = |from, to| match jump(from, to) {
            Some(Condition::ClockJumped { seconds, .. }) => Some(seconds),
            _ => None,
        };
        assert_eq!(seconds(at(0, 0), at(60_000, 60_000)), None);
        assert_eq!(seconds(at(0, 0), at(89_000, 60_000)), None);
        assert_eq!(seconds(at(0, 0), at(3_660_000, 60_000)), Some(3_600));
        assert_eq!(seconds(at(7_200_000, 0), at(3_660_000, 60_000)), Some(-3_600));
    }
}
