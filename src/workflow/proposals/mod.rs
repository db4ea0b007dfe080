//! `Proposals`: what the quality manager proposes to change of the rules. A proposal is a rules folder that differs in some
//! files from one that was published; it has a name and an owner, who alone changes it, and decides nothing until it is
//! published. Others look at it, and copy it.

mod behind;
mod difference;
mod on_disk;
mod procedure;
mod publishing;
mod start;
mod trials;

pub use behind::{Behind, Clash, Settled};
pub use difference::{Difference, DifferenceKind, Hunk, LineKind};
pub use procedure::{LiveCounts, Places as RulePlaces, WrittenAt};
pub use publishing::{ProposalOrder, UnreadyBecause};
pub(crate) use start::companions_of;
pub use start::{Opened, Start};
pub(super) use trials::Trials;
pub use trials::{Running, TrialAsked};

use super::change_control::{ChangeError, RuleChange};
use super::{Workflow, WorkflowError};
use crate::accounts::Token;
use crate::rules::RulesFolder;
use crate::store::{NewProposal, Proposal, ProposalChange, ProposalState, StoreError};

/// The longest name of a proposal in characters.
const NAME: usize = 120;
/// The longest text of a file in bytes, as a folder is read.
const TEXT: usize = 1 << 20;
/// The most files that differ.
const FILES: usize = 300;
/// The tries to change one file while others are being changed.
const TRIES: usize = 5;
/// The proposals that are listed of those that ended.
const ENDED: usize = 50;

/// The handle of proposals.
#[derive(Clone, Copy, Debug)]
pub struct Proposals<'w>(&'w Workflow);

/// What somebody may do about the rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MayOfRules {
    /// Look at the procedure, its rules, and what is proposed.
    pub look: bool,
    /// Propose changes and publish them.
    pub change: bool,
    /// Approve what somebody else proposes.
    pub approve: bool,
}

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

/// A reason why a proposal is not as somebody wants it.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// The person may not, or there is no such proposal.
    #[error("there is no such proposal for this person")]
    NotYours,
    /// It was changed since the person looked.
    #[error("the proposal was changed meanwhile")]
    Changed,
    /// A file of it was changed since the person looked.
    #[error("the file was changed meanwhile")]
    FileChanged,
    /// It is not open any more.
    #[error("the proposal is not open any more")]
    Ended,
    /// Too many proposals are open.
    #[error("too many proposals are open: give up some first")]
    TooMany,
    /// Nothing, or too much, to call it.
    #[error("a proposal has a name of at most {NAME} characters")]
    Name,
    /// No file of a rules folder has this path.
    #[error("no file of a rules folder is called so: 30_name.rhai, tests/30_name.rhai, messages/nl/name.md")]
    Path,
    /// A text, or what differs, is too large.
    #[error("a file has at most 1 MiB, and at most {FILES} files differ")]
    TooLarge,
    /// The rules folder of the server cannot be read.
    #[error("the rules folder cannot be read: {0}")]
    Folder(String),
    /// It cannot be published as it is.
    #[error("it cannot be published yet: {0:?}")]
    Unready(UnreadyBecause),
    /// Who, or why, is not enough; in words for the person.
    #[error(transparent)]
    Refused(#[from] ChangeError),
    /// The work itself failed.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl From<StoreError> for ProposalError {
    fn from(error: StoreError) -> Self {
        Self::Workflow(error.into())
    }
}

impl Workflow {
    /// Returns the handle of proposals.
    pub fn proposals(&self) -> Proposals<'_> {
        Proposals(self)
    }

    /// Returns what somebody may do about the rules today.
    pub async fn may_of_rules(&self, person: &str) -> Result<MayOfRules, WorkflowError> {
        let publishing = self.publishing();
        let change = publishing.may(RuleChange::Publish, person).await?;
        let approve = publishing.may(RuleChange::Approve, person).await?;
        let look = change || approve || self.oversees(person, self.now().await?);
        Ok(MayOfRules { look, change, approve })
    }
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
            let is_long = edit.text.as_ref().is_some_and(|text| text.len() > TEXT);
            if is_long || opened.files.len() + edits.len() > FILES {
                return Err(ProposalError::TooLarge);
            }
            match edit.text.as_deref() == opened.base.text(&edit.path) {
                true => change.put_back.push(edit.path.clone()),
                false => drop(change.put.insert(edit.path.clone(), edit.text.clone())),
            }
        }
        self.change((id, opened.proposal.version), change).await
    }

    /// Gives files the texts that a session sent which is over, for the person whose session it was. What cannot be put into
    /// the proposal any more is put into a copy of it.
    pub async fn write_of_session(
        self,
        session: &Token,
        id: i64,
        mut edits: Vec<FileEdit>,
    ) -> Result<(), ProposalError> {
        let Some(session) = self.0.store.accounts().session(&session.digest()).await? else { return Ok(()) };
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

    async fn change(
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

    async fn found(self, id: i64) -> Result<Proposal, ProposalError> {
        self.0.store.proposals().find(id).await?.ok_or(ProposalError::NotYours)
    }

    /// Opens a proposal that somebody may change now.
    async fn own(self, id: i64, by: &str) -> Result<Opened, ProposalError> {
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

fn named(name: &str) -> Result<&str, ProposalError> {
    let name = name.trim();
    match name.chars().count() {
        1..=NAME if !name.contains(char::is_control) => Ok(name),
        _ => Err(ProposalError::Name),
    }
}
