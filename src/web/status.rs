//! `/health` and `/ready`: told from what the parts last managed to do.

use super::sources::Sources;
use crate::complaint::Language;
use crate::progress::Part;
use crate::watchdog::AlarmKind;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

/// The longest that a part may take without ending a round, well or badly, in a process that lives.
const STILL: Duration = Duration::from_secs(600);
/// The longest wait for what must be asked.
const PATIENCE: Duration = Duration::from_secs(5);

/// Answers 200 while the parts of the process move, whether they succeed or not; 503 when one stands still, so that a
/// supervisor starts the process again. It asks nobody and nothing.
pub(super) async fn health(State(sources): State<Sources>) -> (StatusCode, Json<Value>) {
    let progress = sources.workflow.progress();
    let is_still = |part: &Part| progress.still_for(part).is_some_and(|still| still > STILL);
    let still: Vec<String> = [Part::Scheduler, Part::Watchdog]
        .iter()
        .filter(|part| is_still(part))
        .map(ToString::to_string)
        .collect();
    match still.is_empty() {
        true => (StatusCode::OK, Json(json!({"status": "live"}))),
        false => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "stuck", "parts": still}))),
    }
}

/// Answers 200 when everything can do its work, 503 with the reasons otherwise.
pub(super) async fn ready(State(sources): State<Sources>) -> (StatusCode, Json<Value>) {
    let looking = sources.watchdog.findings(Language::English);
    let Ok(findings) = tokio::time::timeout(PATIENCE, looking).await else {
        let because =
            json!([{"kind": AlarmKind::DatabaseFailing, "what": "the database does not answer in time"}]);
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"status": "not ready", "because": because})));
    };
    let hinders = |kind: &str| kind.parse().is_ok_and(AlarmKind::hinders);
    let (because, besides): (Vec<_>, Vec<_>) = findings.into_iter().partition(|f| hinders(&f.kind));
    let mut besides: Vec<String> = besides.into_iter().map(|f| f.kind).collect();
    besides.dedup();
    let ruleset = sources.workflow.published().ruleset.hash().to_owned();
    match because.is_empty() {
        true => (StatusCode::OK, Json(json!({"status": "ready", "ruleset": ruleset, "attention": besides}))),
        false => (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(json!({"status": "not ready", "because": because, "attention": besides})),
        ),
    }
}
