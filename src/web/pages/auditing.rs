//! `/audit`: for who sees every complaint: whether the trail holds, its head and to whom that was given, the reports that are
//! kept, the last backup, and who looked at which complaint. Nothing is changed by it.

use super::reports::of_period;
use crate::complaint::ComplaintId;
use crate::report::period_text;
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::{Audit, KeptReportLine, Look, LookPlace, TrailStanding};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderName, HeaderValue};
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;
use url::form_urlencoded;

/// The looks on one page.
const LOOKS: usize = 100;
/// The kept reports that are named.
const REPORTS: usize = 10;
const REFRESH: HeaderName = HeaderName::from_static("refresh");
/// The seconds after which the page asks again while the trail is walked through.
const AGAIN: HeaderValue = HeaderValue::from_static("3");

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let person = signed.person.email.as_str();
    let fields = Fields::of_query(query.as_deref());
    let after = place(fields.get("after"));
    let looks = page.workflow.looks_page(person, after.as_ref(), LOOKS).await?.ok_or(Trouble::NotFound)?;
    let dates = Dates::now(&page, signed.language).await?;
    let trail = page.workflow.trail_standing().await?;
    let mut kept = page.workflow.records().kept_reports(person).await?;
    kept.truncate(REPORTS);
    let kept: Vec<Value> = kept.iter().map(|line| report(&signed, &dates, line)).collect();
    let backup = page.workflow.overseeing().oversight().backed_up_at().await?.map(|at| dates.moment(at));
    let may = page.workflow.may_of_rules(person).await?;
    let of = context! {
        trail => standing(&signed, &dates, &trail), kept, backup, may_look => may.look,
        looks => looks.looks.iter().map(|look| row(&page, &dates, look)).collect::<Vec<_>>(),
        is_later => after.is_some(), next => looks.next.as_ref().map(address),
    };
    let title = say(signed.language, "audit_title", &[]);
    let mut answer =
        page.show(&signed, StatusCode::OK, Shown { template: "audit", title, here: "/reports", of })?;
    // Who reads on is not sent back to the top.
    if trail.under_way.is_some() && after.is_none() {
        answer.headers_mut().insert(REFRESH, AGAIN);
    }
    Ok(answer)
}

/// Says how the trail stands: in a sentence, and whether that is bad.
fn standing(signed: &Signed, dates: &Dates, trail: &TrailStanding) -> Value {
    let words = |key: &str, values: &[(&str, &str)]| say(signed.language, key, values);
    let said = trail.walked.map(|walked| {
        let at = dates.moment(walked.at);
        let number = |n: i64| n.to_string();
        match walked.found {
            Some(Audit::Holds { events }) => {
                (words("audit_holds", &[("at", &at), ("n", &number(events))]), false)
            }
            Some(Audit::HoldsSince { events, signed_from }) => {
                let values = [("at", at.as_str()), ("n", &number(events)), ("from", &number(signed_from))];
                (words("audit_holds_since", &values), false)
            }
            Some(Audit::Broken { seq }) => (words("audit_broken", &[("at", &at), ("n", &number(seq))]), true),
            None => (words("audit_not_walked", &[("at", &at)]), true),
        }
    });
    context! {
        says => said.as_ref().map(|(says, _)| says), is_bad => said.as_ref().is_some_and(|(_, is_bad)| *is_bad),
        under_way => trail.under_way.map(|(done, all)| words("audit_under_way", &[("n", &done.to_string()), ("all", &all.to_string())])),
        since => trail.begun_at.and_then(|at| dates.day_of(at)).map(|day| crate::report::day_in_words(day, signed.language)),
        head => trail.head,
        told => trail.told.map(|(on, seq)| context! { on => dates.day(on), seq }),
    }
}

fn report(signed: &Signed, dates: &Dates, line: &KeptReportLine) -> Value {
    let days = (line.from, line.to);
    let path = format!("/reports/{}?made={}", period_text(days), line.made_at.millis());
    context! { path, period => of_period(signed, days), made => dates.moment(line.made_at), sha256 => line.sha256 }
}

fn row(page: &Page, dates: &Dates, look: &Look) -> Value {
    let settings = page.workflow.settings();
    let name = settings.people.find(&look.email).map_or_else(|| look.email.clone(), |p| p.name.clone());
    let reference = look.facts().reference();
    context! { reference, subject => look.facts().subject, name, email => look.email, at => dates.moment(look.at) }
}

/// Returns a place as the address of the page after it holds it.
fn address(place: &LookPlace) -> String {
    form_urlencoded::byte_serialize(place_text(place).as_bytes()).collect()
}

/// Writes a place as it is read.
pub(in crate::web) fn place_text(place: &LookPlace) -> String {
    format!("{}.{}.{}", place.hour, place.complaint_id.0, place.email)
}

/// Reads a place; none where it is none, from which the list begins.
pub(in crate::web) fn place(text: &str) -> Option<LookPlace> {
    let mut parts = text.splitn(3, '.');
    let (hour, id) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let email = parts.next()?.to_owned();
    let is_address = email.chars().count() <= 320 && !email.contains(char::is_control);
    is_address.then_some(LookPlace { hour, complaint_id: ComplaintId(id), email })
}
