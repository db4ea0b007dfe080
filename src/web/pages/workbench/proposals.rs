//! `/proposals`: what is proposed to change of the rules, by whom; and beginning another proposal.

use super::{allowed, said, trouble};
use crate::web::dates::Dates;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{Proposal, ProposalError, ProposalState, Start};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

pub(in crate::web) async fn show(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    list(&page, &signed, None, "").await
}

async fn list(
    page: &Page,
    signed: &Signed,
    mistake: Option<String>,
    typed: &str,
) -> Result<Response, Trouble> {
    let may = allowed(page, signed).await?;
    let dates = Dates::now(page, signed.language).await?;
    let proposals = page.workflow.proposals();
    let rows = |all: Vec<Proposal>| all.iter().map(|p| row(page, &dates, signed, p)).collect::<Vec<Value>>();
    let open = rows(proposals.open().await.map_err(trouble)?);
    let ended = rows(proposals.ended().await.map_err(trouble)?);
    // A folder that cannot be read is told of where somebody looks after it; here it offers nothing.
    let on_disk = if may.change { proposals.edited_on_disk().await.unwrap_or_default() } else { Vec::new() };
    let name = match typed {
        "" => say(signed.language, "proposal_usual_name", &[("day", &dates.day(dates.today))]),
        typed => typed.to_owned(),
    };
    let status = if mistake.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let of = context! { open, ended, on_disk, may_change => may.change, name, mistake };
    let title = say(signed.language, "proposals_title", &[]);
    page.show(signed, status, Shown { template: "proposals", title, here: "/procedure", of })
}

fn row(page: &Page, dates: &Dates, signed: &Signed, proposal: &Proposal) -> Value {
    let settings = page.workflow.settings();
    let owner = settings.people.find(&proposal.owner).map_or(proposal.owner.clone(), |p| p.name.clone());
    let state = match proposal.state {
        ProposalState::Open => "",
        ProposalState::Published => "proposal_is_published",
        ProposalState::Withdrawn => "proposal_is_withdrawn",
    };
    let state = if state.is_empty() { String::new() } else { say(signed.language, state, &[]) };
    let is_mine = proposal.owner.eq_ignore_ascii_case(&signed.person.email);
    context! {
        id => proposal.id, name => proposal.name, owner, state, is_mine, changed => dates.moment(proposal.changed_at),
    }
}

/// Begins a proposal, from what is in force or from what the form names.
pub(in crate::web) async fn begin(
    State(page): State<Arc<Page>>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    let number = |name: &str| fields.get(name).parse::<i64>().map_err(|_| Trouble::Unreadable);
    let start = match fields.get("from") {
        "" => Start::InForce,
        "folder" => Start::Folder,
        "publication" => Start::Publication(number("publication")?),
        "proposal" => Start::Proposal(number("proposal")?),
        _ => return Err(Trouble::Unreadable),
    };
    match page.workflow.proposals().begin(&signed.person.email, fields.get("name"), start).await {
        Ok(id) => Ok(see_other(&after(id, fields.get("next")))),
        Err(e) => wrong(&page, &signed, e, fields.get("name")).await,
    }
}

/// Returns the page of a proposal, or the one of its pages that somebody wanted to come to.
fn after(id: i64, next: &str) -> String {
    let is_plain = next.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_-.#".contains(&b));
    match is_plain && !next.contains("..") && !next.is_empty() {
        true => format!("/proposals/{id}/{next}"),
        false => format!("/proposals/{id}"),
    }
}

async fn wrong(page: &Page, signed: &Signed, error: ProposalError, typed: &str) -> Result<Response, Trouble> {
    match said::mistake(page, signed.language, &error) {
        Some(words) => list(page, signed, Some(words), typed).await,
        None => Err(trouble(error)),
    }
}
