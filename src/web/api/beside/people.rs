//! `/people`: who there is, with which roles, who is away, and who stands in.

use crate::calendar::Date;
use crate::config::Absence;
use crate::web::api::call::Call;
use crate::web::api::parts::Parts;
use crate::web::api::problem::{Kind, Problem};
use crate::web::api::shapes::{At, Day, Named};
use crate::web::texts::both;
use crate::workflow::{PeopleError, PersonToday};
use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Days on which a person is away.
#[derive(Debug, Serialize, JsonSchema)]
struct Away {
    /// By which it is taken back; null where redress.toml says it.
    id: Option<String>,
    from: Day,
    to: Day,
}

/// The account of a person.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AccountOf {
    is_locked: bool,
    signed_in_at: Option<At>,
}

/// A person of the organisation.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PersonOf {
    email: String,
    name: String,
    roles: Vec<Named>,
    is_away: bool,
    absences: Vec<Away>,
    /// The address of who stands in.
    deputy: Option<String>,
    /// Whether the deputy was chosen here; else redress.toml names it.
    deputy_is_chosen: bool,
    /// Whether the person of the key may enter absences and a deputy of this person.
    may_change: bool,
    /// Null where it is not for the person of the key, and without an account.
    account: Option<AccountOf>,
}

/// The people of the organisation.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PersonList {
    people: Vec<PersonOf>,
}

async fn everybody(call: &Call) -> Result<Vec<PersonOf>, Problem> {
    let workflow = &call.page.workflow;
    let keeps = workflow.keeps_absences(call.person()).await?;
    let accounts = workflow.accounts_today(call.person()).await?;
    let today = workflow.settings().calendar.day_of(workflow.now().await?).unwrap_or_default();
    let parts = Parts::of(call);
    let person = |one: PersonToday| PersonOf {
        roles: one.roles.iter().map(|role| parts.role(role)).collect(),
        is_away: one.person.is_absent(today),
        absences: one
            .absences
            .into_iter()
            .map(|away| Away { id: away.id, from: Day(away.days.from), to: Day(away.days.to) })
            .collect(),
        deputy: one.person.deputy.clone(),
        deputy_is_chosen: one.deputy_is_chosen,
        may_change: keeps || one.person.email.eq_ignore_ascii_case(call.person()),
        account: accounts.as_ref().and_then(|all| all.get(&one.person.email)).map(|account| AccountOf {
            is_locked: account.is_locked,
            signed_in_at: account.signed_in_at.map(At),
        }),
        name: one.person.name,
        email: one.person.email,
    };
    Ok(workflow.people_today().await?.into_iter().map(person).collect())
}

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    Ok(Json(PersonList { people: everybody(&call).await? }).into_response())
}

async fn told(call: &Call) -> Result<Response, Problem> {
    let email = call.part("email");
    let found = everybody(call).await?.into_iter().find(|one| one.email.eq_ignore_ascii_case(email));
    Ok(Json(found.ok_or(Kind::NotFound)?).into_response())
}

pub(super) async fn one(call: Call) -> Result<Response, Problem> {
    told(&call).await
}

fn refused(error: PeopleError) -> Problem {
    let why = match error {
        PeopleError::NotYours => return Kind::NotFound.into(),
        PeopleError::Store(e) => return e.into(),
        PeopleError::Days => "away_wrong",
        PeopleError::Deputy => "deputy_wrong",
    };
    Problem { detail: Some(both(why, &[])), ..Kind::Refused.into() }
}

/// Days on which a person will be away.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AwayWish {
    /// The first local day, as `2026-11-22`.
    from: String,
    /// The last one.
    to: String,
}

pub(super) async fn enter(call: Call) -> Result<Response, Problem> {
    let wish: AwayWish = call.wish()?;
    let day = |text: &str| text.parse::<Date>().ok().filter(|_| text.len() == 10);
    let days = day(&wish.from).zip(day(&wish.to)).ok_or(PeopleError::Days).map_err(refused)?;
    let days = Absence { from: days.0, to: days.1 };
    call.page.workflow.enter_absence(call.by(), call.part("email"), days).await.map_err(refused)?;
    told(&call).await
}

pub(super) async fn take_back(call: Call) -> Result<Response, Problem> {
    let (email, id) = (call.part("email"), call.part("absence"));
    call.page.workflow.take_back_absence(call.by(), email, id).await.map_err(refused)?;
    told(&call).await
}

/// Who stands in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeputyWish {
    /// The address; null leaves it to redress.toml.
    #[serde(default)]
    deputy: Option<String>,
}

pub(super) async fn choose(call: Call) -> Result<Response, Problem> {
    let wish: DeputyWish = call.wish()?;
    let deputy = wish.deputy.unwrap_or_default();
    call.page.workflow.choose_deputy(call.by(), call.part("email"), &deputy).await.map_err(refused)?;
    told(&call).await
}
