//! `/metrics`: figures in the text format of Prometheus (version 0.0.4). No name or label holds personal data.

use super::sources::Sources;
use crate::calendar::Moment;
use crate::progress::{Count, Delivery, Part};
use crate::reception::IntakeOutcome;
use crate::watchdog::AlarmKind;
use crate::workflow::{Queue, StoreError};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";
/// The longest wait for the database; without it the other figures are told.
const PATIENCE: Duration = Duration::from_secs(5);

/// The kinds of metrics.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Counter,
    Gauge,
}

/// A value with its labels.
type Sample = (Vec<(&'static str, String)>, f64);

/// The text that grows.
#[derive(Debug, Default)]
struct Exposition(String);

impl Exposition {
    /// Writes a family of samples; one without samples is left out.
    fn family(&mut self, name: &str, kind: Kind, help: &str, samples: impl IntoIterator<Item = Sample>) {
        let mut samples = samples.into_iter().peekable();
        if samples.peek().is_none() {
            return;
        }
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        };
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (labels, value) in samples {
            let labels: Vec<String> =
                labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let _ = writeln!(self.0, "{name}{labels} {value}");
        }
    }

    fn one(&mut self, name: &str, kind: Kind, help: &str, value: f64) {
        self.family(name, kind, help, [(Vec::new(), value)]);
    }
}

/// Returns the value of a label as the format wants it.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// Answers with every figure that is known.
pub(super) async fn metrics(State(sources): State<Sources>) -> impl IntoResponse {
    let mut text = Exposition::default();
    let version = vec![("version", env!("CARGO_PKG_VERSION").to_owned())];
    text.family("redress_build_info", Kind::Gauge, "The version that runs.", [(version, 1.0)]);
    of_parts(&mut text, &sources);
    of_counts(&mut text, &sources.workflow.progress().counts());
    let answered = tokio::time::timeout(PATIENCE, of_store(&sources)).await;
    let stored = answered.ok().and_then(Result::ok);
    let up = if stored.is_some() { 1.0 } else { 0.0 };
    text.one("redress_database_up", Kind::Gauge, "1 while the database answers.", up);
    text.0.push_str(&stored.unwrap_or_default());
    if let Ok(found) = tokio::time::timeout(PATIENCE, sources.watchdog.recent()).await {
        let mut kinds: BTreeMap<AlarmKind, f64> = AlarmKind::ALL.iter().map(|kind| (*kind, 0.0)).collect();
        found.iter().for_each(|condition| *kinds.entry(condition.kind()).or_default() += 1.0);
        let samples = kinds.into_iter().map(|(kind, count)| (vec![("kind", kind.to_string())], count));
        text.family("redress_conditions", Kind::Gauge, "What is wrong now; see docs/operations.md.", samples);
    }
    ([(CONTENT_TYPE, FORMAT)], text.0)
}

fn of_parts(text: &mut Exposition, sources: &Sources) {
    let parts = sources.workflow.progress().parts();
    let label = |part: &Part| vec![("part", part.to_string())];
    let up = parts.iter().map(|(part, doing)| (label(part), if doing.failing.is_none() { 1.0 } else { 0.0 }));
    text.family("redress_part_up", Kind::Gauge, "1 while the last round of a part succeeded.", up);
    let seconds = parts.iter().filter_map(|(part, doing)| Some((label(part), seconds(doing.succeeded_at?))));
    let help = "When a round of a part last succeeded.";
    text.family("redress_part_success_timestamp_seconds", Kind::Gauge, help, seconds);
}

fn of_counts(text: &mut Exposition, counts: &BTreeMap<Count, u64>) {
    let count = |what: &Count| counts.get(what).copied().unwrap_or(0) as f64;
    for (name, help, what) in [
        ("redress_decisions_total", "Decisions committed since the start.", Count::Decisions),
        ("redress_faults_total", "Failures of rules and messages since the start.", Count::Faults),
        ("redress_breaches_total", "Terms recorded as passed since the start.", Count::Breaches),
    ] {
        text.one(name, Kind::Counter, help, count(&what));
    }
    let outcomes = IntakeOutcome::ALL.iter().map(|outcome| {
        let outcome = outcome.as_str();
        (vec![("outcome", outcome.to_owned())], count(&Count::Intake(outcome)))
    });
    text.family(
        "redress_intake_total",
        Kind::Counter,
        "Mails taken in since the start, by outcome.",
        outcomes,
    );
    let delivered = counts.iter().filter_map(|(what, times)| match what {
        Count::Deliveries(plugin, end) => {
            let end: &Delivery = end;
            Some((vec![("plugin", plugin.clone()), ("result", end.as_str().to_owned())], *times as f64))
        }
        _ => None,
    });
    let help = "Attempts to deliver since the start, by result.";
    text.family("redress_deliveries_total", Kind::Counter, help, delivered);
}

/// Returns what the database tells.
async fn of_store(sources: &Sources) -> Result<String, StoreError> {
    let (workflow, mut text) = (&sources.workflow, Exposition::default());
    let now = workflow.clock().now();
    let oversight = workflow.overseeing().oversight();
    let totals = workflow.reading().figures().totals(now).await?;
    for (name, help, count) in [
        ("redress_complaints", "Complaints, finished ones included.", totals.complaints),
        ("redress_complaints_live", "Complaints whose state is not terminal.", totals.live),
        ("redress_complaints_faulty", "Complaints for which a rule fails now.", totals.faulty),
        ("redress_terms_overdue", "Terms that have passed and are not met.", totals.overdue_deadlines),
        ("redress_notifications_undeliverable", "Messages that reach nobody.", totals.undeliverable),
    ] {
        text.one(name, Kind::Gauge, help, count as f64);
    }
    let processes = f64::from(workflow.share().of());
    text.one(
        "redress_processes",
        Kind::Gauge,
        "Processes that share the work, this one included.",
        processes,
    );
    let due = workflow.next_complaint().await?.map_or(0, |due| (now.millis() - due.millis()).max(0));
    let help = "For how long the first complaint has been due.";
    text.one("redress_due_lag_seconds", Kind::Gauge, help, due as f64 / 1_000.0);
    let queues = oversight.queues(now).await?;
    let label = |queue: &Queue| vec![("plugin", queue.plugin.clone())];
    for (name, help, queue) in [
        ("redress_outbox_queued", "Deliveries that wait for an attempt.", &queues.queued),
        ("redress_outbox_due", "Deliveries that are due and not taken up.", &queues.due),
        ("redress_outbox_dead", "Deliveries that were given up.", &queues.dead),
    ] {
        let counts = queue.iter().map(|queue| (label(queue), queue.deliveries as f64));
        text.family(name, Kind::Gauge, help, counts);
    }
    let age = |at: Moment| (now.millis() - at.millis()).max(0) as f64 / 1_000.0;
    let ages = queues.queued.iter().filter_map(|queue| Some((label(queue), age(queue.at?))));
    let help = "The age of the oldest delivery that waits.";
    text.family("redress_outbox_oldest_age_seconds", Kind::Gauge, help, ages);
    let size = oversight.size().await? as f64;
    text.one("redress_database_size_bytes", Kind::Gauge, "The size of the database.", size);
    if let Some(at) = oversight.last_mail().await? {
        let help = "When the newest mail was received.";
        text.one("redress_last_mail_timestamp_seconds", Kind::Gauge, help, seconds(at));
    }
    if let Some(at) = oversight.backed_up_at().await? {
        let help = "When the database was last backed up by `redress backup`.";
        text.one("redress_last_backup_timestamp_seconds", Kind::Gauge, help, seconds(at));
    }
    Ok(text.0)
}

fn seconds(at: Moment) -> f64 {
    at.millis() as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_label_ends_nothing() {
        let mut text = Exposition::default();
        let labels = vec![("plugin", "a\"} 1\nb\\".to_owned())];
        text.family("x", Kind::Gauge, "h", [(labels, 1.5)]);
        assert_eq!(text.0, "# HELP x h\n# TYPE x gauge\nx{plugin=\"a\\\"} 1\\nb\\\\\"} 1.5\n");
    }
}
