//! `/publications`: every time a ruleset came in force: who, when, why, how it differed, and the plan that was looked at.
//! Going back to one is a proposal that begins with it.

use super::looked::{allowed, number, refused};
use super::plan::{Plan, told};
use super::shapes::Difference;
use crate::web::api::call::Call;
use crate::web::api::problem::{Kind, Problem};
use crate::web::api::shapes::At;
use crate::workflow::{Difference as OfFolders, PublicationHead};
use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// The publications that are listed.
const LISTED: usize = 200;

/// A time that a ruleset came in force.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PublicationSummary {
    /// Its number among all publications.
    publication: i64,
    at: At,
    /// The address of the publisher; `system` for the first start.
    by: String,
    reason: String,
    /// The hash of the ruleset.
    ruleset: String,
    is_in_force: bool,
    path: String,
}

/// The newest times that a ruleset came in force, newest first.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PublicationList {
    publications: Vec<PublicationSummary>,
}

/// A time that a ruleset came in force, with how it differed from what was in force before.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PublicationDetails {
    #[serde(flatten)]
    summary: PublicationSummary,
    /// Whether rules that held then were taken for fired.
    adopts: bool,
    differences: Vec<Difference>,
    /// The plan that was looked at; null for a first start.
    plan: Option<Plan>,
}

fn summary(call: &Call, newest: i64, p: &PublicationHead) -> PublicationSummary {
    let in_force = call.page.workflow.published();
    PublicationSummary {
        publication: p.seq,
        at: At(p.at),
        by: p.by.clone(),
        reason: p.reason.clone(),
        ruleset: p.ruleset.clone(),
        is_in_force: p.seq == newest && p.ruleset == in_force.ruleset.hash(),
        path: format!("/api/v1/publications/{}", p.seq),
    }
}

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    allowed(&call).await?;
    let all = call.page.workflow.publishing().newest(LISTED).await?;
    let newest = all.first().map_or(0, |p| p.seq);
    let publications = all.iter().map(|p| summary(&call, newest, p)).collect();
    Ok(Json(PublicationList { publications }).into_response())
}

pub(super) async fn one(call: Call) -> Result<Response, Problem> {
    allowed(&call).await?;
    let (seq, workflow) = (number(&call, "publication")?, &call.page.workflow);
    let proposals = workflow.proposals();
    let (head, folder) = proposals.folder_of(seq).await.map_err(|e| refused(&call, e))?;
    let before = match seq {
        ..=1 => None,
        _ => Some(proposals.folder_of(seq - 1).await.map_err(|e| refused(&call, e))?.1),
    };
    let differences = before.map(|before| OfFolders::between(&before, &folder)).unwrap_or_default();
    let published = workflow.publishing().one(seq).await?.ok_or(Kind::NotFound)?;
    let plan: Option<Value> = serde_json::from_str(&published.plan).ok();
    let plan = match &plan {
        Some(plan) => Some(told(&call, plan).await?),
        None => None,
    };
    let newest = workflow.publishing().newest(1).await?.first().map_or(0, |p| p.seq);
    Ok(Json(PublicationDetails {
        summary: summary(&call, newest, &head),
        adopts: published.adopts,
        differences: Difference::all(&differences),
        plan,
    })
    .into_response())
}
