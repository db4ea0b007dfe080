//! `/procedure/letters` and `/proposals/ID/letters`: every letter and notice, to whom it goes, and which a proposal changes.

use super::head::head;
use super::{allowed, trouble};
use crate::complaint::{Language, Recipient};
use crate::rules::RulesFolder;
use crate::web::dates::Dates;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::{Labels, Published, Recipients, WorkflowError, message_file};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

pub(in crate::web) async fn in_force(
    State(page): State<Arc<Page>>,
    signed: Signed,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let folder = page.workflow.proposals().folder_in_force().await.map_err(trouble)?;
    let recipients = recipients(Some(page.workflow.published())).await?;
    let (letters, parts) = rows(&page, &signed, &folder, &recipients, &|_| false);
    let of = context! { letters, parts, at => "/procedure/letters", is_proposal => false };
    shown(&page, &signed, of)
}

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let opened = page.workflow.proposals().one(id).await.map_err(trouble)?;
    let checked = page.workflow.check_folder(opened.folder.clone()).await?;
    let recipients = recipients(checked.published.clone()).await?;
    let is_changed = |path: &str| opened.files.contains_key(path);
    let (letters, parts) = rows(&page, &signed, &opened.folder, &recipients, &is_changed);
    let dates = Dates::now(&page, signed.language).await?;
    let of = context! {
        letters, parts, at => format!("/proposals/{id}/letters"), is_proposal => true, ..head(&page, &signed, &dates, &opened)
    };
    shown(&page, &signed, of)
}

fn shown(page: &Page, signed: &Signed, of: Value) -> Result<Response, Trouble> {
    let title = say(signed.language, "letters_title", &[]);
    page.show(signed, StatusCode::OK, Shown { template: "letters", title, here: "/procedure", of })
}

async fn recipients(published: Option<Arc<Published>>) -> Result<Recipients, Trouble> {
    let Some(published) = published else { return Ok(Recipients::default()) };
    let work = tokio::task::spawn_blocking(move || Recipients::of(&published));
    Ok(work.await.map_err(|_| WorkflowError::Interrupted)?)
}

/// Returns the messages, and the parts that they share, as a template shows them.
fn rows(
    page: &Page,
    signed: &Signed,
    folder: &RulesFolder,
    recipients: &Recipients,
    is_changed: &dyn Fn(&str) -> bool,
) -> (Vec<Value>, Vec<Value>) {
    let labels = page.workflow.labels(signed.language);
    let (mut letters, mut parts) = (Vec::new(), Vec::new());
    for name in folder.message_names() {
        let to: Vec<String> =
            recipients.of_message(&name).map(|to| called(signed.language, &labels, to)).collect();
        let subject = |language| folder.subject(language, &name).unwrap_or_default();
        let changed = Language::ALL.iter().any(|language| is_changed(&message_file(*language, &name)));
        let row =
            context! { name, to, nl => subject(Language::Dutch), en => subject(Language::English), changed };
        if name.starts_with('_') { parts.push(row) } else { letters.push(row) }
    }
    (letters, parts)
}

/// Returns what somebody is called to whom a message goes.
fn called(language: Language, labels: &Labels, to: &Recipient) -> String {
    let word = |key: &str| say(language, key, &[]);
    labels.recipient(to).unwrap_or_else(|| match to {
        Recipient::Complainant => word("the_complainant"),
        _ => word("letter_to_responsible"),
    })
}
