//! `/complaints/NUMBER`: one complaint, and what can be done.

use super::complaint_at;
use super::complaint_view::View;
use super::register::day;
use crate::complaint::{Case, ComplaintId};
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use std::sync::Arc;

/// The longest number or intake id.
const REFERENCE: usize = 64;

/// Returns whether a text can be a number or an intake id.
pub(in crate::web) fn is_reference(text: &str) -> bool {
    (1..=REFERENCE).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:".contains(c))
}

/// Finds a complaint that somebody may see, and notes that the person looked; whether there is one that the person may not see is not told.
pub(in crate::web) async fn seen(
    page: &Page,
    signed: &Signed,
    reference: &str,
) -> Result<(ComplaintId, Case), Trouble> {
    if !is_reference(reference) {
        return Err(Trouble::NotFound);
    }
    let id = page.workflow.seen_by(&signed.person.email, reference).await?.ok_or(Trouble::NotFound)?;
    let case = page.workflow.reading().case(id).await?.ok_or(Trouble::NotFound)?;
    page.workflow.views().note(&signed.person.email, id, page.workflow.now().await?);
    Ok((id, case))
}

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(reference): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let (id, case) = seen(&page, &signed, &reference).await?;
    let view = View::of(&page, &signed).await?;
    let query = Fields::of_query(query.as_deref());
    if let Some(day) = day(query.get("at"))? {
        return complaint_at::show(&page, &signed, &view, id, day).await;
    }
    let actions = page.workflow.actions_for(&signed.person.email, id).await?;
    let not_now = page.workflow.unoffered(&signed.person.email, id).await?;
    let c = &case.complaint;
    let notices = [("taken", "taken"), ("recalled", "recalled")];
    let notice = notices.iter().find(|(name, _)| !query.get(name).is_empty());
    let notice = notice.map(|(_, key)| say(signed.language, key, &[])).unwrap_or_default();
    let events = page.workflow.reading().trail().events(id).await?;
    let recallable = page.workflow.recallable_by(&signed.person.email, c, &events, view.dates.now);
    let forgotten =
        page.workflow.forgetting_of(id).await?.map(|one| view.forgotten(&one)).unwrap_or_default();
    let may = page.workflow.may_of_rules(&signed.person.email).await?;
    let of = context! {
        reference => c.reference(), subject => c.subject, notice, forgotten, today => view.dates.today.to_string(),
        head => view.head(c),
        terms => view.terms(&page.workflow.reading().deadlines(id).await?, &view.dates),
        own => view.actions(&actions.own), others => view.actions(&actions.others), not_now => view.not_now(&not_now),
        oversees => page.workflow.oversees(&signed.person.email, view.dates.now),
        talk => view.talk(id, &recallable, None).await?, past => view.past(&events).await?, may_look => may.look, may_change => may.change, ahead => view.ahead(id).await?,
        rules_language => page.language().as_str(),
    };
    let title = format!("{} {}", c.reference(), c.subject);
    page.show(&signed, StatusCode::OK, Shown { template: "complaint", title, here: "", of })
}
