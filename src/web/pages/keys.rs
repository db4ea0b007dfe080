//! `/me/keys`: the keys by which programs work in one's name: which there are, making one, which is shown once, and ending one.

use crate::accounts::Scope;
use crate::complaint::{Actor, Via};
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{AccountError, MOST_DAYS, TokenWish, USUAL_DAYS};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// What stands before the name of a scope in the form.
const MAY: &str = "may.";

pub(in crate::web) async fn show(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    let usual = Fields::of([("days", USUAL_DAYS.to_string())]);
    list(&page, &signed, None, &usual).await
}

/// Shows the keys and the form, with what is wrong with what was typed.
async fn list(
    page: &Page,
    signed: &Signed,
    wrong: Option<&str>,
    typed: &Fields,
) -> Result<Response, Trouble> {
    let dates = Dates::now(page, signed.language).await?;
    let words = |scope: &Scope| say(signed.language, text_of(*scope), &[]);
    let tokens = page.workflow.accounts().tokens(&signed.person).await?;
    let keys: Vec<Value> = tokens
        .iter()
        .map(|t| {
            let may: Vec<String> = t.good_for().iter().map(words).collect();
            let used = t.used_at.map_or_else(|| say(signed.language, "keys_never", &[]), |at| dates.moment(at));
            context! { id => t.id, name => t.name, may => may.join(", "), used, ends => dates.moment(t.ends_at) }
        })
        .collect();
    let chosen = |scope: &Scope| !typed.get(&format!("{MAY}{scope}")).is_empty();
    let scopes: Vec<Value> = Scope::ALL
        .iter()
        .map(|scope| context! { name => format!("{MAY}{scope}"), words => words(scope), is_chosen => chosen(scope) })
        .collect();
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mistake = wrong.map(|key| say(signed.language, key, &[])).unwrap_or_default();
    let of = context! { keys, scopes, name => typed.get("name"), days => typed.get("days"), most => MOST_DAYS, mistake };
    let title = say(signed.language, "keys_title", &[]);
    page.show(signed, status, Shown { template: "keys", title, here: "/me", of })
}

fn text_of(scope: Scope) -> &'static str {
    match scope {
        Scope::ReadComplaints => "scope_complaints_read",
        Scope::Act => "scope_complaints_act",
        Scope::ReadReports => "scope_reports_read",
        Scope::ReadDeliveries => "scope_deliveries_read",
        Scope::Replay => "scope_deliveries_replay",
        Scope::ChangePlugins => "scope_plugins_change",
        Scope::ReadRules => "scope_rules_read",
        Scope::ChangeRules => "scope_rules_change",
        Scope::ChangePeople => "scope_people_change",
        Scope::Import => "scope_complaints_import",
    }
}

/// Makes a key and shows it this once; what cannot be made is asked for again.
pub(in crate::web) async fn make(
    State(page): State<Arc<Page>>,
    OwnForm { signed, fields: typed }: OwnForm,
) -> Result<Response, Trouble> {
    let scopes: Vec<Scope> = typed.under(MAY).filter_map(|(word, _)| word.parse().ok()).collect();
    let days = typed.get("days").trim().parse().unwrap_or(0);
    let wish = TokenWish { name: typed.get("name"), scopes: &scopes, days };
    // Whoever finds a browser that is signed in makes no key that lasts for longer than the session.
    if !page.workflow.accounts().is_password_of(&signed.person, typed.get("password")).await? {
        return list(&page, &signed, Some("factor_wrong_password"), &typed).await;
    }
    let by = (Actor::Person(signed.person.email.clone()), Via::Page);
    match page.workflow.accounts().make_token(&signed.person.email, wish, by).await {
        Ok(made) => {
            let of = context! { key => made.key, name => made.token.name };
            let title = say(signed.language, "keys_made", &[]);
            page.show(&signed, StatusCode::OK, Shown { template: "key", title, here: "/me", of })
        }
        Err(AccountError::Store(e)) => Err(e.into()),
        Err(_) => list(&page, &signed, Some("keys_wrong"), &typed).await,
    }
}

pub(in crate::web) async fn end(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    let by = (Actor::Person(signed.person.email.clone()), Via::Page);
    let is_plain = id.len() <= 64 && id.bytes().all(|b| b.is_ascii_hexdigit());
    match is_plain && page.workflow.accounts().end_token(&id, Some(&signed.person), by).await? {
        true => Ok(see_other("/me/keys")),
        false => Err(Trouble::NotFound),
    }
}
