//! Finding complaints by their texts, by their number, and by the address of who complains.

use super::Search;
use super::query::{Direct, Query};
use super::text::{Part, WIDTH, first_id};
use crate::complaint::ComplaintId;
use crate::store::error::StoreError;
use crate::store::register::Register;
use crate::store::sets::ROWS;
use crate::store::statement::Statement;
use crate::store::tables::complaints::{ComplaintKey, ListedComplaint, ListedRow};
use crate::store::tables::search::FoundText;
use crate::store::visibility::Viewer;
use std::collections::HashMap;

/// The texts that are read at once for each complaint that is looked for: most have fewer.
const TEXTS: usize = 3;
/// The most texts of one complaint that are named.
const NAMED: usize = 12;
/// The texts of which each may be looked at for the sake of one rare word.
const FEW: usize = 100;

/// A complaint that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The complaint.
    pub complaint: ComplaintId,
    /// Its texts in which the words stand, what was written last first; none where it was looked up by number or address.
    pub texts: Vec<Text>,
}

/// A text that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// The kind of text.
    pub part: Part,
    pub(super) id: i64,
}

/// The way in which texts are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By<'q> {
    /// By all words and who may see them, as the index knows both.
    Words,
    /// By this word alone, which few texts have; of each the others are looked for in what it says. The words before a number stand
    /// in very many texts, and an engine may go through all of those to find them together.
    Rare(&'q str),
}

impl Search {
    /// Looks for complaints that somebody may see by their texts, newest first, at most `limit` from behind one of them on.
    /// Those that [`Search::looked_up`] finds are left out.
    pub async fn page(
        &self,
        viewer: &Viewer,
        query: &Query,
        after: Option<ComplaintId>,
        limit: usize,
    ) -> Result<Vec<Hit>, StoreError> {
        let mut hits: Vec<Hit> = Vec::new();
        let mut below = after.map_or(i64::MAX, first_id);
        let (by, at_once) = (self.way(query).await?, ROWS.min(limit.saturating_mul(TEXTS)));
        // A complaint has few texts. Where one has very many, those behind what was read are passed over.
        loop {
            let found = self.matching(viewer, (query, by), below, at_once);
            let found: Vec<FoundText> = found.all(&self.0.reader).await?;
            let is_last = found.len() < at_once;
            for row in found {
                let (complaint, part) = (ComplaintId(row.id / WIDTH), Part::of_id(row.id));
                let text = Text { part, id: row.id };
                let is_full = hits.len() == limit;
                match hits.last_mut().filter(|hit| hit.complaint == complaint) {
                    Some(hit) if hit.texts.len() < NAMED => hit.texts.push(text),
                    Some(_) => {}
                    None if is_full => return Ok(hits),
                    None => hits.push(Hit { complaint, texts: vec![text] }),
                }
            }
            match hits.last() {
                Some(last) if !is_last => below = first_id(last.complaint),
                _ => return Ok(hits),
            }
        }
    }

    /// Returns the way in which words are looked for.
    async fn way<'q>(&self, query: &'q Query) -> Result<By<'q>, StoreError> {
        let engine = self.0.engine;
        let Some(word) = query.number_within().filter(|_| engine.goes_through_common_words()) else {
            return Ok(By::Words);
        };
        let (source, id, matches) = (engine.search_source(), engine.search_id(), engine.search_matches());
        let with_it =
            Statement::counting(&format!("(SELECT i.{id} FROM {source} i WHERE {matches} LIMIT {FEW}) f"));
        let with_it = with_it.with(engine.sought_phrase(&[word.to_owned()], false));
        let is_rare = usize::try_from(with_it.count(&self.0.reader).await?).is_ok_and(|texts| texts < FEW);
        Ok(if is_rare { By::Rare(word) } else { By::Words })
    }

    /// Returns the select of texts `i` below an id that hold the words, of complaints `c` that somebody may see, newest first.
    fn matching(
        &self,
        viewer: &Viewer,
        (query, by): (&Query, By<'_>),
        below: i64,
        limit: usize,
    ) -> Statement {
        let engine = self.0.engine;
        let (source, id, matches) = (engine.search_source(), engine.search_id(), engine.search_matches());
        let sql = format!(
            "SELECT i.{id} AS id FROM {source} i CROSS JOIN complaints c WHERE {matches} AND i.{id} < $2 AND c.id = i.{id} / {WIDTH}"
        );
        let found = match by {
            By::Words => Statement::new(sql).with(query.expression(engine, viewer)).with(below),
            By::Rare(word) => {
                let found =
                    Statement::new(sql).with(engine.sought_phrase(&[word.to_owned()], false)).with(below);
                // The head and the body are apart: no words stand one after the other across both.
                let says = "' ' || i.head || ' . ' || i.body || ' ' LIKE";
                let like = |words: &[String]| format!("% {} %", words.join(" "));
                query.phrases().fold(found, |found, words| found.and_compared(says, Some(like(words))))
            }
        };
        let found = match query.direct() {
            None => found,
            Some(Direct::Address(address)) => found.and_compared("c.complainant_email <>", Some(address)),
            Some(Direct::Reference(reference)) => found
                .and_compared("c.intake_id <>", Some(reference))
                .and_compared("COALESCE(c.number, '') <>", Some(reference)),
        };
        viewer.visible_to(found).and(&format!(" ORDER BY i.{id} DESC LIMIT {limit}"))
    }

    /// Looks up complaints that somebody may see by the number, intake id or address that was typed, newest first, at most
    /// `limit` from behind one of them on; none where nothing of the kind was typed.
    pub async fn looked_up(
        &self,
        viewer: &Viewer,
        query: &Query,
        after: Option<ComplaintId>,
        limit: usize,
    ) -> Result<Vec<Hit>, StoreError> {
        let found: Vec<ComplaintKey> = match query.direct() {
            None => Vec::new(),
            Some(Direct::Address(address)) => {
                let sent = Statement::new("SELECT c.id FROM complaints c WHERE c.complainant_email = $1")
                    .with(address);
                let sent = viewer.visible_to(sent.and_compared("c.id <", after));
                sent.and(&format!(" ORDER BY c.id DESC LIMIT {limit}")).all(&self.0.reader).await?
            }
            // It is one, which is on the first page.
            Some(Direct::Reference(_)) if after.is_some() => Vec::new(),
            Some(Direct::Reference(reference)) => {
                let id = Register(self.0.clone()).visible(viewer, reference).await?;
                id.map(|id| ComplaintKey { id }).into_iter().collect()
            }
        };
        Ok(found.into_iter().map(|row| Hit { complaint: row.id, texts: Vec::new() }).collect())
    }

    /// Reads complaints as they are listed, by their keys.
    pub async fn listed(
        &self,
        ids: &[ComplaintId],
    ) -> Result<HashMap<ComplaintId, ListedComplaint>, StoreError> {
        let these = Statement::new(format!("{} WHERE c.id IN ", ListedRow::statement()));
        let these = these.and_list(ids.iter().copied().chain([ComplaintId(0)]));
        let rows: Vec<ListedRow> = these.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(ListedComplaint::from).map(|c| (c.id, c)).collect())
    }
}
