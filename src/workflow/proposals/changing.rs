//! Beginning a proposal, changing its files and its name, giving it up and taking it up again; its owner alone does.

use super::error::{FILES, NAME, ProposalError};
use super::handle::Proposals;
use super::start::{Opened, Start};
use crate::rules::RulesFolder;
use crate::store::{NewProposal, Proposal, ProposalChange, ProposalState};
use std::borrow::Cow;

/// The longest text of a file in bytes, as a folder is read.
const TEXT: usize = 1 << 20;
/// The tries to change one file while others are being changed.
const TRIES: usize = 5;
/// The proposals that are listed of those that ended.
const ENDED: usize = 50;

/// Another text of a file.
#[derive(Clone, Debug)]
pub struct FileEdit {
    /// The path of the file.
    pub path: String,
    /// The mark of the text that its writer saw ([`Opened::mark`]).
    pub seen: String,
    /// The text; none where the file is left out.
    pub text: Option<String>,
}

impl Proposals<'_> {
    /// Lists the open proposals, last changed first.
    pub async fn open(self) -> Result<Vec<Proposal>, ProposalError> {
        Ok(self.0.store.proposals().in_state(ProposalState::Open, ENDED * 2).await?)
    }

    /// Lists the proposals that came in force or were given up, the last ones first.
    pub async fn ended(self) -> Result<Vec<Proposal>, ProposalError> {
        let proposals = self.0.store.proposals();
        let mut ended = proposals.in_state(ProposalState::Published, ENDED).await?;
        ended.extend(proposals.in_state(ProposalState::Withdrawn, ENDED).await?);
        ended.sort_by_key(|proposal| std::cmp::Reverse(proposal.changed_at));
        Ok(ended)
    }

    /// Begins a proposal of somebody's, and returns its id.
    pub async fn begin(self, by: &str, name: &str, start: Start) -> Result<i64, ProposalError> {
        self.require(by).await?;
        let started = self.start(start).await?;
        let base = started.base();
        let new =
            NewProposal { name: named(name)?, owner: &by.to_lowercase(), base, files: started.files.clone() };
        let now = self.0.now().await?;
        self.0.store.proposals().begin(new, now).await?.ok_or(ProposalError::TooMany)
    }

    /// Gives a file of one's own proposal another text, or leaves it out; what is again as it was differs no more. Whatever
    /// else of the proposal was changed meanwhile stays as it is.
    pub async fn write(self, id: i64, by: &str, edit: &FileEdit) -> Result<(), ProposalError> {
        self.write_all(id, by, std::slice::from_ref(edit)).await
    }

    /// Does the same with several files: with all of them, or with none.
    pub async fn write_all(self, id: i64, by: &str, edits: &[FileEdit]) -> Result<(), ProposalError> {
        for _ in 0..TRIES {
            match self.write_once(id, by, edits).await {
                // Another file was changed in between.
                Err(ProposalError::Changed) => {}
                done => return done,
            }
        }
        Err(ProposalError::Changed)
    }

    async fn write_once(self, id: i64, by: &str, edits: &[FileEdit]) -> Result<(), ProposalError> {
        let opened = self.own(id, by).await?;
        let mut change = ProposalChange::default();
        for edit in edits {
            if !RulesFolder::is_file(&edit.path) {
                return Err(ProposalError::Path);
            }
            if opened.mark(&edit.path) != edit.seen {
                return Err(ProposalError::FileChanged);
            }
            let text = edit.text.as_deref().map(|text| ended_as(opened.folder.text(&edit.path), text));
            let is_long = text.as_ref().is_some_and(|text| text.len() > TEXT);
            if is_long || opened.files.len() + edits.len() > FILES {
                return Err(ProposalError::TooLarge);
            }
            match text.as_deref() == opened.base.text(&edit.path) {
                true => change.put_back.push(edit.path.clone()),
                false => drop(change.put.insert(edit.path.clone(), text.map(Cow::into_owned))),
            }
        }
        self.change((id, opened.proposal.version), change).await
    }

    /// Gives files the texts that were typed in a session that is not the one that sends them, by its digest, for the person whose
    /// session it was. What cannot be put into
    /// the proposal any more is put into a copy of it.
    pub async fn write_of_session(
        self,
        session: &str,
        id: i64,
        mut edits: Vec<FileEdit>,
    ) -> Result<(), ProposalError> {
        let Some(session) = self.0.store.accounts().session(session).await? else { return Ok(()) };
        match self.write_all(id, &session.email, &edits).await {
            Err(ProposalError::FileChanged | ProposalError::Ended) => {}
            Err(ProposalError::NotYours | ProposalError::Path) => return Ok(()),
            done => return done,
        }
        let name = self.found(id).await?.name;
        let copy = self.begin(&session.email, &name, Start::Proposal(id)).await?;
        let opened = self.one(copy).await?;
        edits.iter_mut().for_each(|edit| edit.seen = opened.mark(&edit.path));
        self.write_all(copy, &session.email, &edits).await
    }

    /// Gives one's own proposal another name.
    pub async fn rename(self, (id, version): (i64, i64), by: &str, name: &str) -> Result<(), ProposalError> {
        self.own(id, by).await?;
        let name = Some(named(name)?);
        let change = ProposalChange { name, ..ProposalChange::default() };
        self.change((id, version), change).await
    }

    /// Gives one's own proposal up, or takes it up again; its texts stay either way.
    pub async fn stand(self, id: i64, by: &str, state: ProposalState) -> Result<(), ProposalError> {
        self.require(by).await?;
        let proposal = self.found(id).await?;
        if !proposal.owner.eq_ignore_ascii_case(by) {
            return Err(ProposalError::NotYours);
        }
        let now = self.0.now().await?;
        match self.0.store.proposals().stand(id, state, now).await? {
            true => Ok(()),
            false => Err(ProposalError::Changed),
        }
    }

    pub(super) async fn change(
        self,
        (id, version): (i64, i64),
        change: ProposalChange<'_>,
    ) -> Result<(), ProposalError> {
        let now = self.0.now().await?;
        match self.0.store.proposals().change(id, version, change, now).await? {
            true => Ok(()),
            false => Err(ProposalError::Changed),
        }
    }

    pub(super) async fn found(self, id: i64) -> Result<Proposal, ProposalError> {
        self.0.store.proposals().find(id).await?.ok_or(ProposalError::NotYours)
    }

    /// Opens a proposal that somebody may change now.
    pub(super) async fn own(self, id: i64, by: &str) -> Result<Opened, ProposalError> {
        self.require(by).await?;
        let opened = self.one(id).await?;
        match (&opened.proposal.state, opened.proposal.owner.eq_ignore_ascii_case(by)) {
            (_, false) => Err(ProposalError::NotYours),
            (ProposalState::Open, true) => Ok(opened),
            (_, true) => Err(ProposalError::Ended),
        }
    }

    async fn require(self, by: &str) -> Result<(), ProposalError> {
        match self.0.may_of_rules(by).await?.change {
            true => Ok(()),
            false => Err(ProposalError::NotYours),
        }
    }
}

/// Returns a text with its lines ended as those of the file are: a browser ends them in one way only.
fn ended_as<'t>(file: Option<&str>, text: &'t str) -> Cow<'t, str> {
    match file.is_some_and(|file| file.contains("\r\n")) && !text.contains('\r') {
        true => Cow::Owned(text.replace('\n', "\r\n")),
        false => Cow::Borrowed(text),
    }
}

fn named(name: &str) -> Result<&str, ProposalError> {
    let name = name.trim();
    match name.chars().count() {
        1..=NAME if !name.contains(char::is_control) => Ok(name),
        _ => Err(ProposalError::Name),
    }
}
