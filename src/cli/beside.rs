//! `Beside`: a file that is made beside its place, and put there once it is whole.

use crate::files;
use std::io;
use std::path::{Path, PathBuf};

/// A file beside its place, which is gone when this is dropped.
pub(super) struct Beside(pub PathBuf);

impl Beside {
    pub fn of(place: &Path) -> Self {
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        Self(files::folder_of(place).join(format!(".{name}.{}.tmp", std::process::id())))
    }

    pub fn make(&self) -> io::Result<std::fs::File> {
        files::closed().read(true).write(true).create_new(true).open(&self.0)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
