//! Searching among the complaints that somebody may see; and going through the texts of those from before searching was.

use super::visibility::viewer;
use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::store::{
    Excerpt, Hit, ListedComplaint, Query, Search, Sight, StoreError, TextPart, Viewer, Written,
};

/// The most complaints that are counted.
const COUNTED: usize = 100;

/// A place among what was found, behind which a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchPlace {
    /// Among those that were looked up by number or address, which come first.
    LookedUp(ComplaintId),
    /// Among those that were found by their texts.
    ByText(ComplaintId),
}

/// A page of what was found.
#[derive(Clone, Debug)]
pub struct FoundPage {
    /// The complaints.
    pub complaints: Vec<FoundComplaint>,
    /// How many there are, on the first page.
    pub count: Option<SearchCount>,
    /// Where the next page begins; none where this is the last.
    pub next: Option<SearchPlace>,
    /// The number of older complaints that cannot be found by their texts yet.
    pub waiting: usize,
}

/// How many complaints were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchCount {
    /// So many.
    Exactly(usize),
    /// More than so many; further ones were not counted.
    MoreThan(usize),
}

/// A complaint that was found.
#[derive(Clone, Debug)]
pub struct FoundComplaint {
    /// The complaint.
    pub complaint: ListedComplaint,
    /// Where the words stand.
    pub found_in: FoundIn,
    /// The text in which they do, with the words marked; empty where they stand in none.
    pub excerpt: Excerpt,
    /// The subject, with the words marked.
    pub subject: Excerpt,
    /// Who complains, with the words marked.
    pub complainant: Excerpt,
}

/// Where words were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundIn {
    /// In its number, its subject, or in who complains.
    Head,
    /// In one of its texts.
    Text(TextPart),
}

impl Workflow {
    /// Looks for complaints that somebody may see, or all where nobody is named: by number and address first, then by their
    /// texts, newest first, at most `limit` from behind a place on.
    pub async fn search(
        &self,
        person: Option<&str>,
        query: &Query,
        after: Option<SearchPlace>,
        limit: usize,
    ) -> Result<FoundPage, WorkflowError> {
        let now = self.now().await?;
        let (viewer, search) = (self.searcher(person, now), self.store.search());
        // What is counted begins with the page, so that it is looked for once.
        let enough = limit.max(COUNTED) + 1;
        let common = common(&search, &viewer, query, enough).await?;
        let (query, newest) = common.as_ref().map_or((query, None), |(whole, hits)| (whole, Some(hits)));
        let looked_up = looked_up(&search, &viewer, query, after, enough).await?;
        let by_text = match (after, newest) {
            (Some(SearchPlace::ByText(id)), _) => search.page(&viewer, query, Some(id), limit + 1).await?,
            (Some(SearchPlace::LookedUp(_)), _) if looked_up.len() > limit => Vec::new(),
            (_, Some(hits)) => hits.clone(),
            (_, None) => search.page(&viewer, query, None, enough).await?,
        };
        let count = after.is_none().then(|| SearchCount::of(looked_up.len() + by_text.len()));
        let directly = looked_up.len();
        let mut hits: Vec<Hit> = looked_up.into_iter().chain(by_text).take(limit + 1).collect();
        let next = place_behind(&hits, limit, directly);
        hits.truncate(limit);
        let mut complaints = self.shown(&search, query, &hits).await?;
        // The condition in the store may let through what a rare course of deputies keeps back.
        complaints.retain(|c| person.is_none_or(|person| self.sees(&c.complaint.facts, person, now)));
        Ok(FoundPage { complaints, count, next, waiting: search.waiting().await? })
    }

    fn searcher(&self, person: Option<&str>, now: Moment) -> Viewer {
        let (settings, published) = (self.settings(), self.published());
        match person {
            Some(person) => viewer(&settings, published.ruleset.procedure(), person, now),
            None => Viewer { person: "nobody".to_owned(), sight: Sight::Everything },
        }
    }

    /// Reads what is shown of complaints that were found.
    async fn shown(
        &self,
        search: &Search,
        query: &Query,
        hits: &[Hit],
    ) -> Result<Vec<FoundComplaint>, StoreError> {
        let ids: Vec<ComplaintId> = hits.iter().map(|hit| hit.complaint).collect();
        let listed = search.listed(&ids).await?;
        let facts = listed.iter().map(|(id, complaint)| (*id, &complaint.facts)).collect();
        let mut written = search.written(hits, &facts).await?;
        let shown = ids.iter().filter_map(|id| {
            let complaint = listed.get(id)?.clone();
            let (found_in, excerpt) = best(query, written.remove(id).unwrap_or_default());
            Some(FoundComplaint {
                found_in,
                excerpt,
                subject: query.excerpt(&complaint.subject),
                complainant: query.excerpt(&complaint.complainant),
                complaint,
            })
        });
        Ok(shown.collect())
    }

    /// Goes through the texts of some complaints from before searching was, and returns how many are left.
    pub async fn fill_search(&self) -> Result<usize, StoreError> {
        self.store.in_background().search().fill().await
    }

    /// Returns how many complaints cannot be found by their texts yet.
    pub async fn search_waiting(&self) -> Result<usize, StoreError> {
        self.store.search().waiting().await
    }
}

impl SearchCount {
    fn of(complaints: usize) -> Self {
        if complaints > COUNTED { Self::MoreThan(COUNTED) } else { Self::Exactly(complaints) }
    }
}

/// Returns what is found by number or address from behind a place on, at most `limit`.
async fn looked_up(
    search: &Search,
    viewer: &Viewer,
    query: &Query,
    after: Option<SearchPlace>,
    limit: usize,
) -> Result<Vec<Hit>, StoreError> {
    let behind = match after {
        None => None,
        Some(SearchPlace::LookedUp(id)) => Some(id),
        Some(SearchPlace::ByText(_)) => return Ok(Vec::new()),
    };
    search.looked_up(viewer, query, behind, limit).await
}

/// Returns what is looked for instead where a word that was typed is so common that every word that begins with it would be
/// too many: the word alone, and what is found by it, at most `enough`; none otherwise.
async fn common(
    search: &Search,
    viewer: &Viewer,
    query: &Query,
    enough: usize,
) -> Result<Option<(Query, Vec<Hit>)>, StoreError> {
    let Some(whole) = query.of_whole_words() else { return Ok(None) };
    let hits = search.page(viewer, &whole, None, enough).await?;
    Ok((hits.len() > COUNTED).then_some((whole, hits)))
}

/// Returns the place behind the last that is shown, where there is more.
fn place_behind(hits: &[Hit], limit: usize, looked_up: usize) -> Option<SearchPlace> {
    let last = hits.get(limit.checked_sub(1)?).filter(|_| hits.len() > limit)?.complaint;
    Some(if looked_up >= limit { SearchPlace::LookedUp(last) } else { SearchPlace::ByText(last) })
}

/// Returns the text in which most of the words stand.
fn best(query: &Query, written: Vec<Written>) -> (FoundIn, Excerpt) {
    let excerpts = written.into_iter().map(|w| (FoundIn::Text(w.part), query.excerpt(&w.text)));
    // Of several the first one, which was written last.
    let best = excerpts.rev().max_by_key(|(_, excerpt)| excerpt.marks);
    best.filter(|(_, excerpt)| excerpt.marks > 0).unwrap_or((FoundIn::Head, Excerpt::default()))
}
