//! `/search`: complaints by the words that stand in them, as somebody may see them. What is looked for stands in the address,
//! and nowhere else: it is not written to a log.

use super::complaint_view::visible;
use crate::complaint::{ComplaintId, Language};
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::{counted, say};
use crate::web::trouble::Trouble;
use crate::workflow::{
    Excerpt, FoundComplaint, FoundIn, FoundPage, Labels, SearchCount, SearchPlace, SearchQuery, TextPart,
};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;
use url::form_urlencoded::Serializer;

/// The complaints on a page.
const PAGE: usize = 20;

/// The longest text that is looked for, in bytes.
const LONGEST: usize = 1_000;

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let fields = Fields::of_query(query.as_deref());
    let (typed, after) = (fields.get("q").trim(), place(fields.get("after"))?);
    if typed.len() > LONGEST {
        return Err(Trouble::Unreadable);
    }
    let found = match SearchQuery::read(typed) {
        None => None,
        Some(query) => Some(page.workflow.search(Some(&signed.person.email), &query, after, PAGE).await?),
    };
    let dates = Dates::now(&page, signed.language).await?;
    let labels = page.workflow.labels(signed.language);
    let view = View { signed: &signed, dates: &dates, labels: &labels };
    let results = found.as_ref().map(|found| view.results(typed, found));
    let is_first = after.is_none();
    let title = match typed {
        "" => say(signed.language, "search_title", &[]),
        _ => say(signed.language, "search_title_for", &[("words", typed)]),
    };
    let of = context! {
        typed, is_too_short => !typed.is_empty() && found.is_none(), results, is_first,
        first => address(typed, None),
    };
    page.show(&signed, StatusCode::OK, Shown { template: "search", title, here: "/search", of })
}

/// How what was found is said to one reader.
struct View<'p> {
    signed: &'p Signed,
    dates: &'p Dates,
    labels: &'p Labels,
}

impl View<'_> {
    fn results(&self, typed: &str, found: &FoundPage) -> Value {
        let language = self.signed.language;
        let count = match found.count {
            None => String::new(),
            Some(SearchCount::Exactly(n)) => {
                let key = counted("search_count", i64::try_from(n).unwrap_or(i64::MAX));
                say(language, &key, &[("n", &n.to_string())])
            }
            Some(SearchCount::MoreThan(n)) => say(language, "search_more", &[("n", &thousands(language, n))]),
        };
        let waiting = match found.waiting {
            0 => String::new(),
            n => say(language, "search_waiting", &[("n", &n.to_string())]),
        };
        let rows: Vec<Value> = found.complaints.iter().map(|c| self.row(c)).collect();
        context! { count, rows, waiting, next => found.next.map(|next| address(typed, Some(next))) }
    }

    fn row(&self, found: &FoundComplaint) -> Value {
        let c = &found.complaint;
        let received = self.dates.day_of(c.received_at).map(|day| self.dates.day(day)).unwrap_or_default();
        let found_in = match found.found_in {
            FoundIn::Head => "",
            FoundIn::Text(TextPart::Facts) => "search_in_facts",
            FoundIn::Text(TextPart::Mail) => "search_in_mail",
            FoundIn::Text(TextPart::Letter) => "search_in_letter",
            FoundIn::Text(TextPart::Note) => "search_in_note",
        };
        let found_in = Some(found_in).filter(|key| !key.is_empty());
        context! {
            reference => c.facts.reference(), received, state => self.labels.state(&c.state),
            subject => pieces(&found.subject), complainant => pieces(&found.complainant),
            found_in => found_in.map(|key| say(self.signed.language, key, &[])), excerpt => pieces(&found.excerpt),
        }
    }
}

fn pieces(excerpt: &Excerpt) -> Vec<Value> {
    let piece = |(text, is_marked): &(String, bool)| context! { text => visible(text), is_marked };
    excerpt.pieces.iter().map(piece).collect()
}

/// Writes a number of thousands as people read it.
fn thousands(language: Language, n: usize) -> String {
    let sign = if language == Language::Dutch { '.' } else { ',' };
    if n < 1_000 { n.to_string() } else { format!("{}{sign}{:03}", n / 1_000, n % 1_000) }
}

/// Reads a place as `place_text` writes it.
pub(in crate::web) fn place(text: &str) -> Result<Option<SearchPlace>, Trouble> {
    let Some((kind, id)) = text.split_once('.') else {
        return if text.is_empty() { Ok(None) } else { Err(Trouble::Unreadable) };
    };
    let id = ComplaintId(id.parse().map_err(|_| Trouble::Unreadable)?);
    match kind {
        "number" => Ok(Some(SearchPlace::LookedUp(id))),
        "text" => Ok(Some(SearchPlace::ByText(id))),
        _ => Err(Trouble::Unreadable),
    }
}

/// Writes what is looked for, and the place behind which the page begins, as the part of an address behind the question mark.
fn address(typed: &str, after: Option<SearchPlace>) -> String {
    let mut address = Serializer::new(String::new());
    address.append_pair("q", typed);
    if let Some(after) = after {
        address.append_pair("after", &place_text(after));
    }
    address.finish()
}

/// Writes a place as it stands in an address.
pub(in crate::web) fn place_text(place: SearchPlace) -> String {
    match place {
        SearchPlace::LookedUp(id) => format!("number.{}", id.0),
        SearchPlace::ByText(id) => format!("text.{}", id.0),
    }
}
