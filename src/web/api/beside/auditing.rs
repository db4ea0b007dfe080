//! `/trail`: whether the trail holds, its head and to whom that was given, and the last backup; `/looks`: who looked at which complaint; for who sees
//! every complaint.

use crate::web::api::call::Call;
use crate::web::api::problem::{Kind, Problem};
use crate::web::api::shapes::{At, Day};
use crate::web::pages::auditing::{place, place_text};
use crate::workflow::Audit;
use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

/// The last walk through the trail.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Walk {
    at: At,
    /// `holds`, `holdsSince` (where earlier events are not signed), `broken` or `notWalked` to its end.
    found: &'static str,
    /// How many events it has.
    events: Option<i64>,
    /// The first event that is signed, or the one at which it breaks.
    at_event: Option<i64>,
}

/// The walk that is under way.
#[derive(Debug, Serialize, JsonSchema)]
struct UnderWay {
    done: i64,
    all: i64,
}

/// To whom the head was given out last.
#[derive(Debug, Serialize, JsonSchema)]
struct GivenOut {
    on: Day,
    /// The event that it names.
    sequence: i64,
}

/// How the trail stands. Where it was not walked through within the hour, asking begins that.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Trail {
    walked: Option<Walk>,
    under_way: Option<UnderWay>,
    /// The moment of its first event.
    begun_at: Option<At>,
    /// The place and the hash of the newest event.
    head: String,
    given_out: Option<GivenOut>,
    /// When the database was last backed up, as far as that was recorded.
    last_backup_at: Option<At>,
}

pub(super) async fn trail(call: Call) -> Result<Response, Problem> {
    if !call.page.workflow.audits(call.person()).await? {
        return Err(Kind::NotFound.into());
    }
    let standing = call.page.workflow.trail_standing().await?;
    let backup = call.page.workflow.overseeing().oversight().backed_up_at().await?;
    let walked = standing.walked.map(|walked| {
        let (found, events, at_event) = match walked.found {
            Some(Audit::Holds { events }) => ("holds", Some(events), None),
            Some(Audit::HoldsSince { events, signed_from }) => {
                ("holdsSince", Some(events), Some(signed_from))
            }
            Some(Audit::Broken { seq }) => ("broken", None, Some(seq)),
            None => ("notWalked", None, None),
        };
        Walk { at: At(walked.at), found, events, at_event }
    });
    Ok(Json(Trail {
        walked,
        under_way: standing.under_way.map(|(done, all)| UnderWay { done, all }),
        begun_at: standing.begun_at.map(At),
        head: standing.head,
        last_backup_at: backup.map(At),
        given_out: standing.told.map(|(on, sequence)| GivenOut { on: Day(on), sequence }),
    })
    .into_response())
}

/// Somebody who looked at a complaint.
#[derive(Debug, Serialize, JsonSchema)]
struct Looked {
    reference: String,
    email: String,
    /// The first look of an hour.
    at: At,
}

/// Who looked at which complaint, the newest hour first.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LookList {
    looks: Vec<Looked>,
    /// The path and query of the next page; null where this is the last.
    next: Option<String>,
}

pub(super) async fn looks(call: Call) -> Result<Response, Problem> {
    let fields = call.fields();
    let after = match fields.get("cursor") {
        "" => None,
        cursor => Some(place(cursor).ok_or_else(|| {
            let (nl, en) = ("is geen cursor die is uitgegeven", "is none that was handed out");
            Problem::invalid("query", "cursor", nl, en)
        })?),
    };
    let page = call.page.workflow.looks_page(call.person(), after.as_ref(), call.limit()).await?;
    let page = page.ok_or(Kind::NotFound)?;
    let looks = page.looks.iter().map(|look| Looked {
        reference: look.facts().reference().to_owned(),
        email: look.email.clone(),
        at: At(look.at),
    });
    let next = page.next.as_ref();
    let next = next.map(|place| call.with_parameter("/api/v1/looks", "cursor", &place_text(place)));
    Ok(Json(LookList { looks: looks.collect(), next }).into_response())
}
