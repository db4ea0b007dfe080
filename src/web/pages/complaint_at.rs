//! `/complaints/NUMBER?at=DAY`: a complaint as it stood at the end of a day. Nothing can be done there.

use super::complaint_view::View;
use crate::calendar::Date;
use crate::complaint::ComplaintId;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::trouble::Trouble;
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;

pub(super) async fn show(
    page: &Page,
    signed: &Signed,
    view: &View<'_>,
    id: ComplaintId,
    day: Date,
) -> Result<Response, Trouble> {
    let then = page.workflow.as_at(id, day).await?;
    let case = page.workflow.reading().case(id).await?.ok_or(Trouble::NotFound)?;
    let (reference, said) = (case.complaint.reference().to_owned(), view.day(day));
    let title = view.say("complaint_at_title", &[("reference", &reference), ("day", &said)]);
    let (was_there, at, today) = (then.is_some(), day.to_string(), view.dates.today.to_string());
    let of = match &then {
        Some(then) => context! {
            was_there, reference, at, today, day => said,
            subject => then.complaint.subject, head => view.head(&then.complaint),
            terms => view.terms(&then.terms, &view.seen_at(then.until.plus_millis(-1))),
            talk => view.talk(id, &[], Some(then.until)).await?,
            // The original of a mail that was forgotten is gone.
            forgotten => page.workflow.forgetting_of(id).await?.is_some(),
            past => view.past(&then.events).await?, later => then.later,
            may_look => page.workflow.may_of_rules(&signed.person.email).await?.look,
            rules_language => page.language().as_str(),
        },
        None => context! { was_there, reference, at, today, day => said, subject => "" },
    };
    page.show(signed, StatusCode::OK, Shown { template: "complaint_at", title, here: "", of })
}
