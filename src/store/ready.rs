//! `Ready`: a decision with what is made of it before anybody waits for the transaction in which it is written.

use super::batch::Commit;
use super::cases::Cases;
use super::chain::{Entry, give_number, unchained};
use super::column::Cell;
use super::database::Database;
use super::error::StoreError;
use super::row::Written;
use super::search::OpeningTexts;
use super::tables::complaints::{ComplaintRow, Scheduled, renumber};
use super::tables::events::StoredEvent;
use super::tables::search::SearchRow;
use crate::complaint::{ComplaintId, Number};

/// A decision that is ready to be written.
#[derive(Clone, Debug)]
pub struct Ready {
    pub(super) commit: Commit,
    /// The row of its complaint, in the order of the columns; taken from here when it is written.
    pub(super) row: Vec<Cell>,
    /// Its events, but for their place in the chain; taken from here as well.
    pub(super) events: Vec<StoredEvent>,
    /// The texts for search of the mails that opened the complaint, which come with the decision on them.
    pub(super) opening: Vec<SearchRow>,
}

impl Cases {
    /// Reads the mails whose texts come with decisions.
    pub async fn opening_texts(&self, batch: &[Commit]) -> Result<OpeningTexts, StoreError> {
        OpeningTexts::of(&self.0.reader, batch).await
    }

    /// Makes decisions ready to be written, which is work and waits for nothing.
    pub fn ready(&self, batch: Vec<Commit>, opening: &OpeningTexts) -> Result<Vec<Ready>, StoreError> {
        batch.into_iter().map(|commit| Ready::new(&self.0, commit, opening)).collect()
    }
}

impl Ready {
    /// Returns the decision, which nobody changes any more.
    pub fn commit(&self) -> &Commit {
        &self.commit
    }

    fn new(db: &Database, commit: Commit, opening: &OpeningTexts) -> Result<Self, StoreError> {
        let decision = Some((commit.case.id, commit.case.version));
        let entry = Entry { decision, at: commit.at, ruleset: &commit.ruleset, events: &commit.events };
        let (row, events) = (row(db, &commit)?, unchained(db, &entry)?);
        let opening = opening.of_case(&commit.case);
        Ok(Self { commit, row, events, opening })
    }

    /// Links other complaints of its sender that it does not have yet.
    pub(super) fn add_candidates(
        &mut self,
        db: &Database,
        of_sender: impl IntoIterator<Item = ComplaintId>,
    ) -> Result<(), StoreError> {
        self.commit.add_candidates(of_sender);
        self.row = row(db, &self.commit)?;
        Ok(())
    }

    /// Puts the number that its complaint was given wherever it is to stand.
    pub(super) fn give_number(&mut self, db: &Database, number: &Number) -> Result<(), StoreError> {
        self.commit.give_number(number, &db.key.check_letters(number.as_str()));
        renumber(&mut self.row, &self.commit.case.complaint)?;
        self.events.iter_mut().for_each(|event| give_number(event, number));
        Ok(())
    }
}

/// Returns the commits of what is ready.
pub(super) fn commits(batch: &[Ready]) -> impl Iterator<Item = &Commit> {
    batch.iter().map(|ready| &ready.commit)
}

fn row(db: &Database, c: &Commit) -> Result<Vec<Cell>, StoreError> {
    let (is_live, wake_at, late_from) = (c.is_live, c.wake_at, c.late_from);
    let scheduled =
        Scheduled { case: &c.case, is_live, wake_at, stamp: &c.stamp, tally: c.tally.clone(), late_from };
    ComplaintRow::new(scheduled, &db.calendar)?.cells()
}
