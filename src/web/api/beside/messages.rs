//! One mail or one letter of a complaint: the original, what came with it, calling it back, and why it came; and the action by
//! which the person meets what waits for them.

use crate::complaint::Source;
use crate::web::api::call::Call;
use crate::web::api::parts::Parts;
use crate::web::api::problem::{Kind, Problem};
use crate::web::api::shapes::{At, Named, NoWish};
use crate::web::pages::{mail as of_page, seen};
use crate::web::texts::both;
use crate::workflow::{ReachedAs, RecallError, SentLetter, because};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

fn of_mail(call: &Call) -> Path<(String, String)> {
    Path((call.part("reference").to_owned(), call.part("mail").to_owned()))
}

/// The whole mail as it came in.
pub(super) async fn raw(call: Call) -> Result<Response, Problem> {
    Ok(of_page::raw(State(Arc::clone(&call.page)), call.who.signed.clone(), of_mail(&call)).await?)
}

/// The document of a mail, which runs nothing and loads nothing.
pub(super) async fn original(call: Call) -> Result<Response, Problem> {
    Ok(of_page::original(State(Arc::clone(&call.page)), call.who.signed.clone(), of_mail(&call)).await?)
}

pub(super) async fn attachment(call: Call) -> Result<Response, Problem> {
    let Path((reference, mail)) = of_mail(&call);
    let path = Path((reference, mail, call.part("sha256").to_owned()));
    Ok(of_page::attachment(State(Arc::clone(&call.page)), call.who.signed.clone(), path).await?)
}

/// A letter that was called back.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Recalled {
    /// The complaint, as it was asked for.
    reference: String,
    /// The letter, by the version of the complaint that sent it and its place.
    letter: String,
}

pub(super) async fn recall(call: Call) -> Result<Response, Problem> {
    let NoWish {} = call.wish()?;
    let (id, _) = seen(&call.page, &call.who.signed, call.part("reference")).await?;
    let (version, ordinal) = place(&call)?;
    let letter = SentLetter { complaint: id, version, ordinal };
    match call.page.workflow.recall(call.by(), letter).await {
        Ok(()) => {
            let (reference, letter) = (call.part("reference").to_owned(), format!("{version}/{ordinal}"));
            Ok(Json(Recalled { reference, letter }).into_response())
        }
        Err(RecallError::NotFound) => Err(Kind::NotFound.into()),
        Err(RecallError::OnItsWay) => {
            Err(Problem { detail: Some(both("recall_too_late", &[])), ..Kind::Refused.into() })
        }
        Err(RecallError::Workflow(e)) => Err(e.into()),
    }
}

fn place(call: &Call) -> Result<(i64, u32), Problem> {
    let place = call.part("version").parse().ok().zip(call.part("ordinal").parse().ok());
    place.ok_or_else(|| Kind::NotFound.into())
}

/// Why a message came.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WhyItCame {
    subject: String,
    at: At,
    /// The addresses it went to.
    to: Vec<String>,
    /// How it reached the person of the key: `responsible`, `role`, `standsIn`, `named`, or `not` at all.
    reached_as: &'static str,
    /// The role in which, or in whose place.
    role: Option<Named>,
    /// What sent it: `rule`, `action`, `schedule`, `engine` or `person`.
    cause: &'static str,
    /// The name of the rule, action or schedule.
    rule: Option<String>,
    /// The address of who did what it follows from, or `system`.
    by: Option<String>,
    /// The conditions that held, as the rules say them.
    because: Vec<String>,
}

pub(super) async fn why(call: Call) -> Result<Response, Problem> {
    let (id, _) = seen(&call.page, &call.who.signed, call.part("reference")).await?;
    let (version, ordinal) = place(&call)?;
    let found = call.page.workflow.why_sent(id, version, ordinal).await?;
    let (sent, event) = found.ok_or(Kind::NotFound)?;
    let (parts, notification) = (Parts::of(&call), &sent.notification);
    let (reached_as, role) = match call.page.workflow.reached_as(&call.who.signed.person, notification) {
        ReachedAs::Responsible => ("responsible", None),
        ReachedAs::Role(role) => ("role", Some(parts.role(&role))),
        ReachedAs::StandsIn(role) => ("standsIn", Some(parts.role(&role))),
        ReachedAs::Named => ("named", None),
        ReachedAs::Not => ("not", None),
    };
    let (cause, rule) = match &notification.source {
        Source::Rule(rule) => ("rule", Some(rule.to_string())),
        Source::Action { id, .. } => ("action", Some(id.to_string())),
        Source::Schedule(name) => ("schedule", Some(name.to_string())),
        Source::Engine => ("engine", None),
        Source::Person => ("person", None),
    };
    Ok(Json(WhyItCame {
        subject: notification.subject.clone(),
        at: At(sent.at),
        to: notification.addresses.clone(),
        reached_as,
        role,
        cause,
        rule,
        by: event.as_ref().map(|event| event.by.to_string()),
        because: event.as_ref().map(because).unwrap_or_default(),
    })
    .into_response())
}

/// The action by which the person meets the first term that waits for them.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct NextAction {
    /// Null where none does.
    action: Option<Named>,
    /// Where it is taken; null where none does.
    path: Option<String>,
}

pub(super) async fn next(call: Call) -> Result<Response, Problem> {
    let (id, case) = call.complaint().await?;
    let action = call.page.workflow.next_action(call.person(), id).await?;
    let reference = case.complaint.reference().to_owned();
    let path = action.as_ref().map(|a| format!("/api/v1/complaints/{reference}/actions/{}", a.id));
    let action = action.map(|action| Named { name: action.id, label: action.label });
    Ok(Json(NextAction { action, path }).into_response())
}
