//! `/calendar/SECRET.ics`: the calendar of somebody's terms, for a program that signs in nowhere; and making and revoking it.

use crate::accounts::Token;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use minijinja::context;
use sha2::{Digest, Sha256};
use std::sync::Arc;

pub(in crate::web) async fn fetch(
    State(page): State<Arc<Page>>,
    headers: HeaderMap,
    Path(file): Path<String>,
) -> Result<Response, Trouble> {
    let secret = file.strip_suffix(".ics").and_then(Token::read).ok_or(Trouble::NotFound)?;
    let text = page.workflow.calendar_of(&secret).await?.ok_or(Trouble::NotFound)?;
    let tag = format!("\"{:.32x}\"", Sha256::digest(&text));
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_known = known.split(',').any(|other| other.trim().trim_start_matches("W/") == tag);
    let headers = [(ETAG, tag), (CACHE_CONTROL, "private, no-cache".to_owned())];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((headers, [(CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response())
}

/// Makes a calendar, and shows its address this once.
pub(in crate::web) async fn make(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    let secret = page.workflow.accounts().make_feed(&signed.person).await?;
    let base = page.workflow.settings().web.public_base().unwrap_or_default();
    let of = context! { address => format!("{base}/calendar/{}.ics", secret.expose()) };
    let title = say(signed.language, "calendar_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "calendar", title, here: "/me", of })
}

pub(in crate::web) async fn end(State(page): State<Arc<Page>>, signed: Signed) -> Result<Response, Trouble> {
    page.workflow.accounts().end_feed(&signed.person).await?;
    Ok(see_other("/me"))
}
