//! `Pieces`: what is kept of somebody piece by piece, so that very much of it takes little memory.

use super::finding::PersonalData;
use super::kept::{Kept, KeptComplaint, KeptEvent, KeptLetter, KeptMail, KeptView, NamingComplaint};
use crate::store::{LetterPlace, StoreError};
use crate::workflow::dossier::mails::MailSets;
use std::collections::VecDeque;
use std::vec;

/// The pieces of one kind that are read at once.
const PART: usize = 100;
/// The most looks at one complaint that are told.
const VIEWS: usize = 10_000;

/// The pieces of what is kept of somebody.
#[derive(Debug)]
pub struct Pieces<'d> {
    data: &'d PersonalData<'d>,
    complaints: vec::IntoIter<NamingComplaint>,
    /// The complaint that is gone through.
    current: Option<NamingComplaint>,
    at: At,
    ready: VecDeque<Kept>,
}

/// What is read next.
#[derive(Debug)]
enum At {
    Person,
    /// The next complaint, or the mails of none.
    Complaint,
    Mails(Box<MailSets>),
    Letters(LetterPlace),
    Events(i64),
    /// Mails of no complaint after one of them.
    Loose(i64),
    End,
}

impl<'d> Pieces<'d> {
    pub(super) fn of(data: &'d PersonalData<'d>, complaints: Vec<NamingComplaint>) -> Self {
        let complaints = complaints.into_iter();
        Self { data, complaints, current: None, at: At::Person, ready: VecDeque::new() }
    }

    /// Returns the next piece; none behind the last.
    pub async fn next(&mut self) -> Result<Option<Kept>, StoreError> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Ok(Some(piece));
            }
            if matches!(self.at, At::End) {
                return Ok(None);
            }
            self.at = self.read().await?;
        }
    }

    /// Reads some pieces, and returns what is read behind them.
    async fn read(&mut self) -> Result<At, StoreError> {
        match std::mem::replace(&mut self.at, At::End) {
            At::Person => {
                self.ready.extend(self.data.own_person().map(Kept::Person));
                Ok(At::Complaint)
            }
            At::Complaint => self.complaint().await,
            At::Mails(sets) => self.mails(sets).await,
            At::Letters(after) => self.letters(after).await,
            At::Events(after) => self.events(after).await,
            At::Loose(after) => self.loose(after).await,
            At::End => Ok(At::End),
        }
    }

    async fn complaint(&mut self) -> Result<At, StoreError> {
        self.current = self.complaints.next();
        let Some(current) = &self.current else { return Ok(At::Loose(0)) };
        let workflow = self.data.workflow;
        let Some((id, facts)) = workflow.store.register().facts(&[current.id]).await?.pop() else {
            return Ok(At::Complaint);
        };
        let views = workflow.store.views().of(id, VIEWS).await?.into_iter();
        self.ready.push_back(Kept::Complaint(Box::new(KeptComplaint {
            number: current.reference.clone(),
            named_as: current.named_as.clone(),
            facts,
            views: views.map(|view| KeptView::of(workflow, view)).collect(),
        })));
        Ok(At::Mails(Box::new(MailSets::new(workflow.store.clone(), id))))
    }

    async fn mails(&mut self, mut sets: Box<MailSets>) -> Result<At, StoreError> {
        let (Some(set), Some(current)) = (sets.next().await?, &self.current) else {
            return Ok(At::Letters(LetterPlace::BEGINNING));
        };
        let workflow = self.data.workflow;
        let mails = workflow.store.dossiers().mails(&set).await?.into_iter();
        let kept = mails.map(|mail| KeptMail::of(workflow, Some(&current.reference), mail));
        self.ready.extend(kept.map(Kept::Mail));
        Ok(At::Mails(sets))
    }

    async fn letters(&mut self, after: LetterPlace) -> Result<At, StoreError> {
        let (workflow, Some(current)) = (self.data.workflow, &self.current) else { return Ok(At::Complaint) };
        let letters = workflow.store.dossiers().notifications(current.id, after, PART).await?;
        let Some(last) = letters.last().map(LetterPlace::of) else { return Ok(At::Events(0)) };
        let kept = letters.into_iter().map(|sent| KeptLetter::of(workflow, &current.reference, sent));
        self.ready.extend(kept.map(Kept::Letter));
        Ok(At::Letters(last))
    }

    async fn events(&mut self, after: i64) -> Result<At, StoreError> {
        let (workflow, Some(current)) = (self.data.workflow, &self.current) else { return Ok(At::Complaint) };
        let events = workflow.store.dossiers().events(current.id, (after, i64::MAX), PART).await?;
        let Some(last) = events.last().map(|event| event.seq) else { return Ok(At::Complaint) };
        let language = self.data.wish.language;
        let kept = events.iter().map(|event| KeptEvent::of(workflow, &current.reference, event, language));
        self.ready.extend(kept.map(Kept::Event));
        Ok(At::Events(last))
    }

    async fn loose(&mut self, after: i64) -> Result<At, StoreError> {
        let mails = self.data.mails_after(after).await?;
        let Some(last) = mails.last().map(|mail| mail.id) else { return Ok(At::End) };
        self.ready.extend(mails.into_iter().map(Kept::Mail));
        Ok(At::Loose(last))
    }
}
