//! `/proposals/ID/scenarios`, `/plan`, `/work`: what trials found, asking for them, how far they are; and publishing.

use super::head::{head, last, plan_in_short, version};
use super::proposal::answered;
use super::{allowed, said, trouble};
use crate::complaint::Via;
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{
    PlanOptions, ProposalError, ProposalOrder, RuleChange, Running, TrialAsked, TrialKind,
};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderName, HeaderValue};
use axum::response::Response;
use minijinja::context;
use serde_json::Value as Json;
use std::sync::Arc;

/// The seconds after which a page on which work is shown is loaded anew.
const AGAIN: &str = "2";
const REFRESH: HeaderName = HeaderName::from_static("refresh");

/// Shows the plan as people read it.
pub(in crate::web) async fn plan(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let proposals = page.workflow.proposals();
    let opened = proposals.one(id).await.map_err(trouble)?;
    let trials = proposals.trials(id).await.map_err(trouble)?;
    let dates = Dates::now(&page, signed.language).await?;
    let trial = last(&trials, TrialKind::Plan).ok_or(Trouble::NotFound)?;
    let found: Json = serde_json::from_str(&trial.found).unwrap_or_default();
    let of = context! {
        short => plan_in_short(&dates, &opened, &trials), plan => super::plan::worded(&page, &signed, &found["plan"]).await?,
        ..head(&page, &signed, &dates, &opened)
    };
    let title = say(signed.language, "plan_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "plan", title, here: "/procedure", of })
}

/// Has scenarios played or a plan made.
pub(in crate::web) async fn ask(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(id): Path<i64>,
    body: Bytes,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let fields = Fields::read(&body);
    let adopt = !fields.get("adopt").is_empty();
    let asked = match fields.get("step") {
        "scenarios" => TrialAsked::Scenarios,
        "plan" => TrialAsked::Plan(PlanOptions { adopt, ..PlanOptions::default() }),
        "publish" => TrialAsked::Publish(ProposalOrder {
            proposal: (id, version(&fields)),
            by: signed.person.email.clone(),
            reason: fields.get("reason").to_owned(),
            plan: fields.get("plan").to_owned(),
        }),
        "approve" => return approve(&page, &signed, id, &fields).await,
        _ => return Err(Trouble::Unreadable),
    };
    match page.workflow.try_proposal(id, &signed.person.email, asked).await {
        Ok(()) => Ok(see_other(&format!("/proposals/{id}/work"))),
        Err(e) => answered(&page, &signed, id, Err(e), &fields).await,
    }
}

/// Approves the plan of somebody else's proposal, as it was looked at.
async fn approve(page: &Page, signed: &Signed, id: i64, fields: &Fields) -> Result<Response, Trouble> {
    let done = approved(page, signed, id, fields).await;
    answered(page, signed, id, done, fields).await
}

async fn approved(page: &Page, signed: &Signed, id: i64, fields: &Fields) -> Result<(), ProposalError> {
    let (proposals, publishing) = (page.workflow.proposals(), page.workflow.publishing());
    let (by, reason) = (&signed.person.email, fields.get("reason"));
    publishing.permit(RuleChange::Approve, Some(by), reason).await?;
    let opened = proposals.one(id).await?;
    if opened.proposal.owner.eq_ignore_ascii_case(by) {
        return Err(ProposalError::NotYours);
    }
    let found = opened.found(&proposals.trials(id).await?, TrialKind::Plan).unwrap_or_default();
    if found["plan"]["digest"] != *fields.get("plan") {
        return Err(ProposalError::Unready(crate::workflow::UnreadyBecause::AnotherPlan));
    }
    publishing.approve(fields.get("plan"), (by, Via::Page), reason).await?;
    Ok(())
}

/// Shows how far work on a proposal is; once it has ended, the page on which its end stands.
pub(in crate::web) async fn work(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let opened = page.workflow.proposals().one(id).await.map_err(trouble)?;
    let Some(running) = page.workflow.work_on_proposal(id) else {
        return Ok(see_other(&format!("/proposals/{id}")));
    };
    match running.ended() {
        Some(Ok(())) => Ok(see_other(&ended(id, &running))),
        Some(Err(e)) => match said::mistake(&page, signed.language, e) {
            Some(words) => {
                super::proposal::whole(&page, &signed, id, (Some(words), &Fields::default())).await
            }
            None => Err(Trouble::Failed(e.to_string())),
        },
        None => {
            let (done, all) = running.progress();
            let doing = match running.asked {
                TrialAsked::Scenarios => "work_scenarios",
                TrialAsked::Plan(_) => "work_plan",
                TrialAsked::Publish(_) => "work_publish",
            };
            let doing = say(signed.language, doing, &[]);
            let of = context! { id, name => opened.proposal.name, done, all, doing };
            let title = say(signed.language, "work_under_way", &[]);
            let shown = Shown { template: "proposal_work", title, here: "/procedure", of };
            let mut answer = page.show(&signed, StatusCode::OK, shown)?;
            answer.headers_mut().insert(REFRESH, HeaderValue::from_static(AGAIN));
            Ok(answer)
        }
    }
}

fn ended(id: i64, running: &Running) -> String {
    match running.asked {
        TrialAsked::Scenarios => format!("/proposals/{id}#scenarios"),
        TrialAsked::Plan(_) => format!("/proposals/{id}/plan"),
        TrialAsked::Publish(_) => "/publications".to_owned(),
    }
}
