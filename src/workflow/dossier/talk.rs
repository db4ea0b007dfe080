//! What was written and said, in the order of time: mails, letters and remarks, each read in parts and laid beside the others.

use super::letters::{Letters, ReadLetter};
use super::mails::MailSets;
use super::telling::Telling;
use crate::calendar::Moment;
use crate::complaint::{Actor, ComplaintId, EventKind, MailKind};
use crate::dossier::{Enclosed, Kind, Turn, letter_name, mail_name};
use crate::store::{MailSummary, Store, StoreError, StoredEvent};
use crate::workflow::fact_words as words;
use serde_json::Value;
use std::collections::VecDeque;

/// Remarks that are read at once.
const REMARKS: usize = 200;

/// The files of a mail that are in the dossier.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptMail {
    /// True where its bytes are.
    pub is_kept: bool,
    /// The file of each attachment; none where it stands in the mail alone.
    pub attachments: Vec<Option<String>>,
}

/// Everything that was written and said.
pub(super) struct Talk<'t> {
    store: Store,
    telling: &'t Telling,
    id: ComplaintId,
    through: i64,
    kept: Vec<KeptMail>,
    /// The most characters that are kept of the text of a mail.
    longest: usize,
    mails: (MailSets, VecDeque<MailSummary>, usize),
    letters: Letters,
    remarks: (i64, VecDeque<StoredEvent>, bool),
}

impl<'t> Talk<'t> {
    /// Begins with what the trail goes up to, given the files of each mail.
    pub fn new(
        store: &Store,
        telling: &'t Telling,
        (id, through): (ComplaintId, i64),
        (kept, longest): (Vec<KeptMail>, usize),
    ) -> Self {
        Self {
            store: store.clone(),
            telling,
            id,
            through,
            kept,
            longest,
            mails: (MailSets::new(store.clone(), id), VecDeque::new(), 0),
            letters: Letters::new(store.clone(), telling.settings.clone(), id),
            remarks: (0, VecDeque::new(), false),
        }
    }

    /// Returns what comes next; none behind the last.
    pub async fn next(&mut self) -> Result<Option<Turn>, StoreError> {
        self.fill().await?;
        let letter = self.letters.ahead().await?.map(|letter| letter.summary.at);
        let mail = self.mails.1.front().map(|mail| mail.received_at);
        let remark = self.remarks.1.front().map(|event| event.at);
        let first = [mail, letter, remark].into_iter().flatten().min();
        let is_first = |at: Option<Moment>| at.is_some() && at == first;
        if is_first(mail) {
            return Ok(self.mails.1.pop_front().map(|mail| self.mail(mail)));
        }
        if is_first(letter) {
            return Ok(self.letters.next().await?.map(|letter| self.letter(letter)));
        }
        Ok(self.remarks.1.pop_front().map(|event| self.remark(&event)))
    }

    async fn fill(&mut self) -> Result<(), StoreError> {
        if self.mails.1.is_empty()
            && let Some(set) = self.mails.0.next().await?
        {
            self.mails.1.extend(self.store.dossiers().mails(&set).await?);
        }
        let (after, waiting, is_over) = &mut self.remarks;
        if waiting.is_empty() && !*is_over {
            let between = (*after, self.through);
            let dossiers = self.store.dossiers();
            let found = dossiers.events_of_kind(self.id, EventKind::Remarked, between, REMARKS).await?;
            *is_over = found.len() < REMARKS;
            *after = found.last().map_or(*after, |event| event.seq);
            waiting.extend(found);
        }
        Ok(())
    }

    fn mail(&mut self, mail: MailSummary) -> Turn {
        self.mails.2 += 1;
        let number = self.mails.2;
        let kept = self.kept.get(number - 1).cloned().unwrap_or_default();
        let kind = match mail.kind {
            MailKind::Contact => Kind::Contact,
            MailKind::Complaint | MailKind::Addition => Kind::Mail,
            _ => Kind::Machine,
        };
        let mut files = kept.attachments.into_iter();
        let enclosed = mail.attachments.into_iter().map(|a| {
            let file = files.next().flatten();
            Enclosed { called: a.name, size: a.size, file }
        });
        Turn {
            kind,
            who: mail.sender,
            when: self.telling.moment(mail.received_at),
            outcome: None,
            subject: mail.subject,
            is_cut: mail.body.chars().count() >= self.longest,
            body: mail.body,
            remarks: mail.remarks,
            enclosed: enclosed.collect(),
            file: kept.is_kept.then(|| mail_name(number)),
        }
    }

    fn letter(&self, letter: ReadLetter) -> Turn {
        let (outcome, at) = letter.outcome();
        Turn {
            kind: Kind::Letter,
            who: letter.addresses().join(", "),
            when: self.telling.moment(letter.summary.at),
            outcome: Some((outcome, at.map(|at| self.telling.moment(at)).unwrap_or_default())),
            file: Some(letter_name(letter.number, "txt")),
            subject: letter.summary.subject,
            body: letter.summary.body,
            is_cut: false,
            remarks: Vec::new(),
            enclosed: Vec::new(),
        }
    }

    fn remark(&self, event: &StoredEvent) -> Turn {
        let who = match &event.by {
            Actor::Person(address) => self.telling.person(address),
            _ => event.rule.clone().unwrap_or_default(),
        };
        let personal = event.personal.as_deref().map(serde_json::from_str::<Value>);
        let text = personal.and_then(Result::ok).and_then(|p| p["text"].as_str().map(str::to_owned));
        Turn {
            kind: Kind::Remark,
            who,
            when: self.telling.moment(event.at),
            outcome: None,
            subject: String::new(),
            body: text.unwrap_or_else(|| self.telling.say(words::REMOVED).to_owned()),
            is_cut: false,
            remarks: Vec::new(),
            enclosed: Vec::new(),
            file: None,
        }
    }
}
