//! `/faults`: the rules that fail, and trying those again that are suspended for a complaint.

use super::looked::allowed;
use super::shapes::Written;
use crate::complaint::Via;
use crate::web::api::call::Call;
use crate::web::api::problem::{Kind, Problem};
use crate::web::api::shapes::{At, NoWish};
use crate::web::pages::is_reference;
use crate::workflow::{ActError, Faults, FaultyRule as OfComplaints, SuspendedRules};
use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

/// A rule, action or schedule that fails, or a message.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FaultyRule {
    name: String,
    /// What failed last, in words.
    says: String,
    at: Option<Written>,
    /// Whether it fails under the rules in force.
    is_in_force: bool,
    /// For how many complaints it fails, of those that were looked at.
    count: usize,
    /// The newest of these, for a key that is good for complaints:read.
    complaints: Vec<String>,
    last_at: Option<At>,
}

/// A complaint for which rules are suspended.
#[derive(Debug, Serialize, JsonSchema)]
struct Suspended {
    reference: String,
    rules: Vec<String>,
}

/// What fails for the complaints that the person of the key may see.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FaultList {
    rules: Vec<FaultyRule>,
    suspended: Vec<Suspended>,
    /// How many more of those there are.
    more_suspended: usize,
    /// The complaints for which something failed.
    complaints: i64,
    /// Those of them that were looked at, the newest.
    looked_at: usize,
}

/// What came of trying again.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TriedAgain {
    reference: String,
    /// The rules that are suspended still; empty where none is.
    still_suspended: Vec<String>,
}

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    allowed(&call).await?;
    let found: Faults = call.page.workflow.faults_seen_by(call.person()).await?;
    let is_told = call.reads_complaints();
    let rule = |rule: OfComplaints| FaultyRule {
        says: rule.says.in_language(call.language).to_owned(),
        at: rule.place.map(|(file, line)| Written { file, line: Some(line) }),
        is_in_force: rule.is_in_force,
        count: rule.count,
        complaints: if is_told { rule.complaints } else { Vec::new() },
        last_at: rule.last.map(At),
        name: rule.name,
    };
    let suspended = |s: SuspendedRules| Suspended { reference: s.reference, rules: s.rules };
    Ok(Json(FaultList {
        rules: found.rules.into_iter().map(rule).collect(),
        suspended: found.suspended.into_iter().filter(|_| is_told).map(suspended).collect(),
        more_suspended: found.more_suspended,
        complaints: found.complaints,
        looked_at: found.looked_at,
    })
    .into_response())
}

pub(super) async fn try_again(call: Call) -> Result<Response, Problem> {
    let NoWish {} = call.wish()?;
    let reference = call.part("reference").to_owned();
    if !is_reference(&reference) {
        return Err(Kind::NotFound.into());
    }
    match call.page.workflow.try_again((call.person(), Via::Api), &reference).await {
        Ok(true) => {}
        Ok(false) | Err(ActError::Refused(_)) => return Err(Kind::NotFound.into()),
        Err(e) => return Err(e.into()),
    }
    let found = call.page.workflow.faults_seen_by(call.person()).await?;
    let still = found.suspended.into_iter().find(|s| s.reference == reference);
    let still_suspended = still.map(|s| s.rules).unwrap_or_default();
    Ok(Json(TriedAgain { reference, still_suspended }).into_response())
}
