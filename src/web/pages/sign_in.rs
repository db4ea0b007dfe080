//! `/sign-in` and `/sign-out`.

use crate::web::cookie;
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::texts::say;
use crate::web::trouble::{Trouble, own_path, see_other};
use crate::workflow::SignIn;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use minijinja::context;
use std::sync::Arc;

/// Asks for address and password.
pub(in crate::web) async fn ask(
    State(page): State<Arc<Page>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let query = Fields::of_query(query.as_deref());
    form(&page, StatusCode::OK, "", own_path(query.get("next")), "")
}

fn form(
    page: &Page,
    status: StatusCode,
    address: &str,
    next: &str,
    mistake: &str,
) -> Result<Response, Trouble> {
    let language = page.language();
    let is_wrong = !mistake.is_empty();
    let title = say(language, if is_wrong { "sign_in_title_wrong" } else { "sign_in_title" }, &[]);
    let mistake = if is_wrong { say(language, mistake, &[]) } else { String::new() };
    let of = context! { address, next, mistake };
    page.show_anybody(status, Shown { template: "sign_in", title, here: "", of })
}

/// Signs somebody in. The session is always a new one, whatever the browser brought along.
pub(in crate::web) async fn sign_in(
    State(page): State<Arc<Page>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Trouble> {
    let fields = Fields::read(&body);
    let (address, next) = (fields.get("address"), own_path(fields.get("next")));
    let browser = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let outcome = page.workflow.accounts().sign_in(address, fields.get("password"), browser).await?;
    answer(&page, &headers, outcome, (address, next)).await
}

/// Signs somebody in whose password was right, by a code.
pub(in crate::web) async fn by_code(
    State(page): State<Arc<Page>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Trouble> {
    let fields = Fields::read(&body);
    let browser = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (ticket, code) = (fields.get("ticket"), fields.get("code"));
    let outcome = page.workflow.accounts().sign_in_by_code(ticket, code, browser).await?;
    answer(&page, &headers, outcome, ("", own_path(fields.get("next")))).await
}

async fn answer(
    page: &Page,
    headers: &HeaderMap,
    outcome: SignIn,
    (address, next): (&str, &str),
) -> Result<Response, Trouble> {
    match outcome {
        SignIn::Began(token) => {
            end_present(page, headers).await?;
            let mut answer = see_other(next);
            answer.headers_mut().insert(SET_COOKIE, cookie::hand_over(&page.door, &token));
            Ok(answer)
        }
        SignIn::CodeNeeded { ticket, is_again } => code_form(page, &ticket, next, is_again),
        SignIn::Refused => form(page, StatusCode::UNPROCESSABLE_ENTITY, address, next, "sign_in_refused"),
        SignIn::Over => form(page, StatusCode::UNPROCESSABLE_ENTITY, address, next, "code_over"),
        SignIn::TooMany => Ok(StatusCode::TOO_MANY_REQUESTS.into_response()),
    }
}

fn code_form(page: &Page, ticket: &str, next: &str, is_again: bool) -> Result<Response, Trouble> {
    let (language, status) = match is_again {
        true => (page.language(), StatusCode::UNPROCESSABLE_ENTITY),
        false => (page.language(), StatusCode::OK),
    };
    let title = say(language, if is_again { "code_title_wrong" } else { "code_title" }, &[]);
    let of = context! { ticket, next, is_again };
    page.show_anybody(status, Shown { template: "sign_in_code", title, here: "", of })
}

/// Ends the session that the browser has, and has it forget.
pub(in crate::web) async fn sign_out(
    State(page): State<Arc<Page>>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    end_present(&page, &headers).await?;
    let mut answer = see_other("/sign-in");
    answer.headers_mut().insert(SET_COOKIE, cookie::forget(&page.door));
    Ok(answer)
}

async fn end_present(page: &Page, headers: &HeaderMap) -> Result<(), Trouble> {
    let Some(token) = cookie::read(&page.door, headers) else { return Ok(()) };
    let accounts = page.workflow.accounts();
    if let Some(signed) = accounts.signed_in(&token).await? {
        accounts.end_session(&signed.person, &signed.session).await?;
    }
    Ok(())
}
