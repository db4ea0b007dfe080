//! `/complaint-searches`: complaints by the words that stand in them, as the person of the key may see them.

use super::super::pages::{search_place, search_place_text};
use super::call::Call;
use super::parts::Parts;
use super::problem::Problem;
use super::shapes::{Found, SearchAnswer, SearchWish};
use crate::workflow::{Excerpt, SearchQuery};
use axum::Json;
use axum::response::{IntoResponse, Response};

/// The longest text that is looked for, in bytes, and the most complaints that are answered at once.
const LONGEST: usize = 1_000;
const MOST: usize = 200;
const USUAL: usize = 50;

pub(super) async fn search(call: Call) -> Result<Response, Problem> {
    let wish: SearchWish = call.wish()?;
    let limit = wish.page_size.unwrap_or(USUAL);
    if wish.words.len() > LONGEST {
        return Err(Problem::invalid(
            "body",
            "/words",
            format!("is langer dan {LONGEST} bytes"),
            format!("is longer than {LONGEST} bytes"),
        ));
    }
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::invalid(
            "body",
            "/pageSize",
            format!("is geen geheel getal van 1 tot en met {MOST}"),
            format!("is no whole number from 1 to {MOST}"),
        ));
    }
    let after = match wish.cursor.as_deref().filter(|cursor| !cursor.is_empty()) {
        None => None,
        Some(cursor) => search_place(cursor).map_err(|_| {
            Problem::invalid(
                "body",
                "/cursor",
                "is geen cursor die is uitgegeven",
                "is none that was handed out",
            )
        })?,
    };
    let query = SearchQuery::read(wish.words.trim());
    let query = query.ok_or_else(|| {
        Problem::invalid(
            "body",
            "/words",
            "heeft geen woord dat gezocht kan worden",
            "has no word that can be looked for",
        )
    })?;
    let found = call.page.workflow.search(Some(call.person()), &query, after, limit).await?;
    let parts = Parts::of(&call);
    let complaints = found
        .complaints
        .iter()
        .map(|one| Found { complaint: parts.listed(&one.complaint), excerpt: plain(&one.excerpt) });
    Ok(Json(SearchAnswer { found: complaints.collect(), next: found.next.map(search_place_text) })
        .into_response())
}

fn plain(excerpt: &Excerpt) -> String {
    excerpt.pieces.iter().map(|(text, _)| text.as_str()).collect()
}
