//! What every request and answer goes through: whether it comes from the page itself, and the headers that keep the page
//! from being framed, scripted or kept by others.
//!
//! A request that changes something must come from the page: browsers say where it comes from (Sec-Fetch-Site, and Origin
//! from those that do not), and no page can make them say otherwise. So no form holds a token that could be over.

use super::page::Page;
use super::trouble::Trouble;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, HOST, HeaderName, HeaderValue, ORIGIN, STRICT_TRANSPORT_SECURITY};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What a page may load: its own style and pictures, a frame of its own for a mail, and nothing else. No script, no plugin.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// What a page with an editor may load besides: our own script, which asks us.
pub(super) const EDITOR_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; \
                      frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The same for what stands in a frame of another page of ours.
pub(super) const BESIDE_POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'self'";

const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    // Not `no-referrer`, which would have browsers say `Origin: null` of our own forms.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
];

/// Lets through what was asked of us and, where it changes something, what comes from the page itself.
pub(super) async fn from_here(
    State(page): State<Arc<Page>>,
    request: Request,
    next: Next,
) -> Result<Response, Trouble> {
    let host = text(request.headers(), &HOST).unwrap_or_default();
    if !page.door.is_ours(host) {
        return Err(Trouble::AnotherHost);
    }
    let is_reading = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_reading && !is_from_the_page(&page, request.headers(), host) {
        return Err(Trouble::AnotherSite);
    }
    Ok(next.run(request).await)
}

fn is_from_the_page(page: &Page, headers: &HeaderMap, host: &str) -> bool {
    match text(headers, &SEC_FETCH_SITE) {
        Some(site) => site == "same-origin",
        None => text(headers, &ORIGIN).is_some_and(|origin| page.door.is_own_origin(origin, host)),
    }
}

/// Returns a header that stands there once.
fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    let only = all.next().filter(|_| all.next().is_none())?;
    only.to_str().ok()
}

/// Writes the headers of every answer of the page.
pub(super) async fn headers(State(page): State<Arc<Page>>, request: Request, next: Next) -> Response {
    let mut answer = strictly_secure(State(page), request, next).await;
    write(answer.headers_mut());
    answer
}

/// Writes the header by which browsers use TLS alone, where the page is behind TLS.
pub(super) async fn strictly_secure(State(page): State<Arc<Page>>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    if page.door.is_secure() {
        let year = HeaderValue::from_static("max-age=31536000");
        answer.headers_mut().insert(STRICT_TRANSPORT_SECURITY, year);
    }
    answer
}

/// Writes the headers of every answer to a monitor.
pub(super) async fn plain_headers(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    write(answer.headers_mut());
    answer
}

/// Writes the headers that an answer does not set itself, as that of a foreign document does, which may less.
fn write(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.entry(*name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
