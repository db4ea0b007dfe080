//! Cron schedules: runs that are due, at their nominal times (docs/semantics.md 2.10).

use super::prepare::Sending;
use super::{Workflow, WorkflowError};
use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::Notification;
use crate::rules::{ScheduleFacts, run_schedule};
use crate::store::{Notice, ScheduleRun};
use serde_json::Value;

/// Missed runs of a report that are made up for after an outage.
const MISSED_REPORTS: usize = 8;

impl Workflow {
    /// Runs what is due; how many runs there were.
    pub async fn run_schedules(&self) -> Result<usize, WorkflowError> {
        let now = self.now().await?;
        let published = self.published();
        let mut runs = 0;
        for ScheduleRun { name, nominal: last } in self.store.notices().schedule_runs().await? {
            let Some((_, cron)) = published.ruleset.schedules().find(|(n, _)| *n == name) else { continue };
            let mut missed = occurrences(&self.settings.calendar, cron, last, now);
            if missed.is_empty() {
                continue;
            }
            let facts = self.schedule_facts().await?;
            let sends_report = self
                .schedule_notifications(&name, now, &facts)
                .iter()
                .any(|n| n.data.get("report").is_some());
            let keep = if sends_report { MISSED_REPORTS } else { 1 };
            missed.drain(..missed.len().saturating_sub(keep));
            for nominal in missed {
                self.run_schedule(&name, nominal, now, &facts).await?;
                runs += 1;
            }
        }
        Ok(runs)
    }

    /// When the next schedule is due.
    pub async fn next_schedule(&self) -> Result<Option<Moment>, WorkflowError> {
        let published = self.published();
        let runs = self.store.notices().schedule_runs().await?;
        let next = runs.iter().filter_map(|run| {
            let (_, cron) = published.ruleset.schedules().find(|(n, _)| *n == run.name)?;
            next_after(&self.settings.calendar, cron, run.nominal)
        });
        Ok(next.min())
    }

    fn schedule_notifications(
        &self,
        name: &str,
        nominal: Moment,
        facts: &ScheduleFacts,
    ) -> Vec<Notification> {
        match run_schedule(&self.published().ruleset, &self.settings.calendar, name, nominal, facts) {
            Ok(notifications) => notifications,
            Err(fault) => {
                tracing::error!(schedule = name, place = fault.place, "a schedule failed: {}", fault.text);
                Vec::new()
            }
        }
    }

    async fn run_schedule(
        &self,
        name: &str,
        nominal: Moment,
        now: Moment,
        facts: &ScheduleFacts,
    ) -> Result<(), WorkflowError> {
        let studio = self.studio();
        let mut rows = Vec::new();
        let mut deliveries = Vec::new();
        for mut n in self.schedule_notifications(name, nominal, facts) {
            self.resolve_report(&mut n.data).await?;
            let id = format!("schedule/{name}/{}/{}", nominal.millis(), n.ordinal);
            match studio.notification(Sending::alone(id, &n, now, Some(nominal))) {
                Ok((row, more)) => {
                    rows.push(row);
                    deliveries.extend(more);
                }
                Err(e) => tracing::error!(schedule = name, "a message could not be rendered: {e}"),
            }
        }
        let event = crate::complaint::Event {
            kind: crate::complaint::EventKind::ScheduleRan,
            origin: crate::complaint::Origin {
                by: crate::complaint::Actor::System,
                via: crate::complaint::Via::Rule,
                source: crate::complaint::Source::Schedule(name.into()),
            },
            summary: format!("schedule \"{name}\" ran"),
            data: serde_json::json!({"nominal": nominal, "sent": rows.len()}),
            personal: None,
        };
        let hash = studio.published.ruleset.hash();
        let notice = Notice {
            at: now,
            ruleset: hash,
            notifications: &rows,
            deliveries: &deliveries,
            events: &[event],
            run: Some(&ScheduleRun { name: name.to_owned(), nominal }),
        };
        self.store.notices().commit(notice).await?;
        self.outbox.ring();
        Ok(())
    }

    /// `report(period)` in a script is a reference; here it becomes the counts.
    async fn resolve_report(&self, data: &mut Value) -> Result<(), WorkflowError> {
        let Some(report) = data.get_mut("report") else { return Ok(()) };
        let period = report.get("report").cloned().unwrap_or_default();
        let day = |name: &str| period.get(name).and_then(Value::as_str).and_then(|d| d.parse::<Date>().ok());
        if let Some((from, to)) = day("from").zip(day("to")) {
            *report = self.report_counts(from, to).await?;
        }
        Ok(())
    }
}

fn occurrences(calendar: &Calendar, cron: &cron::Schedule, after: Moment, until: Moment) -> Vec<Moment> {
    let mut found = Vec::new();
    let mut last = after;
    while let Some(next) = next_after(calendar, cron, last).filter(|n| *n <= until) {
        // An outage of years of minutely runs needs no full list: only the newest count.
        if found.len() > 10_000 {
            found.drain(..9_000);
        }
        found.push(next);
        last = next;
    }
    found
}

/// The next `count` runs of a schedule after a moment.
pub fn next_runs(calendar: &Calendar, cron: &cron::Schedule, after: Moment, count: usize) -> Vec<Moment> {
    let first = next_after(calendar, cron, after);
    std::iter::successors(first, |last| next_after(calendar, cron, *last)).take(count).collect()
}

pub(super) fn next_after(calendar: &Calendar, cron: &cron::Schedule, after: Moment) -> Option<Moment> {
    let after = chrono::DateTime::from_timestamp_millis(after.millis())?.with_timezone(&calendar.zone());
    cron.after(&after).next().map(|t| Moment::from_millis(t.timestamp_millis()))
}
