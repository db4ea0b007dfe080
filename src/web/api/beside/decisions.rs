//! `/decisions`: what waits for the person's decision, by kind.

use crate::web::api::call::Call;
use crate::web::api::problem::Problem;
use crate::web::api::shapes::{At, Named};
use crate::workflow::{DecisionGroup as OfPerson, WaitingDecision as Waits};
use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

/// A complaint that waits for a decision.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct WaitingDecision {
    reference: String,
    subject: String,
    complainant: String,
    /// When it was last asked for.
    asked_at: At,
    /// The actions by which the person takes it.
    actions: Vec<Named>,
    /// Those of them that ask nothing, which can be taken on several complaints at once.
    at_once: Vec<String>,
    path: String,
}

/// The decisions of one kind.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DecisionGroup {
    label: String,
    waiting: Vec<WaitingDecision>,
    /// Whether more waits than is told.
    has_more: bool,
}

/// What waits for a decision.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct DecisionList {
    groups: Vec<DecisionGroup>,
}

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    let groups = call.page.workflow.decisions(call.person(), call.language).await?;
    Ok(Json(DecisionList { groups: groups.into_iter().map(group).collect() }).into_response())
}

fn group(group: OfPerson) -> DecisionGroup {
    let waiting = group.waiting.into_iter().map(waiting).collect();
    DecisionGroup { label: group.label, waiting, has_more: group.has_more }
}

fn waiting(waits: Waits) -> WaitingDecision {
    let plain = waits.actions.iter().filter(|action| action.asks.is_empty());
    WaitingDecision {
        path: format!("/api/v1/complaints/{}", waits.reference),
        at_once: plain.map(|action| action.id.clone()).collect(),
        actions: waits.actions.into_iter().map(|a| Named { name: a.id, label: a.label }).collect(),
        reference: waits.reference,
        subject: waits.subject,
        complainant: waits.complainant,
        asked_at: At(waits.asked_at),
    }
}
