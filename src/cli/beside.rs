//! What the commands that write sealed files share: a file that is made beside its place and put there once it is whole, the
//! language that is asked for, and what is said of a file that is not as it was made.

use super::Failure;
use crate::archive::ArchiveError;
use crate::complaint::Language;
use crate::escape;
use crate::files;
use clap::ValueEnum;
use std::io::{self, ErrorKind};
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

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Tongue {
    Nl,
    En,
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::Nl => Self::Dutch,
            Tongue::En => Self::English,
        }
    }
}

pub(super) fn wrong(file: &Path, error: &ArchiveError) -> Failure {
    match error {
        ArchiveError::Damaged(why) => {
            Failure::new(format!("{} is not as it was made: {}", file.display(), escape::line(why)))
        }
        ArchiveError::Unreadable(e) if e.kind() == ErrorKind::NotFound => {
            Failure::usage(format!("there is no file {}", file.display()))
        }
        other => Failure::new(format!("{} cannot be read: {other}", file.display())),
    }
}
