//! `/complaints`: the register and each complaint, as the person of the key may see them; and `/caller`.

use super::super::pages::register::query_of;
use super::super::pages::{
    PART, day, dossier as of_page, is_reference, place_of, place_text, register, workbook,
};
use super::call::Call;
use super::conditions::etag;
use super::parts::Parts;
use super::problem::{Kind, Problem};
use super::shapes::{At, Caller, ComplaintList, View, ViewList};
use crate::calendar::Date;
use crate::complaint::State as InState;
use crate::workflow::{Place, RegisterWish, Sequence, Stage};
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

pub(super) async fn caller(call: Call) -> Result<Response, Problem> {
    let (who, parts) = (&call.who, Parts::of(&call));
    let person = &who.signed.person;
    let roles = person.roles.iter().map(|role| parts.role(role)).collect();
    let (key, scopes) = (who.caller.id.clone(), who.caller.scopes.clone());
    let (email, name) = (person.email.clone(), person.name.clone());
    Ok(Json(Caller { key, email, name, roles, scopes }).into_response())
}

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    let (wish, limit) = (wish(&call)?, call.limit().min(PART));
    let found = call.page.workflow.register_page(call.person(), &wish, limit).await?;
    let parts = Parts::of(&call);
    let next = found.next.map(|next| next_path(&call, &next.sequence));
    let complaints = found.complaints.iter().map(|c| parts.listed(c)).collect();
    Ok(Json(ComplaintList { complaints, next }).into_response())
}

/// Reads what a program wants to see of the register.
fn wish(call: &Call) -> Result<RegisterWish, Problem> {
    let fields = call.fields();
    let stage = match (fields.get("stage"), fields.get("state")) {
        ("", "") => None,
        ("open", "") => Some(Stage::Open),
        ("closed", "") => Some(Stage::Closed),
        ("", state) => {
            let (state, known) = (InState::from(state), Parts::of(call).labels.states());
            if !known.iter().any(|(name, _)| *name == state) {
                let names: Vec<String> = known.iter().map(|(name, _)| name.to_string()).collect();
                let names = names.join(", ");
                let nl = format!("is geen status van de procedure; dat zijn: {names}");
                let en = format!("is no state of the procedure; those are: {names}");
                return Err(Problem::invalid("query", "state", nl, en));
            }
            Some(Stage::In(state))
        }
        _ => {
            return Err(Problem::invalid(
                "query",
                "stage",
                "kan niet samen met `state`",
                "cannot be asked for together with `state`",
            ));
        }
    };
    let day = |name: &str| fields.get(name).parse::<Date>().ok();
    let is_mine = fields.get("mine") == "true";
    let responsible = Some(fields.get("responsible").to_lowercase()).filter(|email| !email.is_empty());
    Ok(RegisterWish {
        stage,
        is_late: fields.get("late") == "true",
        responsible: if is_mine { Some(call.person().to_owned()) } else { responsible },
        received: (day("receivedFrom"), day("receivedTo")),
        at: day("at"),
        sequence: sequence(call)?,
    })
}

fn sequence(call: &Call) -> Result<Sequence, Problem> {
    let fields = call.fields();
    let (beginning, cursor) = (fields.get("number").to_uppercase(), fields.get("cursor"));
    if !beginning.is_empty() && !matches!(fields.get("order"), "" | "number") {
        return Err(Problem::invalid(
            "query",
            "order",
            "is altijd `number` als `number` is gegeven",
            "is always `number` where `number` is given",
        ));
    }
    let order = if beginning.is_empty() { fields.get("order") } else { "number" };
    let place = || -> Result<Option<Place>, Problem> {
        let wrong = |_| {
            Problem::invalid(
                "query",
                "cursor",
                "is geen cursor die is uitgegeven",
                "is none that was handed out",
            )
        };
        place_of(&call.page, cursor).map_err(wrong)
    };
    match order {
        "oldest" => Ok(Sequence::Oldest(place()?)),
        "number" if cursor.is_empty() => Ok(Sequence::Number { beginning, after: None }),
        "number" if is_reference(cursor) => {
            Ok(Sequence::Number { beginning, after: Some(cursor.to_owned().into()) })
        }
        "number" => Err(Problem::invalid(
            "query",
            "cursor",
            "is geen cursor die is uitgegeven",
            "is none that was handed out",
        )),
        _ => Ok(Sequence::Newest(place()?)),
    }
}

/// Returns the path and query of the page from a place on.
fn next_path(call: &Call, sequence: &Sequence) -> String {
    let cursor = match sequence {
        Sequence::Newest(place) | Sequence::Oldest(place) => place.map(place_text).unwrap_or_default(),
        Sequence::Number { after, .. } => after.as_ref().map(ToString::to_string).unwrap_or_default(),
    };
    call.with_parameter("/api/v1/complaints", "cursor", &cursor)
}

pub(super) async fn one(call: Call) -> Result<Response, Problem> {
    let (id, case) = call.complaint().await?;
    let details = Parts::of(&call).details(id, &case).await?;
    Ok(([(ETAG, etag(details.version))], Json(details)).into_response())
}

/// One complaint as it stood at the end of a local day.
pub(super) async fn one_at(call: Call) -> Result<Response, Problem> {
    let (id, _) = call.complaint().await?;
    let day = day(call.part("day")).ok().flatten().ok_or(Kind::NotFound)?;
    let then = call.page.workflow.as_at(id, day).await?.ok_or(Kind::NotFound)?;
    let version = then.events.last().map_or(0, |event| event.version);
    let details = Parts::of(&call).whole(id, version, &then.complaint, &then.terms).await?;
    Ok(Json(details).into_response())
}

/// The register as a file.
pub(super) async fn file(call: Call) -> Result<Response, Problem> {
    let query = RawQuery(Some(query_of(&wish(&call)?)));
    let (page, signed) = (State(Arc::clone(&call.page)), call.who.signed.clone());
    match call.part("file") {
        "register.csv" => Ok(register::download(page, signed, query).await?),
        "register.xlsx" => Ok(workbook::download(page, signed, query).await?),
        _ => Err(Kind::NotFound.into()),
    }
}

/// Tells who looked at a complaint, to who oversees.
pub(super) async fn views(call: Call) -> Result<Response, Problem> {
    let (id, _) = call.complaint().await?;
    let views = call.page.workflow.views_of(call.person(), id).await?.ok_or(Kind::NotFound)?;
    let views = views.into_iter().map(|view| View { email: view.email, at: At(view.at) }).collect();
    Ok(Json(ViewList { views }).into_response())
}

pub(super) async fn dossier(call: Call) -> Result<Response, Problem> {
    let (page, signed) = (Arc::clone(&call.page), call.who.signed.clone());
    let reference = call.part("reference").to_owned();
    Ok(of_page::download(State(page), signed, Path(reference)).await?)
}
