//! `Look`: what stood in the folder of new mail at one look, as far as it is not taken in yet.

use super::drop_file::DropFile;
use super::drop_sets::{DropSet, DropSets};
use std::fmt;
use std::io::Result;
use std::path::Path;
use tokio::task::JoinHandle;

/// The next set of mails, which is being read, and what is left behind it.
pub(super) type Ahead = JoinHandle<(Option<DropSet>, DropSets)>;

/// What is left of what was found at one look.
pub struct Look {
    pub(super) ahead: Ahead,
    /// What cannot be read of it or moved, each with the reason, up to now.
    pub(super) unreadable: Vec<String>,
}

impl fmt::Debug for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Look").finish_non_exhaustive()
    }
}

/// Finds what is new in a folder, oldest name first, and looks at each.
pub(super) fn found(folder: &Path) -> Result<Vec<(String, Result<DropFile>)>> {
    let names = names(folder)?.into_iter();
    Ok(names
        .map(|name| (DropFile::look(&folder.join(&name)), name))
        .map(|(file, name)| (name, file))
        .collect())
}

/// Lists the names of what is new in a folder, oldest name first.
pub(super) fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
