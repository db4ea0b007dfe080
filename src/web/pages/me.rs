//! `/me`: who I am here, in which language I read, what signing in takes, and where I am signed in.

use crate::web::cookie;
use crate::web::dates::Dates;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use minijinja::context;
use std::sync::Arc;

pub(in crate::web) async fn show(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    let dates = Dates::now(&page, signed.language).await?;
    let sessions = page.workflow.accounts().sessions(&signed.person).await?;
    let sessions: Vec<_> = sessions
        .iter()
        .map(|s| {
            context! {
                id => s.digest, browser => s.browser, is_this => s.digest == signed.session,
                began => dates.moment(s.began_at), used => dates.moment(s.used_at),
            }
        })
        .collect();
    let labels = page.workflow.labels(signed.language);
    let roles: Vec<String> = signed.person.roles.iter().map(|role| labels.role(role)).collect();
    let factor = page.workflow.accounts().second_factor(&signed.person).await?;
    let factor = factor.map(|f| context! { since => dates.moment(f.since), codes_left => f.codes_left });
    let feed = page.workflow.accounts().feed(&signed.person).await?;
    let feed = feed.map(|feed| dates.moment(feed.made_at));
    let of = context! {
        feed, name => signed.person.name, address => signed.person.email, roles => roles.join(", "), sessions, factor,
        language => signed.language.as_str(),
    };
    let title = say(signed.language, "me_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "me", title, here: "/me", of })
}

/// Takes the language that somebody chose for the page.
pub(in crate::web) async fn choose_language(
    State(page): State<Arc<Page>>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    let chosen = fields.get("language").parse().ok();
    page.workflow.accounts().choose_language(&signed.person, chosen).await?;
    Ok(see_other("/me"))
}

pub(in crate::web) async fn end_session(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(session): Path<String>,
) -> Result<Response, Trouble> {
    let is_known = session.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_known || !page.workflow.accounts().end_session(&signed.person, &session).await? {
        return Err(Trouble::NotFound);
    }
    if session != signed.session {
        return Ok(see_other("/me"));
    }
    let mut answer = see_other("/sign-in");
    answer.headers_mut().insert(SET_COOKIE, cookie::forget(&page.door));
    Ok(answer)
}
