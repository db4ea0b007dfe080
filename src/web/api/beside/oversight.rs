//! `/oversight`: for who oversees: what is late and why, what is escalated, whom is waited for, and how much there is.

use crate::web::api::call::Call;
use crate::web::api::parts::Parts;
use crate::web::api::problem::{Kind, Problem};
use crate::web::api::shapes::{At, Day, Named};
use crate::workflow::LateBecause;
use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

/// A term of the organisation that has passed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct LateTerm {
    reference: String,
    subject: String,
    term: Named,
    due_at: At,
    owner: Named,
    /// The address of who is responsible.
    responsible: Option<String>,
    /// What holds it up, as far as that is known: `nobodyResponsible`, `absent`, `notArrived`, `escalated`.
    because: Vec<&'static str>,
}

/// A term that runs.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct RunningTerm {
    term: Named,
    due_at: At,
    owner: Named,
}

/// A complaint that is escalated.
#[derive(Debug, Serialize, JsonSchema)]
struct Escalated {
    reference: String,
    subject: String,
    step: Named,
    terms: Vec<RunningTerm>,
}

/// The terms that run and wait for somebody.
#[derive(Debug, Serialize, JsonSchema)]
struct WaitingFor {
    /// Null for the complainant.
    role: Option<Named>,
    running: i64,
    late: i64,
}

/// The open complaints for which somebody is responsible.
#[derive(Debug, Serialize, JsonSchema)]
struct OpenOf {
    /// Null for those that nobody is responsible for.
    responsible: Option<String>,
    open: i64,
    late: i64,
}

/// The complaints that were registered in a month.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct MonthOf {
    /// The first day of the month.
    first: Day,
    registered: i64,
    year_before: i64,
}

/// A message that does not arrive.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Stuck {
    reference: String,
    at: At,
    recipient: String,
    subject: String,
    /// Whether it was given up; else it waits.
    is_dead: bool,
}

/// The whole, as somebody sees it who oversees; of each list the first 15.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Overview {
    late: Vec<LateTerm>,
    /// How many terms of the organisation have passed.
    late_terms: i64,
    escalated: Vec<Escalated>,
    waiting: Vec<WaitingFor>,
    loads: Vec<OpenOf>,
    months: Vec<MonthOf>,
    stuck: Vec<Stuck>,
    /// The moment at which figures were counted; null where that is now.
    counted_at: Option<At>,
}

pub(super) async fn show(call: Call) -> Result<Response, Problem> {
    let workflow = &call.page.workflow;
    if !workflow.oversees(call.person(), workflow.now().await?) {
        return Err(Kind::NotFound.into());
    }
    let whole = workflow.oversee(call.person()).await?;
    let parts = Parts::of(&call);
    let late = whole.late.into_iter().map(|late| LateTerm {
        reference: late.reference,
        subject: late.subject,
        term: parts.term(&late.term),
        due_at: At(late.due),
        owner: parts.role(&late.owner),
        responsible: late.responsible,
        because: late.because.into_iter().map(because).collect(),
    });
    let escalated = whole.escalated.into_iter().map(|one| Escalated {
        reference: one.reference,
        subject: one.subject,
        step: parts.option(one.step.as_str()),
        terms: one
            .terms
            .iter()
            .map(|(term, due, owner)| RunningTerm {
                term: parts.term(term),
                due_at: At(*due),
                owner: parts.role(owner),
            })
            .collect(),
    });
    let waiting = whole.waiting.into_iter().map(|one| WaitingFor {
        role: one.role.as_ref().map(|role| parts.role(role)),
        running: one.running,
        late: one.late,
    });
    let loads = whole.loads.into_iter();
    let loads = loads.map(|l| OpenOf { responsible: l.responsible, open: l.open, late: l.late });
    let months = whole.months.into_iter().map(|month| MonthOf {
        first: Day(month.first),
        registered: month.registered,
        year_before: month.year_before,
    });
    let stuck = whole.stuck.into_iter().map(|one| Stuck {
        reference: one.reference,
        at: At(one.at),
        recipient: one.recipient.as_str().to_owned(),
        subject: one.subject,
        is_dead: one.is_dead,
    });
    Ok(Json(Overview {
        late: late.collect(),
        late_terms: whole.late_terms,
        escalated: escalated.collect(),
        waiting: waiting.collect(),
        loads: loads.collect(),
        months: months.collect(),
        stuck: stuck.collect(),
        counted_at: whole.counted_at.map(At),
    })
    .into_response())
}

const fn because(why: LateBecause) -> &'static str {
    match why {
        LateBecause::NobodyResponsible => "nobodyResponsible",
        LateBecause::Absent => "absent",
        LateBecause::NotArrived => "notArrived",
        LateBecause::Escalated => "escalated",
    }
}
