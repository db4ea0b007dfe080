//! `Problem`: why something is not answered as asked, as RFC 9457 says it: the sentence that people see, and what a program needs.

use super::super::page::{Page, Shown};
use super::super::texts::say;
use super::super::trouble::Trouble;
use crate::complaint::{Language, Text};
use crate::workflow::{ActError, StoreError, WorkflowError};
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use minijinja::context;
use schemars::JsonSchema;
use serde::Serialize;

/// The kinds of problems, each with a page of its own under `/api/problems/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    KeyNeeded,
    ScopeNeeded,
    NotFound,
    Gone,
    MethodNotAllowed,
    InvalidInput,
    NotJson,
    TooLarge,
    NotOffered,
    Refused,
    Changed,
    KeyReused,
    Unfinished,
    TooManyRequests,
    Busy,
    Failed,
}

impl Kind {
    pub const ALL: &'static [Self] = &[
        Self::KeyNeeded,
        Self::ScopeNeeded,
        Self::NotFound,
        Self::Gone,
        Self::MethodNotAllowed,
        Self::InvalidInput,
        Self::NotJson,
        Self::TooLarge,
        Self::NotOffered,
        Self::Refused,
        Self::Changed,
        Self::KeyReused,
        Self::Unfinished,
        Self::TooManyRequests,
        Self::Busy,
        Self::Failed,
    ];

    /// Returns its name, as it stands in an address, and the status that goes with it.
    pub const fn named(self) -> (&'static str, StatusCode) {
        match self {
            Self::KeyNeeded => ("key-needed", StatusCode::UNAUTHORIZED),
            Self::ScopeNeeded => ("scope-needed", StatusCode::FORBIDDEN),
            Self::NotFound => ("not-found", StatusCode::NOT_FOUND),
            Self::Gone => ("gone", StatusCode::GONE),
            Self::MethodNotAllowed => ("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED),
            Self::InvalidInput => ("invalid-input", StatusCode::BAD_REQUEST),
            Self::NotJson => ("not-json", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Self::TooLarge => ("too-large", StatusCode::PAYLOAD_TOO_LARGE),
            Self::NotOffered => ("not-offered", StatusCode::CONFLICT),
            Self::Refused => ("refused", StatusCode::UNPROCESSABLE_ENTITY),
            Self::Changed => ("changed", StatusCode::PRECONDITION_FAILED),
            Self::KeyReused => ("key-reused", StatusCode::UNPROCESSABLE_ENTITY),
            Self::Unfinished => ("unfinished", StatusCode::CONFLICT),
            Self::TooManyRequests => ("too-many-requests", StatusCode::TOO_MANY_REQUESTS),
            Self::Busy => ("busy", StatusCode::SERVICE_UNAVAILABLE),
            Self::Failed => ("failed", StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// Returns the keys of what it is called, and of the sentence about it.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::KeyNeeded => ("problem_key_needed", "problem_key_needed_text"),
            Self::ScopeNeeded => ("problem_scope_needed", "problem_scope_needed_text"),
            Self::NotFound => ("problem_not_found", "problem_not_found_text"),
            Self::Gone => ("problem_gone", "problem_gone_text"),
            Self::MethodNotAllowed => ("problem_method_not_allowed", "problem_method_not_allowed_text"),
            Self::InvalidInput => ("problem_invalid_input", "problem_invalid_input_text"),
            Self::NotJson => ("problem_not_json", "problem_not_json_text"),
            Self::TooLarge => ("problem_too_large", "problem_too_large_text"),
            Self::NotOffered => ("problem_not_offered", "problem_not_offered_text"),
            Self::Refused => ("problem_refused", "problem_refused_text"),
            Self::Changed => ("problem_changed", "problem_changed_text"),
            Self::KeyReused => ("problem_key_reused", "problem_key_reused_text"),
            Self::Unfinished => ("problem_unfinished", "problem_unfinished_text"),
            Self::TooManyRequests => ("problem_too_many_requests", "problem_too_many_requests_text"),
            Self::Busy => ("problem_busy", "problem_busy_text"),
            Self::Failed => ("problem_failed", "problem_failed_text"),
        }
    }
}

/// Something that is wrong with what was sent.
#[derive(Clone, Debug)]
pub(super) struct Mistake {
    /// Where it stands: `query`, `header` or `body`.
    pub place: &'static str,
    /// The name of the parameter, or a JSON pointer into the body.
    pub location: String,
    /// The sentence about it.
    pub detail: Text,
}

/// A mistake as it is sent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Mistake")]
struct SentMistake {
    /// Where it stands: `query`, `header` or `body`.
    #[serde(rename = "in")]
    place: &'static str,
    /// The name of the parameter, or a JSON pointer into the body.
    location: String,
    /// The sentence about it.
    detail: String,
}

/// A problem.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub kind: Kind,
    /// The sentence about this one; that of its kind where there is none.
    pub detail: Option<Text>,
    pub mistakes: Vec<Mistake>,
    /// What must be so before the action is offered.
    pub needs: Vec<String>,
    /// The seconds after which it may be tried again.
    pub retry_after: Option<i64>,
}

/// A problem as it is sent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(super) struct Sent {
    /// The address of a page about problems of this kind.
    #[serde(rename = "type")]
    kind: String,
    /// What problems of this kind are called.
    title: String,
    /// The status of the answer.
    status: u16,
    /// The sentence that people see.
    detail: String,
    /// What is wrong with what was sent.
    errors: Vec<SentMistake>,
    /// What must be so before the action is offered, as the rules say it.
    explanation: Vec<String>,
}

impl Mistake {
    fn said(self, language: Language) -> SentMistake {
        let Self { place, location, detail } = self;
        SentMistake { place, location, detail: detail.in_language(language).to_owned() }
    }
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self { kind, detail: None, mistakes: Vec::new(), needs: Vec::new(), retry_after: None }
    }
}

impl From<Trouble> for Problem {
    fn from(trouble: Trouble) -> Self {
        trouble.note();
        let kind = match trouble {
            Trouble::SignInFirst(_) => Kind::KeyNeeded,
            Trouble::NotFound | Trouble::AnotherHost | Trouble::AnotherSite | Trouble::OfAnother => {
                Kind::NotFound
            }
            Trouble::Gone => Kind::Gone,
            Trouble::Unreadable => Kind::InvalidInput,
            Trouble::Busy => Kind::Busy,
            Trouble::Failed(_) => Kind::Failed,
        };
        kind.into()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Trouble::from(error).into()
    }
}

impl From<WorkflowError> for Problem {
    fn from(error: WorkflowError) -> Self {
        Trouble::from(error).into()
    }
}

impl From<ActError> for Problem {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Refused(why) => Self { detail: Some(why), ..Kind::Refused.into() },
            ActError::Unknown(_) | ActError::Stranger(_) => Kind::NotFound.into(),
            ActError::Changed => Kind::Changed.into(),
            // A rule took too long, and may not next time.
            ActError::Workflow(WorkflowError::Cancelled) => Kind::Busy.into(),
            ActError::Workflow(error) => error.into(),
        }
    }
}

impl Problem {
    /// Returns that something which was sent cannot be used.
    pub fn invalid(
        place: &'static str,
        location: impl Into<String>,
        nl: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        let mistake = Mistake { place, location: location.into(), detail: Text::new(nl, en) };
        Self { mistakes: vec![mistake], ..Kind::InvalidInput.into() }
    }

    /// Answers with it.
    pub fn answer(self, language: Language) -> Response {
        let ((name, status), (title, text)) = (self.kind.named(), self.kind.words());
        let own = self.detail.map(|text| text.in_language(language).to_owned());
        let sent = Sent {
            kind: format!("/api/problems/{name}"),
            title: say(language, title, &[]),
            status: status.as_u16(),
            detail: own.unwrap_or_else(|| say(language, text, &[])),
            errors: self.mistakes.into_iter().map(|m| m.said(language)).collect(),
            explanation: self.needs,
        };
        let mut answer = (status, Json(sent)).into_response();
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.kind == Kind::KeyNeeded {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Redress\""));
        }
        let wait = self.retry_after.or((self.kind == Kind::Busy).then_some(5));
        if let Some(seconds) = wait {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }
}

/// Returns a value where nothing is wrong with what was sent.
pub(super) fn all_right<T>(value: T, mistakes: Vec<Mistake>) -> Result<T, Problem> {
    match mistakes.is_empty() {
        true => Ok(value),
        false => Err(Problem { mistakes, ..Kind::InvalidInput.into() }),
    }
}

/// Shows the page about problems of a kind; none where there is no such kind.
pub(super) fn about(page: &Page, name: &str) -> Option<Result<Response, Trouble>> {
    let kind = Kind::ALL.iter().find(|kind| kind.named().0 == name)?;
    let (language, (title, text)) = (page.language(), kind.words());
    let shown = Shown {
        template: "message",
        title: say(language, title, &[]),
        here: "",
        of: context! { text => say(language, text, &[]) },
    };
    Some(page.show_anybody(StatusCode::OK, shown))
}
