//! `/proposals/ID/scenarios`, `/plan`, `/work`: what trials found, asking for them, how far they are; and publishing.

use super::head::{head, last, plan_in_short, version};
use super::proposal::answered;
use super::{allowed, said, trouble};
use crate::complaint::Via;
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{PlanOptions, ProposalOrder, Running, TrialAsked, TrialKind};
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
    Path(id): Path<i64>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let adopt = !fields.get("adopt").is_empty();
    let asked = match fields.get("step") {
        "scenarios" => TrialAsked::Scenarios,
        "plan" => TrialAsked::Plan(PlanOptions { adopt, ..PlanOptions::default() }),
        "publish" => TrialAsked::Publish(ProposalOrder {
            proposal: (id, version(&fields)),
            by: signed.person.email.clone(),
            via: Via::Page,
            reason: fields.get("reason").to_owned(),
            plan: fields.get("plan").to_owned(),
        }),
        "approve" => {
            let said = (fields.get("plan"), fields.get("reason"));
            let done = page.workflow.proposals().approve(id, (&signed.person.email, Via::Page), said).await;
            return answered(&page, &signed, id, done, &fields).await;
        }
        _ => return Err(Trouble::Unreadable),
    };
    match page.workflow.try_proposal(id, &signed.person.email, asked).await {
        Ok(()) => Ok(see_other(&format!("/proposals/{id}/work"))),
        Err(e) => answered(&page, &signed, id, Err(e), &fields).await,
    }
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
                super::proposal::whole(&page, &signed, id, (Some(words), &typed(&signed, &running))).await
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

/// Returns what somebody typed who asked for this work; to others nothing.
fn typed(signed: &Signed, running: &Running) -> Fields {
    match &running.asked {
        TrialAsked::Publish(order) if order.by == signed.person.email => {
            Fields::of([("reason", order.reason.clone())])
        }
        TrialAsked::Publish(_) | TrialAsked::Scenarios | TrialAsked::Plan(_) => Fields::default(),
    }
}

fn ended(id: i64, running: &Running) -> String {
    match running.asked {
        TrialAsked::Scenarios => format!("/proposals/{id}#scenarios"),
        TrialAsked::Plan(_) => format!("/proposals/{id}/plan"),
        TrialAsked::Publish(_) => "/publications".to_owned(),
    }
}
