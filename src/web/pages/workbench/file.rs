//! `/proposals/ID/files/PATH`: a file of a proposal, as it is written; its owner edits it, others read it. What was typed is
//! never lost: not when somebody changed it meanwhile, and not when the session is over.

use super::head::head;
use super::words::OF_SCENARIOS;
use super::{allowed, outlined, said, trouble};
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::guard::EDITOR_POLICY;
use crate::web::own_form::{Elsewhere, OwnForm, TypedForm};
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{FileEdit, Opened, ProposalError, ProposalState, message_name};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// The largest form in bytes: a file, as a form writes it.
pub(in crate::web) const FORM: usize = 4 << 20;

/// What is said beside a file.
#[derive(Default)]
struct Beside {
    /// What stands in the way.
    mistake: Option<String>,
    /// What was typed and is not kept.
    typed: Option<String>,
}

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((id, path)): Path<(i64, String)>,
) -> Result<Response, Trouble> {
    form(&page, &signed, (id, &path), Beside::default()).await
}

async fn form(
    page: &Page,
    signed: &Signed,
    (id, path): (i64, &str),
    beside: Beside,
) -> Result<Response, Trouble> {
    let may = allowed(page, signed).await?;
    let opened = page.workflow.proposals().one(id).await.map_err(trouble)?;
    let kept = opened.folder.text(path);
    let before = opened.base.text(path);
    if kept.or(before).is_none() && beside.typed.is_none() {
        return Err(Trouble::NotFound);
    }
    let dates = Dates::now(page, signed.language).await?;
    let checked = page.workflow.check_folder(opened.folder.clone()).await?;
    let of_file = checked.diagnostics.iter().filter(|d| d.at.file == path);
    let found: Vec<Value> = of_file.map(|d| said::diagnostic(signed.language, d)).collect();
    let text = beside.typed.as_deref().or(kept).unwrap_or_default();
    let (outline, lines) = (outlined(path, text, signed.language), text.lines().collect::<Vec<_>>());
    let is_mine = may.change && opened.proposal.owner.eq_ignore_ascii_case(&signed.person.email);
    let may_write = is_mine && opened.proposal.state == ProposalState::Open;
    // What stands in the proposal is shown beside what was typed, where the two differ.
    let kept_beside = beside.typed.as_deref().and_then(|typed| kept.filter(|kept| *kept != typed));
    let status = if beside.mistake.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let of = context! {
        path, text, seen => opened.mark(path), found, may_write, kept_beside, mistake => beside.mistake, rows => lines.len().clamp(12, 60),
        outline, lines, words => words_of(path), letter => message_name(path),
        is_changed => opened.files.contains_key(path), is_new => before.is_none(), is_left_out => kept.is_none(),
        files => files(&opened, path), ..head(page, signed, &dates, &opened)
    };
    let key = if beside_is_wrong(&of) { "file_title_wrong" } else { "file_title" };
    let title = say(signed.language, key, &[("file", path)]);
    let mut answer =
        page.show(signed, status, Shown { template: "proposal_file", title, here: "/procedure", of })?;
    if may_write {
        let policy = HeaderValue::from_static(EDITOR_POLICY);
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(answer)
}

/// Returns which words are shown first beside a file: of rules all, of scenarios theirs; none beside another file.
fn words_of(path: &str) -> Option<&'static str> {
    match (path.ends_with(".rhai"), path.starts_with("tests/")) {
        (false, _) => None,
        (true, true) => Some(OF_SCENARIOS),
        (true, false) => Some(""),
    }
}

fn beside_is_wrong(of: &Value) -> bool {
    of.get_attr("mistake").is_ok_and(|mistake| mistake.is_true())
}

/// Returns the other files of a proposal, in their order.
fn files(opened: &Opened, here: &str) -> Vec<Value> {
    let all = opened.folder.to_files();
    let file = |path: &String| {
        context! { path, is_here => path == here, is_changed => opened.files.contains_key(path) }
    };
    all.keys().map(file).collect()
}

/// Keeps a file, puts it back as it was, or leaves it out.
pub(in crate::web) async fn keep(
    State(page): State<Arc<Page>>,
    Path((id, path)): Path<(i64, String)>,
    TypedForm { sender, fields }: TypedForm,
) -> Result<Response, Trouble> {
    let signed = match sender {
        Ok(signed) => signed,
        Err(Elsewhere { session, trouble }) => {
            keep_of_session(&page, session, (id, &path), &fields).await?;
            return Err(trouble);
        }
    };
    allowed(&page, &signed).await?;
    let proposals = page.workflow.proposals();
    let typed = fields.get("text").to_owned();
    let text = match fields.get("step") {
        "keep" | "" => Some(typed.clone()),
        "back" => proposals.one(id).await.map_err(trouble)?.base.text(&path).map(str::to_owned),
        "leave_out" => None,
        _ => return Err(Trouble::Unreadable),
    };
    let edit = FileEdit { path: path.clone(), seen: fields.get("seen").to_owned(), text };
    match proposals.write(id, &signed.person.email, &edit).await {
        Ok(()) => Ok(see_other(&format!("/proposals/{id}/files/{path}"))),
        Err(e) => match said::mistake(&page, signed.language, &e) {
            Some(mistake) => {
                let beside = Beside { mistake: Some(mistake), typed: Some(typed) };
                form(&page, &signed, (id, &path), beside).await
            }
            None => Err(trouble(e)),
        },
    }
}

/// Adds a file that is not there yet, by the path that somebody typed.
pub(in crate::web) async fn add(
    State(page): State<Arc<Page>>,
    Path(id): Path<i64>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let path = fields.get("path").trim().to_owned();
    let proposals = page.workflow.proposals();
    let opened = proposals.one(id).await.map_err(trouble)?;
    let done = match opened.folder.text(&path) {
        Some(_) => Ok(()),
        None => {
            let edit = FileEdit { path: path.clone(), seen: String::new(), text: Some(String::new()) };
            proposals.write(id, &signed.person.email, &edit).await
        }
    };
    match done {
        Ok(()) => Ok(see_other(&format!("/proposals/{id}/files/{path}"))),
        Err(e @ ProposalError::Path) => {
            let words = said::mistake(&page, signed.language, &e);
            super::proposal::whole(&page, &signed, id, (words, &fields)).await
        }
        Err(e) => super::proposal::answered(&page, &signed, id, Err(e), &fields).await,
    }
}

/// Keeps what was typed in a session that is not the present one, for its person.
async fn keep_of_session(
    page: &Page,
    session: Option<String>,
    (id, path): (i64, &str),
    fields: &Fields,
) -> Result<(), Trouble> {
    let Some(session) = session else { return Ok(()) };
    let (seen, text) = (fields.get("seen").to_owned(), Some(fields.get("text").to_owned()));
    let edit = FileEdit { path: path.to_owned(), seen, text };
    page.workflow.proposals().write_of_session(&session, id, vec![edit]).await.map_err(trouble)
}
