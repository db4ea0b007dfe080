//! `/proposals/ID/behind`: what came in force since a proposal began, and taking it over.

use super::head::{head, version};
use super::proposal::answered;
use super::{allowed, said, trouble};
use crate::web::dates::Dates;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{Clash, Settled};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What stands before the path of a file in the form.
const STANDS: &str = "stands.";

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Trouble> {
    form(&page, &signed, id, false).await
}

async fn form(page: &Page, signed: &Signed, id: i64, is_unsettled: bool) -> Result<Response, Trouble> {
    let may = allowed(page, signed).await?;
    let proposals = page.workflow.proposals();
    let opened = proposals.one(id).await.map_err(trouble)?;
    if !opened.is_behind {
        return Ok(see_other(&format!("/proposals/{id}")));
    }
    let behind = proposals.behind(id).await.map_err(trouble)?;
    let dates = Dates::now(page, signed.language).await?;
    let clash = |clash: &Clash| {
        let (theirs, mine) = (said::hunks(&clash.theirs), said::hunks(&clash.mine));
        context! { path => clash.path, name => format!("{STANDS}{}", clash.path), theirs, mine }
    };
    let clashes: Vec<Value> = behind.clashes.iter().map(clash).collect();
    let is_mine = may.change && opened.proposal.owner.eq_ignore_ascii_case(&signed.person.email);
    let mistake = is_unsettled.then(|| say(signed.language, "behind_unsettled", &[]));
    let status = if is_unsettled { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let of = context! {
        clashes, taken_over => behind.taken_over, merged => behind.merged, is_mine, mistake,
        ..head(page, signed, &dates, &opened)
    };
    let title = say(signed.language, "behind_title", &[]);
    page.show(signed, status, Shown { template: "proposal_behind", title, here: "/procedure", of })
}

pub(in crate::web) async fn catch_up(
    State(page): State<Arc<Page>>,
    Path(id): Path<i64>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let settled: BTreeMap<String, Settled> = fields
        .under(STANDS)
        .filter_map(|(path, which)| {
            let which = match which {
                "mine" => Settled::Mine,
                "theirs" => Settled::Theirs,
                _ => return None,
            };
            Some((path.to_owned(), which))
        })
        .collect();
    let of = (id, version(&fields));
    match page.workflow.proposals().catch_up(of, &signed.person.email, &settled).await {
        Ok(false) => form(&page, &signed, id, true).await,
        done => answered(&page, &signed, id, done.map(drop), &fields).await,
    }
}
