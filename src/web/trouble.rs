//! `Trouble`: what cannot be answered as asked; and answers that lead to another page of ours.

use crate::workflow::{StoreError, WorkflowError};
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, LOCATION};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

/// A reason why something is not answered as asked.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    /// Nobody is signed in; the page that was asked for comes afterwards.
    SignInFirst(String),
    /// There is no such thing, or it is not for this person: which of the two is not told.
    NotFound,
    /// It was there, and was taken away for good.
    Gone,
    /// What was asked cannot be read.
    Unreadable,
    /// The request was made for another host.
    AnotherHost,
    /// The request comes from another site.
    AnotherSite,
    /// The form was opened by somebody else, who was signed in with the same browser before.
    OfAnother,
    /// The database has too much to do.
    Busy,
    /// Something of ours failed; in words for the log.
    Failed(String),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::NoAnswer => Self::Busy,
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<WorkflowError> for Trouble {
    fn from(error: WorkflowError) -> Self {
        match error {
            WorkflowError::Store(e) => e.into(),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<rust_xlsxwriter::XlsxError> for Trouble {
    fn from(error: rust_xlsxwriter::XlsxError) -> Self {
        Self::Failed(format!("a workbook cannot be written: {error}"))
    }
}

impl Trouble {
    /// Writes what failed of ours to the log.
    pub fn note(&self) {
        if let Self::Failed(why) = self {
            tracing::error!("a page could not be shown: {why}");
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        self.note();
        let status = match &self {
            Self::SignInFirst(path) => return to_sign_in(path),
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::AnotherHost => StatusCode::MISDIRECTED_REQUEST,
            Self::AnotherSite => StatusCode::FORBIDDEN,
            Self::OfAnother => StatusCode::CONFLICT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let mut answer = status.into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

fn to_sign_in(path: &str) -> Response {
    let next: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
    see_other(&format!("/sign-in?next={next}"))
}

/// Sends the browser to another page of ours.
pub(super) fn see_other(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// Returns a path of ours that somebody handed over; the first page where it leads anywhere else.
pub(super) fn own_path(path: &str) -> &str {
    let is_plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let is_ours = path.starts_with('/') && !path.starts_with("//");
    if is_plain && is_ours { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn nobody_is_sent_away_from_the_page() {
        for path in ["/", "/complaints/K-2026-0001?a=b#c", "/me"] {
            assert_eq!(own_path(path), path);
        }
        for path in
            ["", "me", "//evil.nl", "/\\evil.nl", "https://evil.nl", "/a\r\nSet-Cookie: x", "/\tx", "\\/evil"]
        {
            assert_eq!(own_path(path), "/", "{path:?}");
        }
    }
}
