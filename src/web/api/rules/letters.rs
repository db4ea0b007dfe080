//! The messages of a folder: to whom each goes, its texts, and its words as they go, on a complaint that is made up or on one
//! that the person may see.

use super::looked::{Looked, number};
use super::shapes::BothWords;
use crate::complaint::{Language, Recipient};
use crate::web::api::call::Call;
use crate::web::api::problem::{Kind, Problem};
use crate::web::pages::seen;
use crate::workflow::{Published, Recipients, WorkflowError, message_file};
use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// A message in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct LetterSummary {
    name: String,
    /// Whether it is a part that messages share.
    is_part: bool,
    /// To whom the rules send it.
    recipients: Vec<String>,
    subject: BothWords,
    path: String,
}

/// The messages of a folder.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LetterList {
    letters: Vec<LetterSummary>,
}

/// What a message says in one language.
#[derive(Debug, Serialize, JsonSchema)]
struct LetterText {
    language: String,
    /// Its file, by which it is changed.
    file: String,
    /// Null where it is not written yet.
    text: Option<String>,
    /// It as it goes; null where it cannot be worded.
    worded: Option<WordedLetter>,
    /// Why it cannot be worded.
    why: Option<String>,
}

/// A message as it goes.
#[derive(Debug, Serialize, JsonSchema)]
struct WordedLetter {
    subject: String,
    body: String,
}

/// What a message can fill in.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FillsIn {
    path: String,
    help: Option<String>,
    /// Whether it is filled whenever the message is sent.
    is_certain: bool,
}

/// A message.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LetterDetails {
    name: String,
    texts: Vec<LetterText>,
    placeholders: Vec<FillsIn>,
    /// Whether it is about a complaint.
    is_about_complaint: bool,
}

/// Returns the ruleset of the folder; none where it does not load.
async fn published(call: &Call, looked: &Looked) -> Result<Option<Arc<Published>>, Problem> {
    match &looked.opened {
        None => Ok(Some(call.page.workflow.published())),
        Some(opened) => Ok(call.page.workflow.check_folder(opened.folder.clone()).await?.published.clone()),
    }
}

fn said(to: &Recipient) -> String {
    to.as_str().to_owned()
}

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    let looked = Looked::at(&call).await?;
    let recipients = match published(&call, &looked).await? {
        None => Recipients::default(),
        Some(published) => {
            let work = tokio::task::spawn_blocking(move || Recipients::of(&published)).await;
            work.map_err(|_| WorkflowError::Interrupted)?
        }
    };
    let subject = |language, name: &str| looked.folder.subject(language, name).unwrap_or_default().to_owned();
    let letters = looked.folder.message_names().into_iter().map(|name| LetterSummary {
        is_part: name.starts_with('_'),
        recipients: recipients.of_message(&name).map(said).collect(),
        subject: BothWords { nl: subject(Language::Dutch, &name), en: subject(Language::English, &name) },
        path: format!("{}/letters/{name}", looked.base()),
        name,
    });
    Ok(Json(LetterList { letters: letters.collect() }).into_response())
}

pub(super) async fn one(call: Call) -> Result<Response, Problem> {
    let looked = Looked::at(&call).await?;
    if call.path.contains_key("proposal") {
        number(&call, "proposal")?;
    }
    let name = call.part("letter").to_owned();
    if !looked.folder.message_names().contains(&name) {
        return Err(Kind::NotFound.into());
    }
    let workflow = Arc::clone(&call.page.workflow);
    let fields = call.fields();
    let real = match fields.get("complaint") {
        "" => None,
        _ if !call.reads_complaints() => return Err(Kind::ScopeNeeded.into()),
        reference => {
            let (_, case) = seen(&call.page, &call.who.signed, reference).await?;
            Some((case, workflow.now().await?))
        }
    };
    let preview = match published(&call, &looked).await? {
        None => None,
        Some(published) => {
            let message = name.clone();
            let work = tokio::task::spawn_blocking(move || {
                workflow.preview_letter(&published, &message, real.as_ref().map(|(case, now)| (case, *now)))
            });
            work.await.map_err(|_| WorkflowError::Interrupted)?
        }
    };
    let text = |language: &Language| {
        let file = message_file(*language, &name);
        let words = preview.iter().flat_map(|preview| &preview.words).find(|(of, _)| of == language);
        let worded = words.and_then(|(_, words)| words.as_ref().ok());
        let why = words.and_then(|(_, words)| words.as_ref().err());
        LetterText {
            language: language.as_str().to_owned(),
            text: looked.folder.text(&file).map(str::to_owned),
            file,
            worded: worded
                .map(|words| WordedLetter { subject: words.subject.clone(), body: words.text.clone() }),
            why: why.map(|why| why.in_language(call.language).to_owned()),
        }
    };
    let placeholders = preview.iter().flat_map(|preview| &preview.placeholders).map(|one| FillsIn {
        path: one.path.clone(),
        help: one.help.map(|help| help.in_language(call.language).to_owned()),
        is_certain: one.is_certain,
    });
    Ok(Json(LetterDetails {
        texts: Language::ALL.iter().map(text).collect(),
        placeholders: placeholders.collect(),
        is_about_complaint: preview.as_ref().is_none_or(|preview| preview.is_about_complaint),
        name,
    })
    .into_response())
}
