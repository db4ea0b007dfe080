//! What came in force since a proposal began, and taking it over.

use super::looked::{allowed, number, opened, refused};
use super::proposals::version;
use super::shapes::{CatchUpWish, Hunk, WhichStands, hunks};
use crate::complaint::Text;
use crate::web::api::call::Call;
use crate::web::api::problem::{Kind, Problem};
use crate::web::texts::both;
use crate::workflow::{Clash as OfFile, Settled};
use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A file in which a proposal and what came in force since change the same.
#[derive(Debug, Serialize, JsonSchema)]
struct Clash {
    path: String,
    /// What came in force since.
    theirs: Vec<Hunk>,
    /// What the proposal changes.
    mine: Vec<Hunk>,
}

/// What came in force since a proposal began, beside what it changes.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Behind {
    is_behind: bool,
    /// The files that came in force since and that it does not change.
    taken_over: Vec<String>,
    /// The files that both change, in different places.
    merged: Vec<String>,
    /// Of these somebody says which text stands.
    clashes: Vec<Clash>,
}

pub(super) async fn show(call: Call) -> Result<Response, Problem> {
    allowed(&call).await?;
    let opened = opened(&call).await?;
    let behind = call.page.workflow.proposals().behind(opened.proposal.id).await;
    let behind = behind.map_err(|e| refused(&call, e))?;
    let clash =
        |clash: OfFile| Clash { path: clash.path, theirs: hunks(&clash.theirs), mine: hunks(&clash.mine) };
    Ok(Json(Behind {
        is_behind: opened.is_behind,
        taken_over: behind.taken_over.into_iter().collect(),
        merged: behind.merged.into_iter().collect(),
        clashes: behind.clashes.into_iter().map(clash).collect(),
    })
    .into_response())
}

pub(super) async fn catch_up(call: Call) -> Result<Response, Problem> {
    let wish: CatchUpWish = call.wish()?;
    allowed(&call).await?;
    let of = (number(&call, "proposal")?, version(&call).await?);
    let settled: BTreeMap<String, Settled> = wish
        .stands
        .into_iter()
        .map(|(path, which)| {
            let which = match which {
                WhichStands::Mine => Settled::Mine,
                WhichStands::Theirs => Settled::Theirs,
            };
            (path, which)
        })
        .collect();
    let done = call.page.workflow.proposals().catch_up(of, call.person(), &settled).await;
    match done.map_err(|e| refused(&call, e))? {
        true => super::proposals::changed(&call, of.0).await,
        false => {
            let detail: Text = both("behind_unsettled", &[]);
            Err(Problem { detail: Some(detail), ..Kind::Refused.into() })
        }
    }
}
