//! Searching among the complaints that somebody may see; and going through the texts of those from before searching was.

use super::visibility::viewer;
use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::store::{
    Count, Excerpt, Hit, ListedComplaint, Query, Search, Sight, StoreError, TextPart, Viewer, Written,
};

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
    pub count: Option<Count>,
    /// Where the next page begins; none where this is the last.
    pub next: Option<SearchPlace>,
    /// The number of older complaints that cannot be found by their texts yet.
    pub waiting: usize,
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
        let common = common(&search, &viewer, query).await?;
        let (query, counted) = common.as_ref().map_or((query, None), |(whole, count)| (whole, Some(*count)));
        let (mut hits, looked_up) = self.hits(&search, &viewer, query, after, limit + 1).await?;
        let next = place_behind(&hits, limit, looked_up.on_page);
        hits.truncate(limit);
        let count = match (after, counted) {
            (Some(_), _) => None,
            (None, Some(counted)) => Some(together(looked_up.in_all, counted)),
            (None, None) => Some(together(looked_up.in_all, search.count(&viewer, query).await?)),
        };
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

    /// Returns what is found from behind a place on, at most `limit`.
    async fn hits(
        &self,
        search: &Search,
        viewer: &Viewer,
        query: &Query,
        after: Option<SearchPlace>,
        limit: usize,
    ) -> Result<(Vec<Hit>, LookedUp), StoreError> {
        let (mut hits, in_all, behind) = match after {
            Some(SearchPlace::ByText(id)) => (Vec::new(), 0, Some(id)),
            Some(SearchPlace::LookedUp(id)) => {
                (search.looked_up(viewer, query, Some(id), limit).await?, 0, None)
            }
            None => {
                let hits = search.looked_up(viewer, query, None, Count::MOST + 1).await?;
                let in_all = hits.len();
                (hits, in_all, None)
            }
        };
        hits.truncate(limit);
        let on_page = hits.len();
        if on_page < limit {
            hits.extend(search.page(viewer, query, behind, limit - on_page).await?);
        }
        Ok((hits, LookedUp { on_page, in_all }))
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

/// How many were looked up by number or address.
struct LookedUp {
    on_page: usize,
    /// All of them, where the page is the first.
    in_all: usize,
}

/// Returns what is looked for instead where a word that was typed is so common that every word that begins with it would be
/// too many: the word alone, and how often it is found; none otherwise.
async fn common(
    search: &Search,
    viewer: &Viewer,
    query: &Query,
) -> Result<Option<(Query, Count)>, StoreError> {
    let Some(whole) = query.of_whole_words() else { return Ok(None) };
    let count = search.count(viewer, &whole).await?;
    Ok(matches!(count, Count::MoreThan(_)).then_some((whole, count)))
}

/// Returns the place behind the last that is shown, where there is more.
fn place_behind(hits: &[Hit], limit: usize, looked_up: usize) -> Option<SearchPlace> {
    let last = hits.get(limit.checked_sub(1)?).filter(|_| hits.len() > limit)?.complaint;
    Some(if looked_up >= limit { SearchPlace::LookedUp(last) } else { SearchPlace::ByText(last) })
}

fn together(looked_up: usize, by_text: Count) -> Count {
    let both = match by_text {
        Count::Exactly(n) => Count::Exactly(n + looked_up),
        Count::MoreThan(n) => Count::MoreThan(n + looked_up),
    };
    match both {
        Count::Exactly(n) | Count::MoreThan(n) if n > Count::MOST => Count::MoreThan(Count::MOST),
        both => both,
    }
}

/// Returns the text in which most of the words stand.
fn best(query: &Query, written: Vec<Written>) -> (FoundIn, Excerpt) {
    let excerpts = written.into_iter().map(|w| (FoundIn::Text(w.part), query.excerpt(&w.text)));
    // Of several the first one, which was written last.
    let best = excerpts.rev().max_by_key(|(_, excerpt)| excerpt.marks);
    best.filter(|(_, excerpt)| excerpt.marks > 0).unwrap_or((FoundIn::Head, Excerpt::default()))
}
