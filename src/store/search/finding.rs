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
use crate::store::tables::search::{FoundCount, FoundText};
use crate::store::visibility::Viewer;
use std::collections::HashMap;

/// The texts that are looked at in order to count complaints.
const COUNTED: usize = 1_500;
/// The most texts of one complaint that are named.
const NAMED: usize = 12;

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

/// How many complaints were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(usize),
    /// More than so many; further ones were not counted.
    MoreThan(usize),
}

impl Count {
    /// The most that are counted.
    pub const MOST: usize = 200;

    fn of(counted: &FoundCount) -> Self {
        let complaints = usize::try_from(counted.complaints).unwrap_or(0);
        let is_whole = usize::try_from(counted.texts).is_ok_and(|texts| texts < COUNTED);
        match is_whole && complaints <= Self::MOST {
            true => Self::Exactly(complaints),
            false => Self::MoreThan(complaints.saturating_sub(1).min(Self::MOST)),
        }
    }
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
        // A complaint has few texts. Where one has very many, those behind what was read are passed over.
        loop {
            let id = self.0.engine.search_id();
            let found = self.matching(&format!("i.{id} AS id"), viewer, query, below, ROWS);
            let found: Vec<FoundText> = found.all(&self.0.reader).await?;
            let is_last = found.len() < ROWS;
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

    /// Counts the complaints that have such a text and that somebody may see, as far as that is soon done.
    pub async fn count(&self, viewer: &Viewer, query: &Query) -> Result<Count, StoreError> {
        let id = self.0.engine.search_id();
        let what = format!("i.{id} / {WIDTH} AS complaint");
        let inner = self.matching(&what, viewer, query, i64::MAX, COUNTED);
        let counting =
            inner.within("SELECT COUNT(*) AS texts, COUNT(DISTINCT f.complaint) AS complaints FROM (", ") f");
        let counted: Option<FoundCount> = counting.first(&self.0.reader).await?;
        Ok(counted.map_or(Count::Exactly(0), |counted| Count::of(&counted)))
    }

    /// Returns the select of texts `i` below an id that hold the words, of complaints `c` that somebody may see, newest first.
    fn matching(&self, what: &str, viewer: &Viewer, query: &Query, below: i64, limit: usize) -> Statement {
        let engine = self.0.engine;
        let (source, id, matches) = (engine.search_source(), engine.search_id(), engine.search_matches());
        let sql = format!(
            "SELECT {what} FROM {source} i CROSS JOIN complaints c WHERE {matches} AND i.{id} < $2 AND c.id = i.{id} / {WIDTH}"
        );
        let found = Statement::new(sql).with(query.expression(engine, viewer)).with(below);
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
