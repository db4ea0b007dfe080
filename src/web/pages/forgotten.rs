//! `/forgotten`: a forgotten password. The answer is the same whoever asks for whom.

use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use minijinja::context;
use std::sync::Arc;

pub(in crate::web) async fn ask(State(page): State<Arc<Page>>) -> Result<Response, Trouble> {
    // Where browsers reach no page by a known address, no link can be made; it says who can help.
    let of = context! { goes_by_mail => page.workflow.settings().web.public_base().is_some() };
    let title = say(page.language(), "forgotten_title", &[]);
    page.show_anybody(StatusCode::OK, Shown { template: "forgotten", title, here: "", of })
}

pub(in crate::web) async fn send(State(page): State<Arc<Page>>, body: Bytes) -> Result<Response, Trouble> {
    let fields = Fields::read(&body);
    if !page.workflow.accounts().ask_reset(fields.get("address")).await? {
        return Ok(StatusCode::TOO_MANY_REQUESTS.into_response());
    }
    let title = say(page.language(), "forgotten_title", &[]);
    let of = context! { text => say(page.language(), "forgotten_asked", &[]) };
    page.show_anybody(StatusCode::OK, Shown { template: "message", title, here: "", of })
}
