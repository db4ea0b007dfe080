//! An action that asks nothing, on several complaints: what would happen to each, and doing it. Each is decided on by itself.

use crate::complaint::{Recipient, Text};
use crate::web::api::call::Call;
use crate::web::api::conditions::key;
use crate::web::api::parts::Parts;
use crate::web::api::problem::{Kind, Problem};
use crate::web::api::shapes::Named;
use crate::web::pages::seen;
use crate::web::texts::both;
use crate::web::trouble::Trouble;
use crate::workflow::{ActError, Keyed, Submission};
use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most complaints at once.
const AT_ONCE: usize = 50;

/// A complaint that is meant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Chosen {
    reference: String,
    /// The version that was looked at, without which nothing is done.
    #[serde(default)]
    version: Option<i64>,
}

/// The complaints that are meant: at most 50.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SeveralWish {
    #[schemars(length(min = 1, max = 50))]
    complaints: Vec<Chosen>,
}

/// What would happen to a complaint, or what became of it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct OneOfSeveral {
    reference: String,
    /// `possible`, `taken`, `takenBefore`, `changed`, `keyReused`, `notOffered`, `refused`, `notFound` or `failed`.
    outcome: &'static str,
    /// The version that was looked at, or that the action made.
    version: Option<i64>,
    /// The state before and after, where it would be done.
    before: Option<Named>,
    after: Option<Named>,
    /// What would happen, in words.
    events: Vec<String>,
    /// The letters that would go to the complainant.
    letters: usize,
    /// Why not, in words.
    why: Option<String>,
}

/// What would happen to several complaints, or what became of them, in the order in which they were named.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct SeveralAnswer {
    complaints: Vec<OneOfSeveral>,
}

fn one(reference: &str, outcome: &'static str) -> OneOfSeveral {
    OneOfSeveral {
        reference: reference.to_owned(),
        outcome,
        version: None,
        before: None,
        after: None,
        events: Vec::new(),
        letters: 0,
        why: None,
    }
}

fn chosen(call: &Call) -> Result<Vec<Chosen>, Problem> {
    let wish: SeveralWish = call.wish()?;
    if !(1..=AT_ONCE).contains(&wish.complaints.len()) {
        let (nl, en) = ("noemt niet 1 tot 50 klachten", "does not name 1 to 50 complaints");
        return Err(Problem::invalid("body", "/complaints", nl, en));
    }
    let published = call.page.workflow.published();
    published.ruleset.action_label(call.part("action")).ok_or(Kind::NotFound)?;
    Ok(wish.complaints)
}

pub(super) async fn preview(call: Call) -> Result<Response, Problem> {
    let mut complaints = Vec::new();
    for chosen in chosen(&call)? {
        complaints.push(foreseen(&call, &chosen.reference).await?);
    }
    Ok(Json(SeveralAnswer { complaints }).into_response())
}

async fn foreseen(call: &Call, reference: &str) -> Result<OneOfSeveral, Problem> {
    let (workflow, action, nothing) = (&call.page.workflow, call.part("action"), BTreeMap::new());
    let id = match seen(&call.page, &call.who.signed, reference).await {
        Ok((id, _)) => id,
        Err(Trouble::NotFound) => return Ok(unknown(call, reference)),
        Err(other) => return Err(other.into()),
    };
    let own = workflow.actions_for(call.person(), id).await?.own;
    if !own.iter().any(|offered| offered.id == action && offered.asks.is_empty()) {
        let why = said(call, &both("bulk_not_offered", &[]));
        return Ok(OneOfSeveral { why, ..one(reference, "notOffered") });
    }
    let foreseen = match workflow.foresee(call.person(), id, action, &nothing).await {
        Ok(foreseen) => foreseen,
        Err(e) => return told(call, reference, e),
    };
    let (parts, (before, after)) = (Parts::of(call), &foreseen.states);
    let texts = foreseen.course.iter().chain(&foreseen.faults);
    Ok(OneOfSeveral {
        version: Some(foreseen.version),
        before: Some(parts.state(before)),
        after: Some(parts.state(after)),
        events: texts.map(|text| text.in_language(call.language).to_owned()).collect(),
        letters: foreseen.letters.iter().filter(|l| l.recipient == Recipient::Complainant).count(),
        ..one(reference, "possible")
    })
}

pub(super) async fn take(call: Call) -> Result<Response, Problem> {
    let (chosen, key) = (chosen(&call)?, key(&call)?);
    if let Some(place) = chosen.iter().position(|one| one.version.is_none()) {
        let (nl, en) = ("is nodig: de versie die is bekeken", "is needed: the version that was looked at");
        return Err(Problem::invalid("body", format!("/complaints/{place}/version"), nl, en));
    }
    let mut complaints = Vec::new();
    for Chosen { reference, version } in chosen {
        // Others may be done already, which is told; so is that this one is not.
        let done = taken(&call, &key, &reference, version.unwrap_or(0)).await;
        complaints.push(done.unwrap_or_else(|_| {
            let why = said(&call, &both("bulk_failed", &[]));
            OneOfSeveral { why, ..one(&reference, "failed") }
        }));
    }
    Ok(Json(SeveralAnswer { complaints }).into_response())
}

async fn taken(call: &Call, key: &str, reference: &str, version: i64) -> Result<OneOfSeveral, Problem> {
    let (workflow, nothing) = (&call.page.workflow, BTreeMap::new());
    let (person, via) = call.by();
    let Ok(id) = workflow.id_of(reference).await else { return Ok(unknown(call, reference)) };
    let form = Submission { person, id, action: call.part("action"), answers: &nothing, version, key, via };
    // Before anything that only holds while the action is still to be taken.
    let outcome = match workflow.keyed_before(&form).await? {
        Some(before) => before,
        None => match seen(&call.page, &call.who.signed, reference).await {
            Err(Trouble::NotFound) => return Ok(unknown(call, reference)),
            Err(other) => return Err(other.into()),
            Ok(_) => match workflow.submit_by_key(&form, Some(version)).await {
                Ok(outcome) => outcome,
                Err(e) => return told(call, reference, e),
            },
        },
    };
    let (outcome, version) = match outcome {
        Keyed::Done(version) => ("taken", Some(version)),
        Keyed::Already(version) => ("takenBefore", Some(version)),
        Keyed::Reused => ("keyReused", None),
        Keyed::Changed => ("changed", None),
    };
    let why = if outcome == "changed" { said(call, &both("bulk_changed", &[])) } else { None };
    Ok(OneOfSeveral { version, why, ..one(reference, outcome) })
}

fn said(call: &Call, text: &Text) -> Option<String> {
    Some(text.in_language(call.language).to_owned())
}

fn unknown(call: &Call, reference: &str) -> OneOfSeveral {
    OneOfSeveral { why: said(call, &both("bulk_unknown", &[])), ..one(reference, "notFound") }
}

/// Tells why one is not done, where that is no failure of ours.
fn told(call: &Call, reference: &str, error: ActError) -> Result<OneOfSeveral, Problem> {
    match error {
        ActError::Refused(why) => Ok(OneOfSeveral { why: said(call, &why), ..one(reference, "refused") }),
        ActError::Changed => {
            let why = said(call, &both("bulk_changed", &[]));
            Ok(OneOfSeveral { why, ..one(reference, "changed") })
        }
        ActError::Unknown(_) | ActError::Stranger(_) => Ok(unknown(call, reference)),
        ActError::Workflow(e) => Err(e.into()),
    }
}
