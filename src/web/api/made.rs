//! `Made`: the description of the interface and its page, made once for the ruleset and the settings in force.

use super::super::page::Page;
use super::super::trouble::Trouble;
use super::{description, reference};
use crate::complaint::Language;
use crate::config::Settings;
use crate::workflow::Published;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use std::sync::{Arc, Mutex, PoisonError};

/// The most bytes of the page.
const PAGE: usize = 8 << 20;

/// What something is made of.
#[derive(Clone, Debug)]
struct Of(Arc<Settings>, Arc<Published>);

impl Of {
    fn now(page: &Page) -> Self {
        Self(page.workflow.settings(), page.workflow.published())
    }

    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) && Arc::ptr_eq(&self.1, &other.1)
    }
}

/// What was made, and of what.
#[derive(Debug, Default)]
pub(super) struct Made {
    documents: Mutex<Vec<(Of, Language, Bytes)>>,
    reference: Mutex<Option<(Of, HeaderMap, Bytes)>>,
}

impl Made {
    /// Returns the description in the words of a language.
    pub fn document(&self, page: &Page, language: Language) -> Bytes {
        let of = Of::now(page);
        let mut kept = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(made_of, ..)| made_of.is(&of));
        if let Some((.., bytes)) = kept.iter().find(|(_, known, _)| *known == language) {
            return bytes.clone();
        }
        let bytes = Bytes::from(description::describe(page, language).to_string());
        kept.push((of, language, bytes.clone()));
        bytes
    }

    /// Answers with the page for people.
    pub async fn reference(&self, page: &Page) -> Result<Response, Trouble> {
        let of = Of::now(page);
        if let Some((made_of, headers, bytes)) =
            self.reference.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && made_of.is(&of)
        {
            return Ok(answer(headers, bytes));
        }
        let shown = reference::show(page)?;
        if shown.status() != StatusCode::OK {
            return Ok(shown);
        }
        let (parts, body) = shown.into_parts();
        let bytes = to_bytes(body, PAGE).await.map_err(|e| Trouble::Failed(e.to_string()))?;
        let made = answer(&parts.headers, &bytes);
        *self.reference.lock().unwrap_or_else(PoisonError::into_inner) = Some((of, parts.headers, bytes));
        Ok(made)
    }
}

fn answer(headers: &HeaderMap, bytes: &Bytes) -> Response {
    let mut answer = Response::new(Body::from(bytes.clone()));
    *answer.headers_mut() = headers.clone();
    answer
}
