//! The files of what is in force and of proposals; a proposal's are written by its owner, so that two writers lose nothing.

use super::looked::{Looked, allowed, number, refused};
use super::shapes::{FileSummary, ProposalSummary, RuleFile, RuleFiles, RuleMistake, TextWish};
use crate::rules::RulesFolder;
use crate::web::api::call::Call;
use crate::web::api::conditions::{etag, is_new, seen};
use crate::web::api::problem::{Kind, Problem};
use crate::workflow::{FileEdit, Opened};
use axum::Json;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};

/// The longest body in which a file is sent, in bytes: 1 MiB as JSON may write it.
pub(super) const BODY: usize = 7 << 20;

/// Lists the files of a folder.
pub(super) fn summaries(folder: &RulesFolder, opened: Option<&Opened>) -> Vec<FileSummary> {
    let is_changed = |path: &str| opened.is_some_and(|opened| opened.files.contains_key(path));
    let mut paths: Vec<&str> = folder.files().map(|(path, _)| path).collect();
    // What a proposal leaves out is one of its files as well.
    let gone = opened.into_iter().flat_map(|opened| opened.files.keys());
    paths.extend(gone.map(String::as_str).filter(|path| folder.text(path).is_none()));
    paths.sort_unstable();
    let summary = |path: &str| FileSummary { is_changed: is_changed(path), path: path.to_owned() };
    paths.into_iter().map(summary).collect()
}

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    let looked = Looked::at(&call).await?;
    Ok(Json(RuleFiles { files: summaries(&looked.folder, looked.opened.as_ref()) }).into_response())
}

pub(super) async fn one(call: Call) -> Result<Response, Problem> {
    let looked = Looked::at(&call).await?;
    let path = call.part("path");
    let text = looked.folder.text(path).filter(|_| RulesFolder::is_file(path));
    let Some(opened) = looked.opened.as_ref() else {
        let text = Some(text.ok_or(Kind::NotFound)?.to_owned());
        let file = RuleFile { path: path.to_owned(), text, before: None, mistakes: Vec::new() };
        return Ok(Json(file).into_response());
    };
    let before = opened.base.text(path);
    if text.or(before).is_none() {
        return Err(Kind::NotFound.into());
    }
    let checked = call.page.workflow.check_folder(opened.folder.clone()).await?;
    let of_file = checked.diagnostics.iter().filter(|found| found.at.file == path);
    let file = RuleFile {
        path: path.to_owned(),
        text: text.map(str::to_owned),
        before: before.map(str::to_owned),
        mistakes: of_file.map(|found| RuleMistake::of(found, call.language)).collect(),
    };
    Ok(([(ETAG, etag(opened.mark(path)))], Json(file)).into_response())
}

pub(super) async fn put(call: Call) -> Result<Response, Problem> {
    let wish: TextWish = call.wish()?;
    write(&call, Some(wish.text)).await
}

pub(super) async fn leave_out(call: Call) -> Result<Response, Problem> {
    write(&call, None).await
}

async fn write(call: &Call, text: Option<String>) -> Result<Response, Problem> {
    allowed(call).await?;
    let (id, path) = (number(call, "proposal")?, call.part("path").to_owned());
    // A file that is not there is known by no mark.
    let mark = match seen(call, ("een bestand van een voorstel", "a file of a proposal"))? {
        Some(mark) => mark.to_owned(),
        None if is_new(call) => String::new(),
        None => return Err(unseen()),
    };
    let edit = FileEdit { path, seen: mark, text };
    let proposals = call.page.workflow.proposals();
    proposals.write(id, call.person(), &edit).await.map_err(|e| refused(call, e))?;
    let opened = proposals.one(id).await.map_err(|e| refused(call, e))?;
    let summary = ProposalSummary::of(&opened.proposal);
    Ok(([(ETAG, etag(opened.mark(&edit.path)))], Json(summary)).into_response())
}

fn unseen() -> Problem {
    Problem::invalid(
        "header",
        "If-Match",
        "is nodig: de ETag van het bestand zoals u het zag, of `If-None-Match: *` als het er nog niet is",
        "is needed: the ETag of the file as you saw it, or `If-None-Match: *` where it is not there yet",
    )
}
