//! The words for what cannot be answered as asked.

use super::page::{Page, Shown};
use super::texts::say;
use super::trouble::Trouble;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use minijinja::context;
use std::sync::Arc;

pub(super) async fn nothing_here() -> Trouble {
    Trouble::NotFound
}

/// Puts into words what went wrong, also where the server itself refused a request.
pub(super) async fn in_words(State(page): State<Arc<Page>>, request: Request, next: Next) -> Response {
    let is_head = request.method() == Method::HEAD;
    let answer = next.run(request).await;
    let status = answer.status();
    let is_page = answer.headers().get(CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    if is_head || is_page || !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let kind = match (answer.extensions().get::<Trouble>(), status) {
        (Some(Trouble::AnotherHost), _) => "trouble_host",
        (Some(Trouble::AnotherSite), _) => "trouble_site",
        (Some(Trouble::OfAnother), _) => "trouble_of_another",
        (Some(Trouble::Busy), _) => "trouble_busy",
        (_, StatusCode::NOT_FOUND) => "trouble_not_found",
        (_, StatusCode::GONE) => "trouble_gone",
        (_, StatusCode::PAYLOAD_TOO_LARGE) => "trouble_too_large",
        (_, StatusCode::TOO_MANY_REQUESTS) => "trouble_too_many",
        (_, status) if status.is_client_error() => "trouble_request",
        _ => "trouble_failed",
    };
    let language = page.language();
    let shown = Shown {
        template: "message",
        title: say(language, "trouble_title", &[]),
        here: "",
        of: context! { text => say(language, kind, &[]) },
    };
    let mut worded = page.show_anybody(status, shown).unwrap_or(answer);
    if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE {
        worded.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("600"));
    }
    worded
}
