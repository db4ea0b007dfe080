//! Proposals: which there are, beginning one, how it stands, its name, and giving it up.

use super::files;
use super::looked::{allowed, number, opened, refused};
use super::shapes::{
    Difference, NameWish, ProposalDetails, ProposalList, ProposalSummary, ProposalWish, RuleMistake,
    StandWish, Stands, TrialSummary,
};
use crate::web::api::call::Call;
use crate::web::api::conditions::{etag, seen_version};
use crate::web::api::problem::Problem;
use crate::web::api::shapes::At;
use crate::web::pages::workbench::said;
use crate::workflow::{Difference as OfFolders, Opened, Proposal, ProposalState, Start, Trial, TrialKind};
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{IntoResponse, Response};

/// What the ETag of a proposal is called where it is none.
pub(super) const OF: (&str, &str) = ("een voorstel", "a proposal");

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    let may = allowed(&call).await?;
    let proposals = call.page.workflow.proposals();
    let open = proposals.open().await.map_err(|e| refused(&call, e))?;
    let ended = proposals.ended().await.map_err(|e| refused(&call, e))?;
    // A folder that cannot be read is told of where somebody looks after it.
    let edited_on_disk =
        if may.change { proposals.edited_on_disk().await.unwrap_or_default() } else { Vec::new() };
    let rows = |all: Vec<Proposal>| all.iter().map(ProposalSummary::of).collect();
    Ok(Json(ProposalList { open: rows(open), ended: rows(ended), edited_on_disk }).into_response())
}

pub(super) async fn begin(call: Call) -> Result<Response, Problem> {
    let wish: ProposalWish = call.wish()?;
    allowed(&call).await?;
    let from = wish.from.unwrap_or_default();
    let start = match (from.publication, from.proposal, from.folder.unwrap_or(false)) {
        (None, None, false) => Start::InForce,
        (Some(seq), None, false) => Start::Publication(seq),
        (None, Some(id), false) => Start::Proposal(id),
        (None, None, true) => Start::Folder,
        _ => {
            return Err(Problem::invalid(
                "body",
                "/from",
                "noemt meer dan een begin",
                "names more than one beginning",
            ));
        }
    };
    let proposals = call.page.workflow.proposals();
    let id = proposals.begin(call.person(), &wish.name, start).await.map_err(|e| refused(&call, e))?;
    let begun = proposals.one(id).await.map_err(|e| refused(&call, e))?.proposal;
    let summary = ProposalSummary::of(&begun);
    let headers = [(LOCATION, summary.path.clone()), (ETAG, etag(begun.version))];
    Ok((StatusCode::CREATED, headers, Json(summary)).into_response())
}

pub(super) async fn one(call: Call) -> Result<Response, Problem> {
    let may = allowed(&call).await?;
    let opened = opened(&call).await?;
    let (workflow, proposals) = (&call.page.workflow, call.page.workflow.proposals());
    let checked = workflow.check_folder(opened.folder.clone()).await?;
    let trials = proposals.trials(opened.proposal.id).await.map_err(|e| refused(&call, e))?;
    let plan = opened.found(&trials, TrialKind::Plan);
    let plan = plan.and_then(|found| found["plan"]["digest"].as_str().map(str::to_owned));
    let (approvers, awaited) = match &plan {
        Some(plan) => (
            proposals.approvers(&opened, plan).await.map_err(|e| refused(&call, e))?,
            proposals.awaited(&opened, plan).await.map_err(|e| refused(&call, e))?,
        ),
        None => (Vec::new(), None),
    };
    let is_owner = opened.proposal.owner.eq_ignore_ascii_case(call.person());
    let unready = opened.unready(&checked, &trials).map(|why| said::unready(call.language, &why));
    let awaited = awaited.map(|why| said::refused(&call.page, call.language, &why));
    let details = ProposalDetails {
        summary: ProposalSummary::of(&opened.proposal),
        is_behind: opened.is_behind,
        is_mine: is_owner && may.change,
        may_approve: may.approve && !is_owner,
        four_eyes: workflow.settings().rules.four_eyes,
        approvers,
        unready: unready.or(awaited),
        plan,
        scenarios: trial(&opened, &trials, TrialKind::Scenarios),
        planned: trial(&opened, &trials, TrialKind::Plan),
        files: files::summaries(&opened.folder, Some(&opened)),
        differences: Difference::all(&OfFolders::between(&opened.base, &opened.folder)),
        mistakes: checked.diagnostics.iter().map(|d| RuleMistake::of(d, call.language)).collect(),
    };
    Ok(([(ETAG, etag(opened.proposal.version))], Json(details)).into_response())
}

fn trial(opened: &Opened, trials: &[Trial], kind: TrialKind) -> Option<TrialSummary> {
    let trial = trials.iter().find(|trial| trial.kind == kind)?;
    let path = match kind {
        TrialKind::Scenarios => "scenarios",
        TrialKind::Plan => "plan",
    };
    Some(TrialSummary {
        at: At(trial.at),
        is_current: trial.tried == opened.tried(),
        path: format!("/api/v1/proposals/{}/{path}", opened.proposal.id),
    })
}

/// Answers with a proposal as it is after a change.
pub(super) async fn changed(call: &Call, id: i64) -> Result<Response, Problem> {
    let opened = call.page.workflow.proposals().one(id).await.map_err(|e| refused(call, e))?;
    let summary = ProposalSummary::of(&opened.proposal);
    Ok(([(ETAG, etag(summary.version))], Json(summary)).into_response())
}

/// Returns the version that a program saw of a proposal; that which it has where anything will do.
pub(super) async fn version(call: &Call) -> Result<i64, Problem> {
    match seen_version(call, OF)? {
        Some(version) => Ok(version),
        None => Ok(opened(call).await?.proposal.version),
    }
}

pub(super) async fn rename(call: Call) -> Result<Response, Problem> {
    let wish: NameWish = call.wish()?;
    allowed(&call).await?;
    let (id, proposals) = (number(&call, "proposal")?, call.page.workflow.proposals());
    let done = proposals.rename((id, version(&call).await?), call.person(), &wish.name).await;
    done.map_err(|e| refused(&call, e))?;
    changed(&call, id).await
}

pub(super) async fn stand(call: Call) -> Result<Response, Problem> {
    let wish: StandWish = call.wish()?;
    allowed(&call).await?;
    let id = number(&call, "proposal")?;
    let state = match wish.state {
        Stands::Open => ProposalState::Open,
        Stands::Withdrawn => ProposalState::Withdrawn,
    };
    let is_so = opened(&call).await?.proposal.state == state;
    match call.page.workflow.proposals().stand(id, call.person(), state).await {
        // Sent again, it is so already.
        Err(crate::workflow::ProposalError::Changed) if is_so => {}
        done => done.map_err(|e| refused(&call, e))?,
    }
    changed(&call, id).await
}
