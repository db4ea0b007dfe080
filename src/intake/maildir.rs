//! A Maildir drop: what appears in `new/` is taken in and moved to `cur/`, never deleted.

use super::error::IntakeError;
use super::ingest::ingest;
use super::taken::TakenMail;
use crate::workflow::Workflow;
use std::path::{Path, PathBuf};

/// The most files taken in one round, so that a flood does not hold up everything else.
const ROUND: usize = 500;

/// A folder in the form of a Maildir.
#[derive(Clone, Debug)]
pub struct Maildir {
    root: PathBuf,
}

impl Maildir {
    /// Opens a Maildir, and makes its folders if they are missing.
    pub fn open(root: &Path) -> std::io::Result<Self> {
        for folder in ["new", "cur", "tmp"] {
            std::fs::create_dir_all(root.join(folder))?;
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Takes in what is new, oldest name first. A mail that fails stays where it is and is tried again.
    pub async fn take_in(&self, workflow: &Workflow) -> Result<Vec<TakenMail>, IntakeError> {
        let mut taken = Vec::new();
        for path in self.waiting() {
            let Ok(raw) = tokio::fs::read(&path).await else { continue };
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            taken.push(ingest(workflow, &raw, &format!("maildir:{name}")).await?);
            // The mail is in the store; a crash before this move finds it again as a duplicate.
            if let Err(e) = std::fs::rename(&path, self.root.join("cur").join(&name)) {
                tracing::error!(mail = name, "cannot be moved to cur/: {e}");
            }
        }
        Ok(taken)
    }

    fn waiting(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.root.join("new")) else { return Vec::new() };
        let is_mail =
            |p: &PathBuf| p.is_file() && !p.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(is_mail).collect();
        files.sort();
        files.truncate(ROUND);
        files
    }
}
