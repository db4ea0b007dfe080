//! `/recommendations`: what is recommended and what became of it; `/recommendations/ID`: where that is recorded, by who keeps
//! them.

use super::reports::day;
use crate::complaint::Via;
use crate::report::day_in_words;
use crate::web::form::Fields;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{Recommendation, RecommendationChange, RecordError};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// The last part of the address of a recommendation that is not there yet.
const NEW: &str = "new";

pub(in crate::web) async fn show(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    let records = page.workflow.records();
    let keeps = records.keeps_recommendations(&signed.person.email).await?;
    let states = page.workflow.labels(signed.language).recommendation_states();
    let state = |name: &str| {
        states.iter().find(|(known, _)| known == name).map_or(name, |(_, label)| label).to_owned()
    };
    // What became of it and which complaints it follows from is for who may see those.
    let sees_all = keeps || !records.reads_open(&signed.person.email).await?;
    let rows = records.recommendations().await?.into_iter().rev().map(|r| {
        let on = day_in_words(r.follow_up_on, signed.language);
        let (id, content, owner) = (r.id, r.content, name_of(&page, &r.owner));
        let (note, complaints) =
            if sees_all { (r.note, r.complaints.join(", ")) } else { Default::default() };
        context! { id, content, owner, note, on, state => state(&r.state), complaints }
    });
    let of = context! { rows => rows.collect::<Vec<Value>>(), keeps };
    let title = say(signed.language, "advices_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "recommendations", title, here: "/reports", of })
}

fn name_of(page: &Page, email: &str) -> String {
    page.workflow.settings().people.find(email).map_or_else(|| email.to_owned(), |p| p.name.clone())
}

pub(in crate::web) async fn one(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let kept = kept(&page, &signed, &id).await?;
    let typed = kept.as_ref().map(typed_of).unwrap_or_default();
    form(&page, &signed, (&id, kept), StatusCode::OK, ("", &typed))
}

/// Returns the recommendation that an address names, to somebody who keeps them; none for one that is not there yet.
async fn kept(page: &Page, signed: &Signed, id: &str) -> Result<Option<Recommendation>, Trouble> {
    let records = page.workflow.records();
    if !records.keeps_recommendations(&signed.person.email).await? {
        return Err(Trouble::NotFound);
    }
    if id == NEW {
        return Ok(None);
    }
    let id: i64 = id.parse().map_err(|_| Trouble::NotFound)?;
    let found = records.recommendations().await?.into_iter().find(|r| r.id == id);
    Ok(Some(found.ok_or(Trouble::NotFound)?))
}

fn typed_of(r: &Recommendation) -> Fields {
    let (state, on, complaints) = (r.state.clone(), r.follow_up_on.to_string(), r.complaints.join(", "));
    Fields::of([
        ("content", r.content.clone()),
        ("owner", r.owner.clone()),
        ("state", state),
        ("note", r.note.clone()),
        ("on", on),
        ("complaints", complaints),
    ])
}

fn form(
    page: &Page,
    signed: &Signed,
    (id, kept): (&str, Option<Recommendation>),
    status: StatusCode,
    (mistake, typed): (&str, &Fields),
) -> Result<Response, Trouble> {
    let states = page.workflow.labels(signed.language).recommendation_states();
    let states: Vec<Value> = states
        .into_iter()
        .map(|(name, label)| context! { is_chosen => name == typed.get("state"), name, label })
        .collect();
    let owner = if typed.get("owner").is_empty() { signed.person.email.as_str() } else { typed.get("owner") };
    let settings = page.workflow.settings();
    let mut people: Vec<Value> = settings
        .people
        .iter()
        .map(|p| context! { is_chosen => p.email == owner, email => p.email, name => p.name })
        .collect();
    if settings.people.find(owner).is_none() {
        people.push(context! { is_chosen => true, email => owner, name => owner });
    }
    let of = context! {
        id, states, people, mistake, is_new => kept.is_none(), content => typed.get("content"), note => typed.get("note"),
        on => typed.get("on"), complaints => typed.get("complaints"),
    };
    let key = if kept.is_none() { "advice_new" } else { "advice_title" };
    let title = say(signed.language, key, &[]);
    page.show(signed, status, Shown { template: "recommendation", title, here: "/reports", of })
}

pub(in crate::web) async fn keep(
    State(page): State<Arc<Page>>,
    Path(id): Path<String>,
    OwnForm { signed, fields: typed }: OwnForm,
) -> Result<Response, Trouble> {
    let kept = kept(&page, &signed, &id).await?;
    let text = |name: &str| Some(typed.get(name).trim().to_owned()).filter(|text| !text.is_empty());
    let on = typed.get("on");
    let follow_up_on = day(on);
    let complaints = typed.get("complaints").split([',', ' ', '\n']).map(str::trim).filter(|c| !c.is_empty());
    let change = RecommendationChange {
        content: Some(typed.get("content").to_owned()),
        owner: text("owner"),
        state: text("state"),
        note: Some(typed.get("note").to_owned()),
        follow_up_on,
        complaints: Some(complaints.map(str::to_uppercase).collect()),
    };
    let by = (signed.person.email.as_str(), Via::Page);
    let wrong = |why: &str| {
        form(&page, &signed, (&id, kept.clone()), StatusCode::UNPROCESSABLE_ENTITY, (why, &typed))
    };
    if !on.is_empty() && follow_up_on.is_none() {
        return wrong(&say(signed.language, "advice_on_wrong", &[]));
    }
    match page.workflow.records().keep_recommendation(kept.as_ref().map(|r| r.id), change, by).await {
        Ok(_) => Ok(see_other("/recommendations")),
        Err(RecordError::Workflow(e)) => Err(e.into()),
        Err(RecordError::Refused(why)) => wrong(why.in_language(signed.language)),
    }
}
