//! Cron schedules: runs that are due, at their nominal times (docs/semantics.md 2.10).

use super::renderer::{Renderer, Sending};
use super::{Published, Workflow, WorkflowError};
use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{Actor, Event, EventKind, Fault, Notification, Origin, Source, Via};
use crate::rules::{Ruleset, ScheduleFacts, Unrun, fault_event, run_schedule, unobserved};
use crate::store::{KeptReport, NewDelivery, Notice, RenderedNotification, ScheduleRun};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most missed runs of a report that are made up for after an outage.
const MISSED_REPORTS: usize = 8;

/// A run of a schedule that is due, and what it is worked out from.
pub(super) struct DueRun {
    pub name: String,
    pub nominal: Moment,
    facts: Arc<ScheduleFacts>,
}

/// The messages and failures of a run.
pub(super) struct Ran {
    pub rows: Vec<RenderedNotification>,
    pub deliveries: Vec<NewDelivery>,
    pub faults: Vec<Fault>,
    /// The reports that they tell of, by period.
    pub reports: BTreeMap<(Date, Date), Value>,
}

impl Workflow {
    /// Runs the schedules that are due, and returns how many runs there were.
    pub async fn run_schedules(&self) -> Result<usize, WorkflowError> {
        let now = self.now().await?;
        let renderer = self.renderer();
        let due = self.due_runs(&renderer.published, now).await?;
        for run in &due {
            self.run_schedule(&renderer, run, now).await?;
        }
        Ok(due.len())
    }

    /// Returns the runs of a ruleset's schedules that are due, in the order of the files, of each the oldest first.
    pub(super) async fn due_runs(
        &self,
        published: &Published,
        now: Moment,
    ) -> Result<Vec<DueRun>, WorkflowError> {
        let mut runs = Vec::new();
        let known = self.store.notices().schedule_runs().await?;
        for (name, cron) in published.ruleset.schedules() {
            let Some(last) = known.iter().find(|run| run.name == name).map(|run| run.nominal) else {
                continue;
            };
            let mut missed = occurrences(&self.settings().calendar, cron, last, now);
            if missed.is_empty() {
                continue;
            }
            let facts = self.records().schedule_facts().await?;
            let trial = self.evaluate_run(&published.ruleset, name, now, &facts).await?;
            let sends_report = trial.is_ok_and(|sent| sent.iter().any(|n| n.data.get("report").is_some()));
            let keep = if sends_report { MISSED_REPORTS } else { 1 };
            missed.drain(..missed.len().saturating_sub(keep));
            let facts = Arc::new(facts);
            let run = |nominal| DueRun { name: name.to_owned(), nominal, facts: Arc::clone(&facts) };
            runs.extend(missed.into_iter().map(run));
        }
        Ok(runs)
    }

    /// Returns the moment at which the next schedule is due; none when there is none.
    pub async fn next_schedule(&self) -> Result<Option<Moment>, WorkflowError> {
        let published = self.published();
        let runs = self.store.notices().schedule_runs().await?;
        let next = runs.iter().filter_map(|run| {
            let (_, cron) = published.ruleset.schedules().find(|(n, _)| *n == run.name)?;
            next_after(&self.settings().calendar, cron, run.nominal)
        });
        Ok(next.min())
    }

    /// Runs a schedule once. What fails, of its script or of a message, is a fault of the schedule: recorded,
    /// and told once; the rest goes out.
    async fn run_schedule(
        &self,
        renderer: &Renderer,
        run: &DueRun,
        now: Moment,
    ) -> Result<(), WorkflowError> {
        let Ran { rows, deliveries, faults, reports } = self.try_run(renderer, run, now).await?;
        let periods: Vec<(Date, Date)> = reports.into_keys().collect();
        let reports = self.records().to_keep(&periods, None, now).await?;
        let DueRun { name, nominal, .. } = run;
        let mut events = vec![Event {
            kind: EventKind::ScheduleRan,
            origin: Origin {
                by: Actor::System,
                via: Via::Rule,
                source: Source::Schedule(name.as_str().into()),
            },
            summary: format!("schedule \"{name}\" ran"),
            data: ran(*nominal, rows.len(), &reports),
            personal: None,
        }];
        events.extend(faults.iter().map(fault_event));
        let notice = Notice {
            at: now,
            ruleset: renderer.published.ruleset.hash(),
            notifications: &rows,
            deliveries: &deliveries,
            events: &events,
            tells_of: None,
            marks: &[],
            run: Some(&ScheduleRun { name: name.to_owned(), nominal: *nominal }),
            reports: &reports,
        };
        self.store.notices().commit(notice).await?;
        self.outbox.ring();
        self.tell_faults(faults.into_iter().map(|fault| (None, fault)).collect()).await
    }

    /// Returns what a run comes to; nothing is stored.
    pub(super) async fn try_run(
        &self,
        renderer: &Renderer,
        run: &DueRun,
        now: Moment,
    ) -> Result<Ran, WorkflowError> {
        let DueRun { name, nominal, facts } = run;
        let (ruleset, nominal) = (&renderer.published.ruleset, *nominal);
        let (mut rows, mut deliveries, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        let mut reports = BTreeMap::new();
        let ran = self.evaluate_run(ruleset, name, nominal, facts).await?;
        let sent = ran.unwrap_or_else(|fault| {
            faults.push(*fault);
            Vec::new()
        });
        let mut said: Vec<Notification> = Vec::new();
        for mut n in sent {
            self.resolve_report(&mut n.data, &mut reports).await?;
            let told = told_the_same(&n, &said, &rows);
            if renderer.is_told(&n, None, now, &told) {
                continue;
            }
            let id = format!("schedule/{name}/{}/{}", nominal.millis(), n.ordinal);
            match renderer.notification(Sending { told: &told, ..Sending::alone(id, &n, now, Some(nominal)) })
            {
                Ok(sent) => {
                    rows.push(sent.row);
                    deliveries.extend(sent.deliveries);
                    said.push(n);
                }
                Err(error) => faults.push(renderer.fault(n.source, error)),
            }
        }
        Ok(Ran { rows, deliveries, faults, reports })
    }

    /// Evaluates a schedule with the facts that it turns out to need.
    async fn evaluate_run(
        &self,
        ruleset: &Arc<Ruleset>,
        name: &str,
        nominal: Moment,
        facts: &ScheduleFacts,
    ) -> Result<Result<Vec<Notification>, Box<Fault>>, WorkflowError> {
        let (calendar, mut facts) = (Arc::clone(&self.settings().calendar), facts.clone());
        loop {
            match run_schedule(ruleset, &calendar, name, nominal, &facts, unobserved()) {
                Ok(sent) => return Ok(Ok(sent)),
                Err(Unrun::Failed(fault)) => return Ok(Err(fault)),
                Err(Unrun::Needs(from, to)) => {
                    let received = self.store.cases().received(from, to).await?;
                    facts.received.insert((from, to), received);
                }
            }
        }
    }

    /// Puts the counts in the place of `report(period)`, which in a script is a reference; `reports` are those that were counted.
    async fn resolve_report(
        &self,
        data: &mut Value,
        reports: &mut BTreeMap<(Date, Date), Value>,
    ) -> Result<(), WorkflowError> {
        let Some(report) = data.get_mut("report") else { return Ok(()) };
        let period = report.get("report").cloned().unwrap_or_default();
        let day = |name: &str| period.get(name).and_then(Value::as_str).and_then(|d| d.parse::<Date>().ok());
        let Some((from, to)) = day("from").zip(day("to")) else { return Ok(()) };
        *report = match reports.get(&(from, to)) {
            Some(counted) => counted.clone(),
            None => {
                let counted = self.records().report_counts(from, to).await?;
                reports.insert((from, to), counted.clone());
                counted
            }
        };
        Ok(())
    }
}

/// Returns what the trail says of a run: also which reports were made, by the digest of their page.
fn ran(nominal: Moment, sent: usize, reports: &[KeptReport]) -> Value {
    let mut data = serde_json::json!({"nominal": nominal, "sent": sent});
    if !reports.is_empty() {
        data["reports"] = reports.iter().map(KeptReport::in_trail).collect();
    }
    data
}

/// Returns the addresses that the same message of the same run reaches already, in another role, or another message that tells of
/// the same report; `rows` are what became of `said`.
fn told_the_same(n: &Notification, said: &[Notification], rows: &[RenderedNotification]) -> Vec<String> {
    let same = said
        .iter()
        .zip(rows)
        .filter(|(s, _)| s.data == n.data && (s.message == n.message || n.data.get("report").is_some()));
    same.flat_map(|(_, row)| row.addresses.iter().cloned()).collect()
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

/// Returns the next `count` runs of a schedule after a moment.
pub fn next_runs(calendar: &Calendar, cron: &cron::Schedule, after: Moment, count: usize) -> Vec<Moment> {
    let first = next_after(calendar, cron, after);
    std::iter::successors(first, |last| next_after(calendar, cron, *last)).take(count).collect()
}

/// Returns the next run after a moment. The text means the clock on the wall: a time that the clock skips runs
/// at the next valid instant, one that it shows twice runs once (docs/semantics.md 2.10).
pub(super) fn next_after(calendar: &Calendar, cron: &cron::Schedule, after: Moment) -> Option<Moment> {
    let local = chrono::DateTime::from_timestamp_millis(after.millis())?.with_timezone(&calendar.zone());
    let local = local.naive_local().and_utc();
    let wall = cron.after(&local).map(|t| t.naive_utc());
    wall.map_while(|wall| calendar.at(wall.date(), wall.time()).ok()).find(|run| *run > after)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The runs of a schedule on the nights at which the clock is changed, in Amsterdam.
    #[test]
    fn a_run_in_an_hour_that_the_clock_skips_or_repeats_happens_once() {
        let calendar = Calendar::new(chrono_tz::Europe::Amsterdam, []);
        let at = |text: &str| {
            Moment::from_millis(
                chrono::DateTime::parse_from_rfc3339(text).expect("a time").timestamp_millis(),
            )
        };
        for (cron, after, runs) in [
            (
                "0 30 2 * * *",
                "2027-03-27T12:00:00+01:00",
                ["2027-03-28T03:00:00+02:00", "2027-03-29T02:30:00+02:00"],
            ),
            (
                "0 0 2 28 3 *",
                "2027-03-27T12:00:00+01:00",
                ["2027-03-28T03:00:00+02:00", "2028-03-28T02:00:00+02:00"],
            ),
            (
                "0 */20 2 * * *",
                "2027-03-28T01:00:00+01:00",
                ["2027-03-28T03:00:00+02:00", "2027-03-29T02:00:00+02:00"],
            ),
            (
                "0 30 2 * * *",
                "2027-10-30T12:00:00+02:00",
                ["2027-10-31T02:30:00+02:00", "2027-11-01T02:30:00+01:00"],
            ),
            (
                "0 30 2 * * *",
                "2027-10-31T02:30:00+02:00",
                ["2027-11-01T02:30:00+01:00", "2027-11-02T02:30:00+01:00"],
            ),
            (
                "0 0 9 * * MON",
                "2027-03-27T12:00:00+01:00",
                ["2027-03-29T09:00:00+02:00", "2027-04-05T09:00:00+02:00"],
            ),
        ] {
            let schedule = cron.parse().expect("a cron text");
            assert_eq!(next_runs(&calendar, &schedule, at(after), 2), runs.map(at), "{cron} after {after}");
        }
    }
}
