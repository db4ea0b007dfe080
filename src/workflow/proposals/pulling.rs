//! The rules folder, brought up to date with what is in force by somebody who may write it: what stands as it was published
//! earlier is replaced, and what somebody edited there stays.

use super::error::ProposalError;
use super::handle::Proposals;
use super::on_disk::write_one;
use super::start::differing;
use crate::rules::RulesFolder;
use crate::store::PublicationHead;
use crate::workflow::WorkflowError;
use std::collections::BTreeSet;

/// The earlier publications that a file of the folder is compared with.
const EARLIER: usize = 100;

/// What became of the files that differed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Pulled {
    /// They are now as they are in force.
    pub written: Vec<String>,
    /// They stay, because somebody edited them there.
    pub left: Vec<String>,
}

impl Proposals<'_> {
    /// Brings the folder on disk up to date. The files in `replacing` are replaced though somebody edited them.
    pub async fn pull(self, replacing: &[String]) -> Result<Pulled, ProposalError> {
        let (disk, in_force) = (self.folder_on_disk().await?, self.folder_in_force().await?);
        let differing = differing(&disk, &in_force);
        if let Some(same) = replacing.iter().find(|path| !differing.contains_key(*path)) {
            return Err(ProposalError::Folder(format!("{same} is as it is in force")));
        }
        let edited = self.edited(&disk, differing.keys().filter(|path| !replacing.contains(path))).await?;
        let place = self.place()?;
        let work = tokio::task::spawn_blocking(move || {
            let mut pulled = Pulled::default();
            for (path, text) in differing {
                if edited.contains(&path) {
                    pulled.left.push(path);
                    continue;
                }
                let written = write_one(&place.join(&path), disk.text(&path), text.as_deref());
                written.map_err(|why| ProposalError::Folder(format!("{path}: {why}")))?;
                pulled.written.push(path);
            }
            Ok(pulled)
        });
        work.await.map_err(|_| WorkflowError::Interrupted)?
    }

    /// Returns those files that never were published as they stand in the folder.
    async fn edited<'p>(
        self,
        disk: &RulesFolder,
        paths: impl Iterator<Item = &'p String>,
    ) -> Result<BTreeSet<String>, ProposalError> {
        let mut edited: BTreeSet<String> = paths.cloned().collect();
        for publication in self.0.store.publications().newest(EARLIER + 1).await?.iter().skip(1) {
            if edited.is_empty() {
                break;
            }
            let then = self.as_published(publication).await?;
            // What an earlier version published is not known beside the ruleset itself.
            let is_known =
                |path: &String| publication.companions.is_some() || then.source.files().contains_key(path);
            edited.retain(|path| !is_known(path) || then.text(path) != disk.text(path));
        }
        Ok(edited)
    }

    async fn as_published(self, publication: &PublicationHead) -> Result<RulesFolder, ProposalError> {
        match &publication.companions {
            Some(_) => Ok((*self.folder_of(publication.seq).await?.1).clone()),
            None => {
                let source = self.source_of(&publication.ruleset).await?;
                Ok(RulesFolder::of(source.files().clone().into_iter().collect()))
            }
        }
    }
}
