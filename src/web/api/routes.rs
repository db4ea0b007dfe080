//! The routes of the interface: each request is let in by its key, counted, looked at and answered, all in one place.

use super::super::guard::{plain_headers, strictly_secure};
use super::super::page::Page;
use super::super::signed::Signed;
use super::call::{Call, Who};
use super::conditions::key;
use super::description::VERSION;
use super::limits::{A_MINUTE, Allowed, Limits};
use super::made::Made;
use super::once::{Once, Sent};
use super::operation::{Access, Operation};
use super::operations::all;
use super::problem::{Kind, Problem, about};
use crate::complaint::Language;
use crate::workflow::{ApiCaller, Menu};
use axum::RequestExt;
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::HeaderMap as Headers;
use axum::http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
};
use axum::http::request::Parts;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get};
use std::collections::BTreeMap;
use std::sync::Arc;

const API_VERSION: HeaderName = HeaderName::from_static("api-version");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What every operation is answered with.
struct Api {
    page: Arc<Page>,
    limits: Limits,
    once: Once,
    made: Made,
}

/// Returns the routes of the interface.
pub(in crate::web) fn routes(page: Arc<Page>) -> Router {
    let api = Arc::new(Api {
        page: Arc::clone(&page),
        limits: Limits::default(),
        once: Once::default(),
        made: Made::default(),
    });
    let mut paths: BTreeMap<String, MethodRouter<Arc<Api>>> = BTreeMap::new();
    for operation in all() {
        let handler = move |State(api): State<Arc<Api>>, request: Request| async move {
            answer(&api, operation, request).await
        };
        let route = operation.route();
        let known = paths.remove(&route).unwrap_or_else(|| MethodRouter::new().fallback(wrong_method));
        paths.insert(route, known.on(operation.filter(), handler));
    }
    let router =
        paths.into_iter().fold(Router::new(), |router, (path, methods)| router.route(&path, methods));
    router
        .route("/api/v1/openapi.json", get(document).fallback(wrong_method))
        .route("/api/v1/reference", get(reference_page).fallback(wrong_method))
        .route("/api/problems/{name}", get(problem_page).fallback(wrong_method))
        .route("/api", any(nothing))
        .route("/api/", any(nothing))
        .route("/api/{*rest}", any(nothing))
        .layer(from_fn(plain_headers))
        .layer(from_fn_with_state(page, strictly_secure))
        .with_state(api)
}

/// Answers with the description of the interface.
async fn document(State(api): State<Arc<Api>>, headers: Headers) -> Response {
    let language = language(&headers, api.page.language());
    let made = api.made.document(&api.page, language);
    let answer = ([(CONTENT_TYPE, "application/json")], made).into_response();
    finished(answer, language, None)
}

async fn reference_page(State(api): State<Arc<Api>>) -> Response {
    let made = api.made.reference(&api.page).await;
    made.unwrap_or_else(|trouble| Problem::from(trouble).answer(api.page.language()))
}

async fn nothing(State(api): State<Arc<Api>>, headers: Headers) -> Response {
    Problem::from(Kind::NotFound).answer(language(&headers, api.page.language()))
}

async fn wrong_method(State(api): State<Arc<Api>>, headers: Headers) -> Response {
    Problem::from(Kind::MethodNotAllowed).answer(language(&headers, api.page.language()))
}

async fn problem_page(State(api): State<Arc<Api>>, Path(name): Path<String>, headers: Headers) -> Response {
    match about(&api.page, &name) {
        Some(Ok(page)) => page,
        Some(Err(trouble)) => Problem::from(trouble).answer(api.page.language()),
        None => nothing(State(api), headers).await,
    }
}

/// Answers a request.
async fn answer(api: &Api, operation: &'static Operation, request: Request) -> Response {
    let spoken = language(request.headers(), api.page.language());
    let (caller, allowed) = match enter(api, request.headers()).await {
        Ok(entered) => entered,
        Err(problem) => return finished(problem.answer(spoken), spoken, None),
    };
    let spoken = language(request.headers(), caller.language);
    let answered = match allowed {
        Allowed::Yes(_) => carry_out(api, operation, caller, spoken, request).await,
        Allowed::After(seconds) => {
            Err(Problem { retry_after: Some(seconds), ..Kind::TooManyRequests.into() })
        }
    };
    finished(answered.unwrap_or_else(|problem| problem.answer(spoken)), spoken, Some(allowed))
}

/// Finds out who makes a request, and counts it.
async fn enter(api: &Api, headers: &HeaderMap) -> Result<(ApiCaller, Allowed), Problem> {
    let key = bearer(headers).ok_or(Kind::KeyNeeded)?;
    let caller = api.page.workflow.accounts().caller(key).await?.ok_or(Kind::KeyNeeded)?;
    let allowed = api.limits.count(&caller.id, api.page.workflow.now().await?);
    Ok((caller, allowed))
}

async fn carry_out(
    api: &Api,
    operation: &Operation,
    caller: ApiCaller,
    language: Language,
    request: Request,
) -> Result<Response, Problem> {
    if let Access::With(scope) = operation.access
        && !caller.scopes.contains(&scope)
    {
        return Err(Kind::ScopeNeeded.into());
    }
    // No page is drawn, so that nothing is offered in a menu.
    let (person, menu) = (caller.person.clone(), Menu::default());
    let signed = Signed { person, session: String::new(), menu, language };
    let asked = format!("{} {}", operation.id, request.uri().path());
    let call = call(api, operation.body, Who { caller, signed }, language, request).await?;
    call.check(operation.parameters)?;
    if !operation.is_kept {
        return (operation.handler)(call).await;
    }
    let (key, body, now) = (key(&call)?, call.body.clone(), api.page.workflow.now().await?);
    let sent = Sent { key: &key, path: &asked, body: &body };
    api.once.answer(api.page.workflow.kept_answers(), sent, now, (operation.handler)(call)).await
}

/// Returns the key of a request.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let only = all.next().filter(|_| all.next().is_none())?;
    let (scheme, key) = only.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

async fn call(
    api: &Api,
    most: usize,
    who: Who,
    language: Language,
    mut request: Request,
) -> Result<Call, Problem> {
    let path = request.extract_parts::<Option<Path<BTreeMap<String, String>>>>().await;
    let path = path.map_err(|_| Kind::NotFound)?.map(|Path(parts)| parts).unwrap_or_default();
    if path.values().any(|part| part.contains('\0')) {
        return Err(Kind::NotFound.into());
    }
    let (Parts { uri, headers, .. }, body) = request.into_parts();
    let body = to_bytes(body, most).await.map_err(|_| Kind::TooLarge)?;
    let query = uri.query().map(str::to_owned);
    Ok(Call { page: Arc::clone(&api.page), who, language, path, query, headers, body })
}

/// Returns the language that a program asks for: the first of ours that it names; the reader's where it names none.
fn language(headers: &HeaderMap, readers: Language) -> Language {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let named = asked.split(',').filter_map(|part| part.split([';', '-']).next());
    named.filter_map(|word| word.trim().to_lowercase().parse().ok()).next().unwrap_or(readers)
}

/// Writes what every answer says.
fn finished(mut answer: Response, language: Language, allowed: Option<Allowed>) -> Response {
    let headers = answer.headers_mut();
    headers.insert(API_VERSION, HeaderValue::from_static(VERSION));
    if let Ok(language) = HeaderValue::from_str(language.as_str()) {
        headers.insert(CONTENT_LANGUAGE, language);
    }
    if let Some(allowed) = allowed {
        let left = match allowed {
            Allowed::Yes(left) => format!("\"minute\";r={left}"),
            Allowed::After(seconds) => format!("\"minute\";r=0;t={seconds}"),
        };
        let policy = format!("\"minute\";q={A_MINUTE};w=60");
        for (name, value) in [(RATE_LIMIT, left), (RATE_LIMIT_POLICY, policy)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
    answer.into_response()
}
