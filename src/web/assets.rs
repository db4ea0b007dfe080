//! What the pages load beside themselves: one style.

use super::page::Page;
use super::style::STYLE;
use super::trouble::Trouble;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

pub(super) async fn asset(
    State(page): State<Arc<Page>>,
    Path(name): Path<String>,
) -> Result<Response, Trouble> {
    if page.style.path().strip_prefix("/assets/") != Some(&name) {
        return Err(Trouble::NotFound);
    }
    let headers =
        [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, STYLE).into_response())
}
