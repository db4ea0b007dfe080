//! `DropFile`: a file of a Maildir as it was found, and its content once it is whole. Only regular files are mails,
//! and nothing is read past the largest.

use super::limits::{KEPT_BYTES, MAX_BYTES};
use std::fs::{File, Metadata};
use std::io::{Error, ErrorKind, Read};
use std::path::Path;

/// A file as it was found.
#[derive(Clone, Debug)]
pub(super) struct DropFile(Metadata);

/// The content of a file.
#[derive(Debug)]
pub(super) struct FileContent {
    pub bytes: Vec<u8>,
    /// True when it is too large, and these are its beginning.
    pub is_partial: bool,
}

/// A reason why a file was not read.
#[derive(Debug)]
pub(super) enum ReadError {
    /// It is not there any more.
    Gone,
    /// It is being written.
    Changing,
    /// It cannot be read, in words.
    Unreadable(String),
}

impl From<Error> for ReadError {
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::Gone,
            _ => Self::Unreadable(error.to_string()),
        }
    }
}

impl DropFile {
    /// Looks at a file. What a link leads to is none of ours, and a pipe may never end.
    pub fn look(path: &Path) -> Result<Self, Error> {
        let about = std::fs::symlink_metadata(path)?;
        if !about.is_file() {
            return Err(Error::other("it is no regular file"));
        }
        Ok(Self(about))
    }

    /// Returns whether it may have been found half written. A mail server writes elsewhere and moves the file here
    /// whole, which shows: its place is newer than its content.
    #[cfg(unix)]
    pub fn may_still_be_written(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        (self.0.ctime(), self.0.ctime_nsec()) == (self.0.mtime(), self.0.mtime_nsec())
    }

    /// Returns whether it may have been found half written.
    #[cfg(not(unix))]
    pub fn may_still_be_written(&self) -> bool {
        true
    }

    /// Reads it, unless it has changed since it was found.
    pub fn read(&self, path: &Path) -> Result<FileContent, ReadError> {
        let mut file = File::open(path)?;
        self.same(&file.metadata()?)?;
        let is_partial = self.0.len() > MAX_BYTES as u64;
        let limit = if is_partial { KEPT_BYTES } else { MAX_BYTES };
        let mut bytes = Vec::new();
        file.by_ref().take(limit as u64).read_to_end(&mut bytes)?;
        self.same(&file.metadata()?)?;
        Ok(FileContent { bytes, is_partial })
    }

    /// Returns whether what was found under its name another time is as it was found.
    pub fn is(&self, other: &Self) -> bool {
        self.is_now(&other.0)
    }

    fn is_now(&self, now: &Metadata) -> bool {
        let modified = |about: &Metadata| about.modified().ok();
        now.len() == self.0.len() && modified(now) == modified(&self.0)
    }

    fn same(&self, now: &Metadata) -> Result<(), ReadError> {
        match self.is_now(now) {
            true => Ok(()),
            false => Err(ReadError::Changing),
        }
    }
}
