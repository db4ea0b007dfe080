//! `/complaints/REFERENCE/scenario`: the scenario that a complaint comes to, with nothing personal of it; and putting one into a
//! proposal.

use super::{allowed, said, trouble};
use crate::rules::RulesFolder;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::pages::complaint::seen;
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{FileEdit, MadeScenario, NotMade, Opened, Proposal, ProposalError};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;
use url::form_urlencoded::Serializer;

/// The file into which such scenarios are put.
const FILE: &str = "tests/95_as_it_went.rhai";

/// Shows what a complaint comes to, to somebody who may change rules.
pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(reference): Path<String>,
) -> Result<Response, Trouble> {
    let folder = page.workflow.proposals().folder_in_force().await.map_err(trouble)?;
    match made(&page, &signed, &reference, &folder).await? {
        Ok(made) => shown(&page, &signed, &reference, StatusCode::OK, told(&signed, &made, None)).await,
        Err(why) => shown(&page, &signed, &reference, StatusCode::OK, why).await,
    }
}

/// Makes a scenario of a complaint that somebody may see; else why there is none, as a template shows it.
async fn made(
    page: &Page,
    signed: &Signed,
    reference: &str,
    folder: &RulesFolder,
) -> Result<Result<MadeScenario, Value>, Trouble> {
    if !allowed(page, signed).await?.change {
        return Err(Trouble::NotFound);
    }
    let (id, _) = seen(page, signed, reference).await?;
    match page.workflow.retold(id, folder).await {
        Ok(made) => Ok(Ok(made)),
        Err(NotMade::Unsaid(why)) => {
            let why = why.in_language(signed.language).to_owned();
            Ok(Err(
                context! { script => (), left_out => Vec::<Value>::new(), failure => (), unsaid => why, mistake => () },
            ))
        }
        Err(NotMade::Missing) => Err(Trouble::NotFound),
        Err(NotMade::Workflow(e)) => Err(e.into()),
    }
}

fn told(signed: &Signed, made: &MadeScenario, mistake: Option<String>) -> Value {
    let left_out: Vec<&str> = made.left_out.iter().map(|text| text.in_language(signed.language)).collect();
    let failure = made.failure.as_ref().map(|why| why.in_language(signed.language));
    context! { script => made.text, left_out, failure, unsaid => (), mistake }
}

async fn shown(
    page: &Page,
    signed: &Signed,
    reference: &str,
    status: StatusCode,
    of: Value,
) -> Result<Response, Trouble> {
    let is_mine = |p: &Proposal| p.owner.eq_ignore_ascii_case(&signed.person.email);
    let open = page.workflow.proposals().open().await.map_err(trouble)?;
    let open = open.iter().filter(|p| is_mine(p)).map(|p| context! { id => p.id, name => p.name });
    let open: Vec<Value> = open.collect();
    let of = context! { reference, open, ..of };
    let title = say(signed.language, "retold_title", &[]);
    page.show(signed, status, Shown { template: "retold", title, here: "/procedure", of })
}

/// Puts the scenario of a complaint into a proposal, behind those that were put there before.
pub(in crate::web) async fn keep(
    State(page): State<Arc<Page>>,
    Path(id): Path<i64>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let reference = fields.get("complaint").trim().to_owned();
    let proposals = page.workflow.proposals();
    let opened = proposals.one(id).await.map_err(trouble)?;
    let made = match made(&page, &signed, &reference, &opened.folder).await? {
        Ok(made) => made,
        Err(why) => return shown(&page, &signed, &reference, StatusCode::UNPROCESSABLE_ENTITY, why).await,
    };
    match put(&page, &signed, &opened, &made).await {
        Ok(()) => {
            let name = Serializer::new(String::new()).append_pair("name", &made.name).finish();
            Ok(see_other(&format!("/proposals/{id}/scenarios/{FILE}?{name}")))
        }
        Err(e) => match said::mistake(&page, signed.language, &e) {
            Some(mistake) => {
                let of = told(&signed, &made, Some(mistake));
                shown(&page, &signed, &reference, StatusCode::UNPROCESSABLE_ENTITY, of).await
            }
            None => Err(trouble(e)),
        },
    }
}

async fn put(
    page: &Page,
    signed: &Signed,
    opened: &Opened,
    made: &MadeScenario,
) -> Result<(), ProposalError> {
    let before = opened.folder.text(FILE).map(|text| format!("{}\n\n", text.trim_end())).unwrap_or_default();
    let text = Some(format!("{before}{}", made.text));
    let edit = FileEdit { path: FILE.to_owned(), seen: opened.mark(FILE), text };
    page.workflow.proposals().write(opened.proposal.id, &signed.person.email, &edit).await
}
