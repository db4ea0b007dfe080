//! `/`: what waits for me, by when.

use super::bulk::of_several;
use crate::calendar::{Date, Moment};
use crate::complaint::ComplaintId;
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::{DeskPage, Labels, OpenDraft, Task, TermPlace, Turn};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Datelike, Days};
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;
use url::form_urlencoded;

/// The longest name of a term in an address, in bytes.
const LONGEST_NAME: usize = 254;
/// The sections in their order, by the key of their heading.
const SECTIONS: [&str; 5] = ["work_late", "work_today", "work_week", "work_later", "work_others"];

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let after = place(Fields::of_query(query.as_deref()).get("after"))?;
    let is_first = after.is_none();
    let dates = Dates::now(&page, signed.language).await?;
    let labels = page.workflow.labels(signed.language);
    let DeskPage { tasks, next } = page.workflow.desk(&signed.person.email, after).await?;
    let mut sections: [Vec<Value>; 5] = Default::default();
    for task in &tasks {
        sections[section(&dates, task)].push(row(&dates, &labels, &signed, task));
    }
    let sections: Vec<Value> = SECTIONS
        .iter()
        .zip(sections)
        .map(|(key, rows)| context! { id => key, heading => say(signed.language, key, &[]), rows })
        .collect();
    let drafts = match is_first {
        true => page.workflow.drafts().of(&signed.person.email).await?,
        false => Vec::new(),
    };
    let drafts: Vec<Value> = drafts.iter().map(|draft| unfinished(&dates, draft)).collect();
    let title = say(signed.language, "work_title", &[]);
    let rules_language = page.language().as_str();
    let at_once = of_several(tasks.iter().filter_map(|task| task.action.as_ref()));
    let next = next.as_ref().map(place_text);
    // Where there is more, what stands here is not the number of all.
    let is_all = is_first && next.is_none();
    let is_empty = tasks.is_empty() && is_all;
    let of = context! { sections, at_once, drafts, is_empty, is_first, is_all, next, rules_language };
    page.show(&signed, StatusCode::OK, Shown { template: "work", title, here: "/", of })
}

/// Reads a place among terms as `place_text` writes it; none for nothing.
pub(in crate::web) fn place(text: &str) -> Result<Option<TermPlace>, Trouble> {
    if text.is_empty() {
        return Ok(None);
    }
    let mut parts = text.splitn(3, '.');
    let mut part = || parts.next().ok_or(Trouble::Unreadable);
    let number = |text: &str| text.parse::<i64>().map_err(|_| Trouble::Unreadable);
    let (due, id) = (Moment::from_millis(number(part()?)?), ComplaintId(number(part()?)?));
    let name = part()?;
    if name.len() > LONGEST_NAME {
        return Err(Trouble::Unreadable);
    }
    Ok(Some(TermPlace { due, id, name: name.into() }))
}

/// Writes a place as it stands in an address.
pub(in crate::web) fn place_text(place: &TermPlace) -> String {
    let name: String = form_urlencoded::byte_serialize(place.name.as_str().as_bytes()).collect();
    format!("{}.{}.{name}", place.due.millis(), place.id.0)
}

fn section(dates: &Dates, task: &Task) -> usize {
    let Some(day) = dates.day_of(task.due) else { return 3 };
    match &task.turn {
        Turn::Others(_) => 4,
        _ if task.due < dates.now => 0,
        _ if day == dates.today => 1,
        _ if day <= sunday(dates.today) => 2,
        _ => 3,
    }
}

/// Returns the last day of the week of a day.
fn sunday(day: Date) -> Date {
    let left = 6 - day.weekday().num_days_from_monday();
    day.checked_add_days(Days::new(left.into())).unwrap_or(day)
}

fn unfinished(dates: &Dates, draft: &OpenDraft) -> Value {
    let (action, label) = &draft.action;
    let (reference, subject) = (&draft.reference, &draft.subject);
    context! { reference, subject, action, label, at => dates.moment(draft.at) }
}

fn row(dates: &Dates, labels: &Labels, signed: &Signed, task: &Task) -> Value {
    let language = signed.language;
    let role = |role| labels.role(role);
    let why = match &task.turn {
        Turn::Responsible => say(language, "why_responsible", &[]),
        Turn::Role(r) => say(language, "why_role", &[("role", &role(r))]),
        Turn::StandsIn(r) => say(language, "why_stands_in", &[("role", &role(r))]),
        Turn::Others(r) => say(language, "why_others", &[("role", &role(r))]),
    };
    context! {
        reference => task.reference,
        subject => task.subject,
        complainant => task.complainant,
        term => labels.term(&task.term),
        end => dates.end(task.due),
        is_late => task.due < dates.now,
        why,
        action => task.action.as_ref().map(|a| context! { id => a.id, label => a.label }),
        may_be_chosen => task.action.as_ref().is_some_and(|a| a.asks.is_empty()),
    }
}
