//! `/deliveries`: what was sent and what became of it, for who is told of alarms about plugins. What is sent about a complaint is
//! shown to who may see that complaint, by a key that is good for reading it.

use super::super::pages::is_delivery_told;
use super::call::Call;
use super::problem::{Kind, Problem};
use super::shapes::{At, Deliveries, Delivery, Replayed};
use crate::accounts::Scope;
use crate::calendar::Moment;
use crate::complaint::{Actor, Via};
use crate::workflow::{DeliveryFilter, DeliveryState, DeliverySummary, Replay, ReplayEnd};
use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use serde_json::json;

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    watches(&call).await?;
    let fields = call.fields();
    let moment = |name: &str| {
        let read = DateTime::parse_from_rfc3339(fields.get(name)).ok();
        read.map(|at| Moment::from_millis(at.timestamp_millis()))
    };
    let given = |name: &str| Some(fields.get(name).to_owned()).filter(|value| !value.is_empty());
    let filter = DeliveryFilter {
        state: fields.get("state").parse().ok(),
        plugin: given("plugin"),
        topic: given("topic"),
        since: moment("since"),
        until: moment("until"),
        complaint: None,
        behind: given("cursor").map(|cursor| place(&cursor)).transpose()?,
    };
    let limit = call.limit();
    // One more than is told says whether there is more.
    let mut found = call.page.workflow.reading().deliveries(&filter, limit + 1).await?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(|last| {
        call.with_parameter(
            "/api/v1/deliveries",
            "cursor",
            &format!("{}.{}", last.created_at.millis(), last.id),
        )
    });
    let deliveries = found.into_iter().map(delivery).collect();
    Ok(Json(Deliveries { deliveries, next }).into_response())
}

/// Reads a place in the list as it was handed out.
fn place(cursor: &str) -> Result<(Moment, String), Problem> {
    let split = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    let wrong = || {
        Problem::invalid("query", "cursor", "is geen cursor die is uitgegeven", "is none that was handed out")
    };
    split.map(|(at, id)| (Moment::from_millis(at), id)).ok_or_else(wrong)
}

pub(super) async fn one(call: Call) -> Result<Response, Problem> {
    watches(&call).await?;
    let found = call.page.workflow.reading().delivery(call.part("delivery")).await?;
    let found = found.ok_or(Kind::NotFound)?;
    let is_seen = match &found.reference {
        Some(reference) if call.who.caller.scopes.contains(&Scope::ReadComplaints) => {
            is_delivery_told(&call.page, &call.who.signed, reference).await?
        }
        _ => false,
    };
    let tried = found.tried.iter().map(|tried| {
        json!({"at": At(tried.at), "millis": tried.millis, "outcome": tried.outcome, "detail": tried.detail})
    });
    let tried: Vec<_> = tried.collect();
    let (reference, payload) = match is_seen {
        true => (json!(found.reference), found.payload),
        false => (json!(null), json!(null)),
    };
    let mut told = json!(delivery(found.summary));
    told["reference"] = reference;
    told["payload"] = payload;
    told["tried"] = json!(tried);
    Ok(Json(told).into_response())
}

pub(super) async fn replay(call: Call) -> Result<Response, Problem> {
    watches(&call).await?;
    let ids = [call.part("delivery").to_owned()];
    let by = (Actor::Person(call.person().to_owned()), Via::Api);
    match call.page.workflow.operations().replay(Replay::Ids(&ids), by).await? {
        ReplayEnd::Queued(queued) => Ok(Json(Replayed { replayed: queued.len() }).into_response()),
        ReplayEnd::Unknown(_) => Err(Kind::NotFound.into()),
    }
}

/// Answers nobody but who is told of alarms about plugins.
async fn watches(call: &Call) -> Result<(), Problem> {
    match call.page.workflow.watches_plugins(call.person()).await? {
        true => Ok(()),
        false => Err(Kind::NotFound.into()),
    }
}

fn delivery(d: DeliverySummary) -> Delivery {
    let is_queued = d.state == DeliveryState::Queued;
    Delivery {
        id: d.id,
        plugin: d.plugin,
        topic: d.topic,
        recipient: d.recipient,
        state: d.state.to_string(),
        attempts: d.attempts,
        created_at: At(d.created_at),
        next_at: is_queued.then_some(At(d.next_at)),
        last_error: d.last_error,
    }
}
