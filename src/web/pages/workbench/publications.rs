//! `/publications`: every time a ruleset came in force: who, when, why, how it differed, the plan that was looked at; and
//! going back to one, which is a proposal like any other.

use super::{allowed, said, trouble};
use crate::web::dates::Dates;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::{Difference, PublicationHead};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use serde_json::Value as Json;
use std::sync::Arc;

/// The publications that are listed.
const LISTED: usize = 200;

pub(in crate::web) async fn show(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let dates = Dates::now(&page, signed.language).await?;
    let all = page.workflow.publishing().newest(LISTED).await?;
    let rows: Vec<Value> = all.iter().map(|p| row(&page, &signed, &dates, p)).collect();
    let title = say(signed.language, "publications_title", &[]);
    let shown = Shown { template: "publications", title, here: "/procedure", of: context! { rows } };
    page.show(&signed, StatusCode::OK, shown)
}

fn row(page: &Page, signed: &Signed, dates: &Dates, p: &PublicationHead) -> Value {
    let settings = page.workflow.settings();
    let by = match settings.people.find(&p.by) {
        Some(person) => person.name.clone(),
        None if p.by == "system" => say(signed.language, "by_itself", &[]),
        None => p.by.clone(),
    };
    let short = p.ruleset.get(..12).unwrap_or_default();
    // The program says so in its own language when it starts for the first time.
    let reason = match p.seq <= 1 && p.by == "system" {
        true => say(signed.language, "publication_first_reason", &[]),
        false => p.reason.clone(),
    };
    context! { seq => p.seq, at => dates.moment(p.at), by, reason, ruleset => short, is_by_itself => p.by == "system" }
}

pub(in crate::web) async fn one(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(seq): Path<i64>,
) -> Result<Response, Trouble> {
    let may = allowed(&page, &signed).await?;
    let dates = Dates::now(&page, signed.language).await?;
    let proposals = page.workflow.proposals();
    let (head, folder) = proposals.folder_of(seq).await.map_err(trouble)?;
    let before = match seq {
        ..=1 => None,
        _ => Some(proposals.folder_of(seq - 1).await.map_err(trouble)?.1),
    };
    let differences = before.map(|before| Difference::between(&before, &folder)).unwrap_or_default();
    let published = page.workflow.publishing().one(seq).await?.ok_or(Trouble::NotFound)?;
    let plan: Option<Json> = serde_json::from_str(&published.plan).ok();
    let plan = match &plan {
        Some(plan) => Some(super::plan::worded(&page, &signed, plan).await?),
        None => None,
    };
    let is_in_force = head.ruleset == page.workflow.published().ruleset.hash();
    let of = context! {
        differences => said::differences(&differences), plan, adopts => published.adopts, is_in_force,
        may_restore => may.change && !is_in_force, is_first => seq <= 1,
        restore_name => say(signed.language, "restore_name", &[("at", &dates.moment(head.at))]),
        ..row(&page, &signed, &dates, &head)
    };
    let title = say(signed.language, "publication_title", &[("at", &dates.moment(head.at))]);
    page.show(&signed, StatusCode::OK, Shown { template: "publication", title, here: "/procedure", of })
}
