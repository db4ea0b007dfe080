//! `/people`: who has which role today, who is away and who stands in; and `/people/ADDRESS`, where that is entered.

use crate::calendar::Date;
use crate::complaint::Via;
use crate::config::Absence;
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{AccountToday, KnownAbsence, PeopleError, PersonToday};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// The longest address in a path, in bytes.
const LONGEST: usize = 254;

pub(in crate::web) async fn show(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    let dates = Dates::now(&page, signed.language).await?;
    let everybody = page.workflow.people_today().await?;
    let accounts = page.workflow.accounts_today(&signed.person.email).await?;
    let keeps = page.workflow.keeps_absences(&signed.person.email).await?;
    let rows = everybody.iter().map(|one| {
        let email = &one.person.email;
        let account = accounts.as_ref().map(|all| account(&signed, &dates, all.get(email)));
        let may_change = keeps || *email == signed.person.email;
        context! { account, may_change, ..row(&page, &signed, &dates, one) }
    });
    let rows: Vec<Value> = rows.collect();
    let of = context! { rows, has_accounts => accounts.is_some() };
    let title = say(signed.language, "people_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "people", title, here: "/people", of })
}

fn account(signed: &Signed, dates: &Dates, account: Option<&AccountToday>) -> String {
    let word = |key: &str| say(signed.language, key, &[]);
    let Some(account) = account else { return word("account_none") };
    let last = account.signed_in_at.map_or_else(
        || word("account_never"),
        |at| say(signed.language, "account_last", &[("at", &dates.moment(at))]),
    );
    if account.is_locked { format!("{} {last}", word("account_locked")) } else { last }
}

fn row(page: &Page, signed: &Signed, dates: &Dates, one: &PersonToday) -> Value {
    let labels = page.workflow.labels(signed.language);
    let settings = page.workflow.settings();
    let roles: Vec<String> = one.roles.iter().map(|role| labels.role(role)).collect();
    let is_away = one.person.is_absent(dates.today);
    let absences: Vec<Value> = one.absences.iter().map(|a| absence(signed, dates, a)).collect();
    let deputy = one.person.deputy.as_deref();
    let deputy_name =
        deputy.and_then(|d| settings.people.find(d)).map(|d| d.name.clone()).unwrap_or_default();
    context! {
        name => one.person.name, email => one.person.email, roles => roles.join(", "), is_away, absences,
        deputy => deputy_name, deputy_is_chosen => one.deputy_is_chosen,
    }
}

fn absence(signed: &Signed, dates: &Dates, known: &KnownAbsence) -> Value {
    let Absence { from, to } = known.days;
    let days = match from == to {
        true => dates.day(from),
        false => say(signed.language, "away_days", &[("from", &dates.day(from)), ("to", &dates.day(to))]),
    };
    context! { days, id => known.id }
}

/// Shows a person to who may say when the person is away.
pub(in crate::web) async fn one(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(email): Path<String>,
) -> Result<Response, Trouble> {
    form(&page, &signed, &email, StatusCode::OK, ("", &Fields::default())).await
}

async fn form(
    page: &Page,
    signed: &Signed,
    email: &str,
    status: StatusCode,
    (mistake, typed): (&str, &Fields),
) -> Result<Response, Trouble> {
    let by = &signed.person.email;
    let is_own = by.eq_ignore_ascii_case(email);
    if email.len() > LONGEST || !(is_own || page.workflow.keeps_absences(by).await?) {
        return Err(Trouble::NotFound);
    }
    let dates = Dates::now(page, signed.language).await?;
    let everybody = page.workflow.people_today().await?;
    let is_it = |p: &&PersonToday| p.person.email.eq_ignore_ascii_case(email);
    let person = everybody.iter().find(is_it).ok_or(Trouble::NotFound)?;
    let chosen = person.person.deputy.clone().filter(|_| person.deputy_is_chosen).unwrap_or_default();
    let others = everybody.iter().filter(|other| other.person.email != person.person.email);
    let others: Vec<Value> = others
        .map(|other| {
            let (email, name) = (&other.person.email, &other.person.name);
            context! { is_chosen => *email == chosen, email, name }
        })
        .collect();
    let is_wrong = !mistake.is_empty();
    let mistake = if is_wrong { say(signed.language, mistake, &[]) } else { String::new() };
    let of = context! {
        others, mistake, from => typed.get("from"), to => typed.get("to"),
        ..row(page, signed, &dates, person)
    };
    let title = say(signed.language, if is_wrong { "away_title_wrong" } else { "away_title" }, &[]);
    page.show(signed, status, Shown { template: "person", title, here: "/people", of })
}

/// Returns who changes something.
fn by(signed: &Signed) -> (&str, Via) {
    (&signed.person.email, Via::Page)
}

pub(in crate::web) async fn enter(
    State(page): State<Arc<Page>>,
    Path(email): Path<String>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    let day = |name: &str| fields.get(name).parse::<Date>().ok().filter(|_| fields.get(name).len() == 10);
    let done = match day("from").zip(day("to")) {
        Some((from, to)) => page.workflow.enter_absence(by(&signed), &email, Absence { from, to }).await,
        None => Err(PeopleError::Days),
    };
    answer(&page, &signed, &email, done, &fields).await
}

pub(in crate::web) async fn take_back(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((email, id)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let done = page.workflow.take_back_absence(by(&signed), &email, &id).await;
    answer(&page, &signed, &email, done, &Fields::default()).await
}

pub(in crate::web) async fn choose(
    State(page): State<Arc<Page>>,
    Path(email): Path<String>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    let done = page.workflow.choose_deputy(by(&signed), &email, fields.get("deputy")).await;
    answer(&page, &signed, &email, done, &fields).await
}

async fn answer(
    page: &Page,
    signed: &Signed,
    email: &str,
    done: Result<(), PeopleError>,
    typed: &Fields,
) -> Result<Response, Trouble> {
    let mistake = match done {
        Ok(()) => return Ok(see_other(&format!("/people/{email}"))),
        Err(PeopleError::NotYours) => return Err(Trouble::NotFound),
        Err(PeopleError::Store(e)) => return Err(e.into()),
        Err(PeopleError::Days) => "away_wrong",
        Err(PeopleError::Deputy) => "deputy_wrong",
    };
    form(page, signed, email, StatusCode::UNPROCESSABLE_ENTITY, (mistake, typed)).await
}
