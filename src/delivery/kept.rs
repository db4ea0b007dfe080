//! `KeptVersions`: copies of the plugin folders as they were last in use, in the data folder. They hold no secret:
//! a plugin names the places of its secrets.

use super::channels::FILES;
use super::plugin::{Plugin, digest};
use crate::files;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub(super) struct KeptVersions(PathBuf);

impl KeptVersions {
    pub fn of(data: &Path) -> Self {
        Self(data.join("plugins-in-use"))
    }

    /// Returns the place of a plugin's kept version, whether there is one or not.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Returns (name, folder) of what is kept.
    pub fn folders(&self) -> Vec<(String, PathBuf)> {
        let entries = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        let mut found: Vec<_> =
            entries.map(|e| (e.file_name().to_string_lossy().into_owned(), e.path())).collect();
        found.retain(|(name, _)| !name.starts_with('.'));
        found.sort();
        found
    }

    /// Keeps a plugin as its folder has it now.
    pub fn keep(&self, plugin: &Plugin) -> io::Result<()> {
        let Some(folder) = plugin.source.folder() else { return Ok(()) };
        let kept = self.folder(plugin.name());
        if folder == kept || digest(&kept) == plugin.digest {
            return Ok(());
        }
        let fresh = self.0.join(format!(".{}", plugin.name()));
        if fresh.exists() {
            std::fs::remove_dir_all(&fresh)?;
        }
        files::make_folder(&fresh)?;
        for file in FILES.iter().filter(|file| folder.join(file).exists()) {
            files::write(&fresh.join(file), &std::fs::read(folder.join(file))?)?;
        }
        if kept.exists() {
            std::fs::remove_dir_all(&kept)?;
        }
        std::fs::rename(fresh, kept)
    }

    /// Forgets what is kept of plugins whose folders are gone.
    pub fn forget_all_but(&self, names: &BTreeSet<&str>) -> io::Result<()> {
        let mut gone = self.folders().into_iter().filter(|(name, _)| !names.contains(name.as_str()));
        gone.try_for_each(|(_, folder)| std::fs::remove_dir_all(folder))
    }
}
