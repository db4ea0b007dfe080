//! Files that somebody uploaded to be imported, while the columns are looked at: in the data folder, closed to others, under a
//! name that nobody guesses, and gone after the import or after a day.

use super::{Importing, Workflow, WorkflowError};
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
            remove_old(&folder)?;
            crate::files::write(&place, &bytes)
        });
        work.await.map_err(|_| WorkflowError::Interrupted)?.map_err(WorkflowError::Files)?;
        Ok(name)
    }

    /// Removes the files that nobody imported in time.
    pub async fn sweep(self) -> Result<(), WorkflowError> {
        let Some(folder) = self.workflow().staging_folder() else { return Ok(()) };
        let work = tokio::task::spawn_blocking(move || match folder.is_dir() {
            true => remove_old(&folder),
            false => Ok(()),
        });
        work.await.map_err(|_| WorkflowError::Interrupted)?.map_err(WorkflowError::Files)
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

/// Removes what nobody imported in time.
fn remove_old(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        // A file's age by the clock of its file system.
        if entry.metadata()?.modified()?.elapsed().is_ok_and(|age| age > KEPT) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
