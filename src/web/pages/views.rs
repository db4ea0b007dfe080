//! `/complaints/NUMBER/views`: who looked at a complaint, for who oversees.

use super::complaint::seen;
use crate::web::dates::Dates;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(reference): Path<String>,
) -> Result<Response, Trouble> {
    let (id, case) = seen(&page, &signed, &reference).await?;
    let views = page.workflow.views_of(&signed.person.email, id).await?.ok_or(Trouble::NotFound)?;
    let (dates, settings) = (Dates::now(&page, signed.language).await?, page.workflow.settings());
    let name = |email: &String| settings.people.find(email).map_or_else(|| email.clone(), |p| p.name.clone());
    let views: Vec<Value> = views
        .iter()
        .map(|view| context! { name => name(&view.email), email => view.email, at => dates.moment(view.at) })
        .collect();
    let title = say(signed.language, "views_title", &[("reference", case.complaint.reference())]);
    let of = context! { reference => case.complaint.reference(), title, views };
    page.show(&signed, StatusCode::OK, Shown { template: "views", title: title.clone(), here: "", of })
}
