//! Trying a proposal, approving it and putting it in force. What takes long is begun, and looked at under `/work`.

use super::looked::{allowed, number, opened, refused};
use super::plan::{Plan, told};
use super::proposals::version;
use super::shapes::{PlanWish, PublishWish, Work};
use crate::complaint::Via;
use crate::web::api::call::Call;
use crate::web::api::problem::{Kind, Problem};
use crate::web::api::shapes::{At, NoWish};
use crate::web::pages::workbench::said;
use crate::workflow::{PlanOptions, ProposalOrder, Running, TrialAsked, TrialKind};
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// A plan of a proposal.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PlanOfProposal {
    made_at: At,
    /// Whether it is one of the proposal as it is now.
    is_current: bool,
    /// The letters that complainants would get.
    letters_to_complainants: u64,
    plan: Plan,
}

pub(super) async fn play(call: Call) -> Result<Response, Problem> {
    let NoWish {} = call.wish()?;
    begin(&call, TrialAsked::Scenarios).await
}

pub(super) async fn plan(call: Call) -> Result<Response, Problem> {
    let wish: PlanWish = call.wish()?;
    begin(&call, TrialAsked::Plan(PlanOptions { adopt: wish.adopt, ..PlanOptions::default() })).await
}

pub(super) async fn publish(call: Call) -> Result<Response, Problem> {
    let wish: PublishWish = call.wish()?;
    allowed(&call).await?;
    let (id, version) = (number(&call, "proposal")?, version(&call).await?);
    let order = ProposalOrder {
        proposal: (id, version),
        by: call.person().to_owned(),
        via: Via::Api,
        reason: wish.reason,
        plan: wish.plan,
    };
    begin(&call, TrialAsked::Publish(order)).await
}

async fn begin(call: &Call, asked: TrialAsked) -> Result<Response, Problem> {
    allowed(call).await?;
    let id = number(call, "proposal")?;
    let begun = call.page.workflow.try_proposal(id, call.person(), asked).await;
    begun.map_err(|e| refused(call, e))?;
    let running = call.page.workflow.work_on_proposal(id).ok_or(Kind::Failed)?;
    let headers = [(LOCATION, format!("/api/v1/proposals/{id}/work"))];
    Ok((StatusCode::ACCEPTED, headers, Json(work_of(call, id, &running))).into_response())
}

pub(super) async fn work(call: Call) -> Result<Response, Problem> {
    allowed(&call).await?;
    let id = opened(&call).await?.proposal.id;
    let running = call.page.workflow.work_on_proposal(id).ok_or(Kind::NotFound)?;
    Ok(Json(work_of(&call, id, &running)).into_response())
}

fn work_of(call: &Call, id: i64, running: &Running) -> Work {
    let (done, all) = running.progress();
    let base = format!("/api/v1/proposals/{id}");
    let (doing, led_to) = match running.asked {
        TrialAsked::Scenarios => ("scenarios", format!("{base}/scenarios")),
        TrialAsked::Plan(_) => ("plan", format!("{base}/plan")),
        TrialAsked::Publish(_) => ("publication", "/api/v1/publications".to_owned()),
    };
    let (state, why, path) = match running.ended() {
        None => ("underWay", None, format!("{base}/work")),
        Some(Ok(())) => ("done", None, led_to),
        Some(Err(e)) => {
            let why = said::mistake(&call.page, call.language, e).unwrap_or_else(|| e.to_string());
            ("failed", Some(why), base)
        }
    };
    Work { doing, state, done, all, why, path }
}

pub(super) async fn planned(call: Call) -> Result<Response, Problem> {
    allowed(&call).await?;
    let opened = opened(&call).await?;
    let trials = call.page.workflow.proposals().trials(opened.proposal.id).await;
    let trials = trials.map_err(|e| refused(&call, e))?;
    let trial = trials.iter().find(|trial| trial.kind == TrialKind::Plan).ok_or(Kind::NotFound)?;
    let found: Value = serde_json::from_str(&trial.found).unwrap_or_default();
    Ok(Json(PlanOfProposal {
        made_at: At(trial.at),
        is_current: trial.tried == opened.tried(),
        letters_to_complainants: found["letters"].as_u64().unwrap_or(0),
        plan: told(&call, &found["plan"]).await?,
    })
    .into_response())
}

pub(super) async fn approve(call: Call) -> Result<Response, Problem> {
    let wish: PublishWish = call.wish()?;
    allowed(&call).await?;
    let id = number(&call, "proposal")?;
    let said = (wish.plan.as_str(), wish.reason.as_str());
    let by = (call.person(), Via::Api);
    call.page.workflow.proposals().approve(id, by, said).await.map_err(|e| refused(&call, e))?;
    super::proposals::changed(&call, id).await
}
