//! Files that somebody uploaded to be imported, while the columns are looked at: in the data folder, closed to others, under a
//! name that nobody guesses, and gone after the import or after a day.

use super::{Importing, Workflow, WorkflowError};
use std::fs::DirEntry;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a file is kept that nobody imports.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// The figures of a name.
const FIGURES: usize = 32;

impl Workflow {
    fn staging_folder(&self) -> Option<PathBuf> {
        self.folders.get().map(|folders| folders.data.join("imports"))
    }
}

impl Importing<'_> {
    /// Keeps an uploaded file for a while; the name by which it is found.
    pub async fn stage(self, bytes: Vec<u8>) -> Result<String, WorkflowError> {
        let Some(folder) = self.workflow().staging_folder() else { return Err(WorkflowError::Interrupted) };
        let name = crate::random::hex::<16>();
        let place = folder.join(&name);
        let work = tokio::task::spawn_blocking(move || {
            crate::files::make_folder(&folder)?;
            remove_old(&folder);
            crate::files::write(&place, &bytes)
        });
        work.await.map_err(|_| WorkflowError::Interrupted)?.map_err(WorkflowError::Files)?;
        Ok(name)
    }

    /// Removes the files that nobody imported in time.
    pub async fn sweep(self) -> Result<(), WorkflowError> {
        let Some(folder) = self.workflow().staging_folder() else { return Ok(()) };
        tokio::task::spawn_blocking(move || remove_old(&folder)).await.map_err(|_| WorkflowError::Interrupted)
    }

    /// Finds a file that is kept; none where there is none of that name.
    pub fn staged(self, name: &str) -> Option<PathBuf> {
        let is_name = name.len() == FIGURES && name.bytes().all(|b| b.is_ascii_hexdigit());
        let path = self.workflow().staging_folder().filter(|_| is_name)?.join(name);
        path.is_file().then_some(path)
    }

    /// Removes a file that was kept.
    pub fn unstage(self, name: &str) {
        if let Some(path) = self.staged(name)
            && let Err(e) = std::fs::remove_file(&path)
        {
            tracing::warn!("an uploaded file could not be removed: {e}");
        }
    }
}

/// Removes what nobody imported in time, as far as it can be: what is in the way of one is in the way of no other, and of nobody's
/// upload.
fn remove_old(folder: &Path) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        // Nobody uploaded anything yet.
        Err(e) if e.kind() == ErrorKind::NotFound => return,
        Err(e) => return tracing::warn!("the uploaded files cannot be looked at: {e}"),
    };
    for entry in entries {
        match entry.and_then(|entry| remove_if_old(&entry)) {
            // Somebody else removed it meanwhile.
            Err(e) if e.kind() != ErrorKind::NotFound => {
                tracing::warn!("an uploaded file that nobody imported could not be removed: {e}");
            }
            _ => {}
        }
    }
}

fn remove_if_old(entry: &DirEntry) -> std::io::Result<()> {
    // A file's age by the clock of its file system.
    match entry.metadata()?.modified()?.elapsed() {
        Ok(age) if age > KEPT => std::fs::remove_file(entry.path()),
        _ => Ok(()),
    }
}
