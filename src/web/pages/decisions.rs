//! `/decisions`: what waits for my decision, by kind; what asks nothing can be taken for several at once.

use super::bulk::of_several;
use crate::web::dates::Dates;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::{DecisionGroup, OfferedAction, WaitingDecision};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

pub(in crate::web) async fn show(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    let dates = Dates::now(&page, signed.language).await?;
    let groups = page.workflow.decisions(&signed.person.email, signed.language).await?;
    let groups: Vec<Value> = groups.iter().enumerate().map(|(i, g)| group(&dates, i, g)).collect();
    let of = context! { groups, rules_language => page.language().as_str() };
    let title = say(signed.language, "decisions_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "decisions", title, here: "/decisions", of })
}

fn group(dates: &Dates, place: usize, group: &DecisionGroup) -> Value {
    let rows: Vec<Value> = group.waiting.iter().map(|w| row(dates, w)).collect();
    let at_once = of_several(group.waiting.iter().flat_map(|w| &w.actions));
    context! { id => format!("decisions{place}"), label => group.label, rows, at_once, has_more => group.has_more }
}

fn row(dates: &Dates, w: &WaitingDecision) -> Value {
    let action = |a: &OfferedAction| context! { id => a.id, label => a.label };
    let actions: Vec<Value> = w.actions.iter().map(action).collect();
    context! {
        reference => w.reference, subject => w.subject, complainant => w.complainant, actions,
        asked => dates.moment(w.asked_at), may_be_chosen => w.actions.iter().any(|a| a.asks.is_empty()),
    }
}
