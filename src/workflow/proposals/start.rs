//! Where a proposal starts from, and what it comes to: the folder that was published, and the files that differ.

use super::error::ProposalError;
use super::handle::Proposals;
use crate::rules::{RulesFolder, RulesetSource};
use crate::store::{Base, ChangedFiles, Proposal, PublicationHead, StoreError, StoredCompanions};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a proposal begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// What is in force.
    InForce,
    /// What the rules folder of the server holds, beside what is in force.
    Folder,
    /// What was in force once, by the place among all publications.
    Publication(i64),
    /// What another proposal comes to.
    Proposal(i64),
}

/// A proposal with its texts.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The proposal.
    pub proposal: Proposal,
    /// The folder from which it starts.
    pub base: Arc<RulesFolder>,
    /// The files that differ from there.
    pub files: ChangedFiles,
    /// What it comes to.
    pub folder: RulesFolder,
    /// Whether another ruleset came in force since.
    pub is_behind: bool,
    /// The hash of the ruleset in force.
    pub in_force: String,
}

/// A folder that was published, and how it is known in the store.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub ruleset: String,
    pub companions: StoredCompanions,
    pub folder: Arc<RulesFolder>,
}

impl Known {
    fn new(ruleset: String, source: RulesetSource, companions: StoredCompanions) -> Result<Self, StoreError> {
        let files: BTreeMap<String, String> =
            serde_json::from_str(&companions.content).map_err(|e| companions.unreadable(e.to_string()))?;
        let folder = RulesFolder::of(source.files().clone().into_iter().chain(files).collect());
        Ok(Self { ruleset, companions, folder: Arc::new(folder) })
    }

    pub fn base(&self) -> Base<'_> {
        Base { ruleset: &self.ruleset, companions: &self.companions }
    }
}

/// A proposal that is about to begin.
pub(super) struct Started {
    known: Known,
    pub files: ChangedFiles,
}

impl Started {
    pub fn base(&self) -> Base<'_> {
        self.known.base()
    }
}

impl Opened {
    /// Returns by what it is known whether a file still says what somebody saw; empty where it is not there.
    pub fn mark(&self, path: &str) -> String {
        let digest = |text: &str| format!("{:.16x}", Sha256::digest(text));
        self.folder.text(path).map(digest).unwrap_or_default()
    }
}

impl Proposals<'_> {
    /// Opens a proposal.
    pub async fn one(self, id: i64) -> Result<Opened, ProposalError> {
        let proposal = self.found(id).await?;
        let files = self.0.store.proposals().files(id).await?;
        let base = self.known_as(&proposal.ruleset, &proposal.companions).await?.folder;
        let folder = applied(&base, &files);
        let in_force = self.in_force().await?;
        let is_behind =
            proposal.ruleset != in_force.ruleset || proposal.companions != in_force.companions.digest;
        Ok(Opened { proposal, base, files, folder, is_behind, in_force: in_force.ruleset })
    }

    /// Returns the folder that is in force: the ruleset, and what was published with it.
    pub async fn folder_in_force(self) -> Result<Arc<RulesFolder>, ProposalError> {
        Ok(self.in_force().await?.folder)
    }

    /// Returns the folder of a publication.
    pub async fn folder_of(self, seq: i64) -> Result<(PublicationHead, Arc<RulesFolder>), ProposalError> {
        let publication = self.0.store.publications().head(seq).await?.ok_or(ProposalError::NotYours)?;
        let folder = self.published(&publication).await?.folder;
        Ok((publication, folder))
    }

    pub(super) async fn start(self, start: Start) -> Result<Started, ProposalError> {
        let known = self.in_force().await?;
        let meant = match start {
            Start::InForce => Arc::clone(&known.folder),
            Start::Folder => Arc::new(self.folder_on_disk().await?),
            Start::Publication(seq) => self.folder_of(seq).await?.1,
            Start::Proposal(id) => Arc::new(self.one(id).await?.folder),
        };
        Ok(Started { files: differing(&known.folder, &meant), known })
    }

    pub(super) async fn in_force(self) -> Result<Known, ProposalError> {
        let last = self.0.store.publications().newest(1).await?.pop().ok_or(ProposalError::NotYours)?;
        self.published(&last).await
    }

    async fn published(self, publication: &PublicationHead) -> Result<Known, ProposalError> {
        match &publication.companions {
            Some(digest) => self.known_as(&publication.ruleset, digest).await,
            // An earlier version published it: what belongs to it is what the folder holds.
            None => {
                let companions = companions_of(&self.folder_on_disk().await?);
                let source = self.source_of(&publication.ruleset).await?;
                Ok(Known::new(publication.ruleset.clone(), source, companions)?)
            }
        }
    }

    async fn known_as(self, ruleset: &str, digest: &str) -> Result<Known, ProposalError> {
        let companions = self.0.store.proposals().companions(digest).await?.ok_or(ProposalError::NotYours)?;
        let source = self.source_of(ruleset).await?;
        Ok(Known::new(ruleset.to_owned(), source, companions)?)
    }

    pub(super) async fn source_of(self, hash: &str) -> Result<RulesetSource, ProposalError> {
        let published = self.0.published();
        if published.ruleset.hash() == hash {
            return Ok(published.ruleset.source().clone());
        }
        let stored = self.0.store.publications().ruleset(hash).await?.ok_or(ProposalError::NotYours)?;
        let source = RulesetSource::from_json(&stored.content);
        Ok(source.map_err(|e| stored.unreadable("content", e.to_string()))?)
    }
}

/// Returns what belongs to the ruleset of a folder, as it is kept.
pub(crate) fn companions_of(folder: &RulesFolder) -> StoredCompanions {
    let files: BTreeMap<&str, &str> = folder.companions().collect();
    let content = serde_json::json!(files).to_string();
    StoredCompanions { digest: format!("{:x}", Sha256::digest(&content)), content }
}

/// Returns a folder with other files.
pub(super) fn applied(base: &RulesFolder, files: &ChangedFiles) -> RulesFolder {
    let mut all = base.to_files();
    for (path, text) in files {
        match text {
            Some(text) => drop(all.insert(path.clone(), text.clone())),
            None => drop(all.remove(path)),
        }
    }
    RulesFolder::of(all)
}

/// Returns the files of a folder that differ from another.
pub(super) fn differing(from: &RulesFolder, to: &RulesFolder) -> ChangedFiles {
    let changed = to.files().filter(|(path, text)| from.text(path) != Some(text));
    let mut files: ChangedFiles =
        changed.map(|(path, text)| (path.to_owned(), Some(text.to_owned()))).collect();
    let gone = from.files().filter(|(path, _)| to.text(path).is_none());
    files.extend(gone.map(|(path, _)| (path.to_owned(), None)));
    files
}
