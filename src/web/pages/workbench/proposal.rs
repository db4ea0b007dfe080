//! `/proposals/ID`: a proposal: how it differs from what is in force, what is wrong with it, what its scenarios say, what it
//! would do, and putting it in force.

use super::head::{head, plan_in_short, scenarios};
use super::{allowed, said, trouble};
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{Difference, Opened, ProposalError, ProposalState, TrialKind};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Trouble> {
    whole(&page, &signed, id, (None, &Fields::default())).await
}

/// Shows a proposal, with what stands in the way of what somebody just wanted.
pub(super) async fn whole(
    page: &Page,
    signed: &Signed,
    id: i64,
    (mistake, typed): (Option<String>, &Fields),
) -> Result<Response, Trouble> {
    let may = allowed(page, signed).await?;
    let proposals = page.workflow.proposals();
    let opened = proposals.one(id).await.map_err(trouble)?;
    let dates = Dates::now(page, signed.language).await?;
    let differences = Difference::between(&opened.base, &opened.folder);
    let checked = page.workflow.check_folder(opened.folder.clone()).await?;
    let trials = proposals.trials(id).await.map_err(trouble)?;
    let found: Vec<Value> =
        checked.diagnostics.iter().map(|d| said::diagnostic(signed.language, d)).collect();
    let unready = opened.unready(&checked, &trials).map(|why| said::unready(signed.language, &why));
    let is_mine = opened.proposal.owner.eq_ignore_ascii_case(&signed.person.email) && may.change;
    let is_open = opened.proposal.state == ProposalState::Open;
    let plan = opened.found(&trials, TrialKind::Plan);
    let digest = plan.as_ref().and_then(|plan| plan["plan"]["digest"].as_str());
    let (approvers, awaited) = match digest {
        Some(digest) => {
            let awaited = proposals.awaited(&opened, digest).await.map_err(trouble)?;
            let awaited = awaited.map(|why| said::refused(page, signed.language, &why));
            (approvers(page, &opened, digest).await?, awaited)
        }
        None => (Vec::new(), None),
    };
    let status = if mistake.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let of = context! {
        differences => said::differences(&differences), found, mistakes => checked.mistakes(), unready, is_mine, is_open,
        may_change => may.change, may_approve => may.approve && !is_mine, mistake, reason => typed.get("reason"),
        approvers, awaited,
        scenarios => scenarios(signed, &dates, &opened, &trials),
        plan => plan_in_short(&dates, &opened, &trials),
        is_under_way => page.workflow.work_on_proposal(id).is_some_and(|work| work.ended().is_none()),
        ..head(page, signed, &dates, &opened)
    };
    let title = match status {
        StatusCode::OK => opened.proposal.name.clone(),
        _ => say(signed.language, "proposal_title_wrong", &[("name", &opened.proposal.name)]),
    };
    page.show(signed, status, Shown { template: "proposal", title, here: "/procedure", of })
}

async fn approvers(page: &Page, opened: &Opened, plan: &str) -> Result<Vec<String>, Trouble> {
    let settings = page.workflow.settings();
    let all = page.workflow.proposals().approvers(opened, plan).await.map_err(trouble)?;
    Ok(all.into_iter().map(|who| settings.people.find(&who).map_or(who, |p| p.name.clone())).collect())
}

/// Takes up, gives up or renames a proposal.
pub(in crate::web) async fn change(
    State(page): State<Arc<Page>>,
    Path(id): Path<i64>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let (proposals, by) = (page.workflow.proposals(), &signed.person.email);
    let done = match fields.get("step") {
        "give_up" => proposals.stand(id, by, ProposalState::Withdrawn).await,
        "open_again" => proposals.stand(id, by, ProposalState::Open).await,
        "rename" => proposals.rename((id, super::head::version(&fields)), by, fields.get("name")).await,
        _ => return Err(Trouble::Unreadable),
    };
    answered(&page, &signed, id, done, &fields).await
}

/// Goes back to the proposal, or says what stands in the way.
pub(super) async fn answered(
    page: &Page,
    signed: &Signed,
    id: i64,
    done: Result<(), ProposalError>,
    typed: &Fields,
) -> Result<Response, Trouble> {
    match done {
        Ok(()) => Ok(see_other(&format!("/proposals/{id}"))),
        Err(e) => match said::mistake(page, signed.language, &e) {
            Some(words) => whole(page, signed, id, (Some(words), typed)).await,
            None => Err(trouble(e)),
        },
    }
}
