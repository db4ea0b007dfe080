//! Files and folders on the way: gone when they are dropped, whatever went wrong.

use crate::files;
use std::io;
use std::path::{Path, PathBuf};

/// A file or a folder that is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Temporary(PathBuf);

impl Temporary {
    /// Makes a file that is closed to others.
    pub fn file(path: PathBuf) -> io::Result<(Self, std::fs::File)> {
        let _ = std::fs::remove_file(&path);
        let file = files::closed().read(true).write(true).create_new(true).open(&path)?;
        Ok((Self(path), file))
    }

    /// Makes a folder that is closed to others.
    pub fn folder(path: PathBuf) -> io::Result<Self> {
        let _ = std::fs::remove_dir_all(&path);
        files::make_folder(&path)?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ =
            if self.0.is_dir() { std::fs::remove_dir_all(&self.0) } else { std::fs::remove_file(&self.0) };
        // What SQLite keeps beside a database.
        for end in ["-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.0.display()));
        }
    }
}
