//! `/faults`: the rules that fail, for how many complaints and what they say, and the complaints for which rules are
//! suspended, with trying those again for who may change the rules.

use super::allowed;
use crate::complaint::Via;
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::pages::complaint::is_reference;
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{ActError, Faults, FaultyRule};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let fields = Fields::of_query(query.as_deref());
    whole(&page, &signed, StatusCode::OK, fields.get("tried")).await
}

async fn whole(page: &Page, signed: &Signed, status: StatusCode, tried: &str) -> Result<Response, Trouble> {
    let may = allowed(page, signed).await?;
    let person = signed.person.email.as_str();
    let found = page.workflow.faults_seen_by(person).await?;
    let dates = Dates::now(page, signed.language).await?;
    let (now, before): (Vec<&FaultyRule>, Vec<&FaultyRule>) = found.rules.iter().partition(|r| r.is_in_force);
    let rows = |rules: Vec<&FaultyRule>| -> Vec<Value> {
        rules.into_iter().map(|rule| row(signed, &dates, rule)).collect()
    };
    let suspended = found.suspended.iter().map(|s| context! { reference => s.reference, rules => s.rules });
    let is_seen = is_reference(tried) && page.workflow.seen_by(person, tried).await?.is_some();
    let notice = match (status, is_seen) {
        (StatusCode::CONFLICT, _) => say(signed.language, "faults_changed", &[]),
        (_, true) => what_came_of(signed, &found, tried),
        (_, false) => String::new(),
    };
    let of = context! {
        notice, rules => rows(now), earlier => rows(before), suspended => suspended.collect::<Vec<_>>(),
        more_suspended => found.more_suspended, looked_at => found.looked_at, complaints => found.complaints,
        may_change => may.change, rules_language => page.language().as_str(),
    };
    let title = say(signed.language, "faults_title", &[]);
    page.show(signed, status, Shown { template: "faults", title, here: "/procedure", of })
}

fn row(signed: &Signed, dates: &Dates, rule: &FaultyRule) -> Value {
    let place = rule.place.as_ref();
    context! {
        name => rule.name, says => rule.says.in_language(signed.language), count => rule.count,
        place => place.map(|(file, line)| context! { file, line }), complaints => rule.complaints,
        last => rule.last.map(|at| dates.moment(at)).unwrap_or_default(),
    }
}

/// Says whether the rules of a complaint that were tried again are suspended again.
fn what_came_of(signed: &Signed, found: &Faults, reference: &str) -> String {
    match found.suspended.iter().find(|s| s.reference == reference) {
        None => say(signed.language, "faults_lifted", &[("reference", reference)]),
        Some(s) => {
            let rules = s.rules.join(", ");
            say(signed.language, "faults_still", &[("reference", reference), ("rules", &rules)])
        }
    }
}

/// Tries the suspended rules of a complaint again.
pub(in crate::web) async fn try_again(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(reference): Path<String>,
) -> Result<Response, Trouble> {
    if !is_reference(&reference) {
        return Err(Trouble::NotFound);
    }
    match page.workflow.try_again((&signed.person.email, Via::Page), &reference).await {
        Ok(true) => Ok(see_other(&format!("/faults?tried={reference}"))),
        Ok(false) | Err(ActError::Unknown(_) | ActError::Stranger(_) | ActError::Refused(_)) => {
            Err(Trouble::NotFound)
        }
        Err(ActError::Changed) => whole(&page, &signed, StatusCode::CONFLICT, "").await,
        Err(ActError::Workflow(e)) => Err(e.into()),
    }
}
