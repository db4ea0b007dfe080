//! The rules folder of the server beside what is published on the page: neither takes the place of the other unseen. What is
//! published is written into the folder where that holds what was in force; what somebody edited there stays.

use super::error::ProposalError;
use super::handle::Proposals;
use super::start::differing;
use crate::files;
use crate::rules::{RulesFolder, RulesetSource};
use crate::store::StoreError;
use crate::workflow::{PublishedRules, WorkflowError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The publications before the one in force that an edit of the folder is compared with.
const EARLIER: usize = 20;

impl Proposals<'_> {
    pub(super) fn place(self) -> Result<PathBuf, ProposalError> {
        let folders = self.0.folders.get();
        folders
            .map(|folders| folders.rules.clone())
            .ok_or_else(|| ProposalError::Folder("none is named".to_owned()))
    }

    /// Reads the rules folder of the server.
    pub(super) async fn folder_on_disk(self) -> Result<RulesFolder, ProposalError> {
        let (place, language) = (self.place()?, self.0.settings().language);
        let read = tokio::task::spawn_blocking(move || RulesFolder::read(&place)).await;
        read.map_err(|_| WorkflowError::Interrupted)?.map_err(|found| {
            let words: Vec<String> = found.iter().map(|d| d.in_language(language).to_string()).collect();
            ProposalError::Folder(words.join("; "))
        })
    }

    /// Returns the files of the server's rules folder that are other than what is in force.
    pub async fn edited_on_disk(self) -> Result<Vec<String>, ProposalError> {
        let (disk, in_force) = (self.folder_on_disk().await?, self.in_force().await?);
        Ok(differing(&in_force.folder, &disk).into_keys().collect())
    }

    /// Writes what came in force into the server's folder, file by file where that holds what was in force before. Returns
    /// the files that were left as they are, and why.
    pub(super) async fn write_back(self, before: RulesFolder, now: RulesFolder) -> Vec<String> {
        let into = self.0.folders.get().filter(|folders| folders.published == PublishedRules::IntoFolder);
        let Some(place) = into.map(|folders| folders.rules.clone()) else { return Vec::new() };
        let work = tokio::task::spawn_blocking(move || write_all(&place, &before, &now)).await;
        work.unwrap_or_default()
    }
}

fn write_all(place: &Path, before: &RulesFolder, now: &RulesFolder) -> Vec<String> {
    let mut left = Vec::new();
    for (path, text) in differing(before, now) {
        if let Err(why) = write_one(&place.join(&path), before.text(&path), text.as_deref()) {
            tracing::warn!(file = path, "what came in force is not in the rules folder: {why}");
            left.push(path);
        }
    }
    left
}

pub(super) fn write_one(file: &Path, before: Option<&str>, now: Option<&str>) -> Result<(), String> {
    let there = match std::fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(e) if e.kind() == ErrorKind::NotFound => None,
        Err(e) => return Err(e.to_string()),
    };
    if there.as_deref() == now {
        return Ok(());
    }
    if there.as_deref() != before {
        return Err("somebody has edited it there".to_owned());
    }
    let done = match now {
        Some(text) => put(file, text),
        None => std::fs::remove_file(file),
    };
    done.map_err(|e| e.to_string())
}

/// Writes a file whole, open to whom the one before was; a new one to whom its folder is.
fn put(file: &Path, text: &str) -> std::io::Result<()> {
    let folder = files::folder_of(file);
    std::fs::create_dir_all(folder)?;
    let before = std::fs::metadata(file).or_else(|_| beside(folder)).map(|about| about.permissions());
    files::write(file, text.as_bytes())?;
    before.map_or(Ok(()), |open_to| std::fs::set_permissions(file, open_to))
}

/// Returns what is known of some file of a folder.
fn beside(folder: &Path) -> std::io::Result<std::fs::Metadata> {
    let files = std::fs::read_dir(folder)?.filter_map(|entry| entry.ok()?.metadata().ok());
    files.into_iter().find(std::fs::Metadata::is_file).ok_or_else(|| ErrorKind::NotFound.into())
}

impl Proposals<'_> {
    /// Returns the files of an edited folder that stand as they were before the ruleset in force was published: taking them
    /// over would take back what was published on the page.
    pub async fn taken_back(self, edited: &RulesetSource) -> Result<Vec<String>, StoreError> {
        let published = self.0.published();
        let in_force = published.ruleset.source().files();
        let all = in_force.keys().chain(edited.files().keys().filter(|path| !in_force.contains_key(*path)));
        let mut differs: Vec<&String> =
            all.filter(|path| edited.files().get(*path) != in_force.get(*path)).collect();
        let mut back = Vec::new();
        if differs.is_empty() {
            return Ok(back);
        }
        for publication in self.0.store.publications().newest(EARLIER + 1).await?.iter().skip(1) {
            let Some(stored) = self.0.store.publications().ruleset(&publication.ruleset).await? else {
                continue;
            };
            let Ok(earlier) = RulesetSource::from_json(&stored.content) else { continue };
            let is_back = |path: &&String| {
                let then = earlier.files().get(*path);
                then == edited.files().get(*path) && then != in_force.get(*path)
            };
            back.extend(differs.extract_if(.., |path| is_back(&*path)).cloned());
            if differs.is_empty() {
                break;
            }
        }
        back.sort();
        Ok(back)
    }
}
