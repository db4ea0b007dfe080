//! What the commands that write sealed files share: a file that is made beside its place and put there once it is whole, the
//! language that is asked for, and what is said of a file that is not as it was made.

use super::Failure;
use super::serve::stop;
use crate::archive::ArchiveError;
use crate::complaint::Language;
use crate::escape;
use crate::files;
use clap::ValueEnum;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// How the name of a file ends that is made beside its place.
const UNDER_WAY: &str = ".redress-part";

/// Returns where a file is to be written, where there is none yet.
pub(super) fn free_place(wished: Option<PathBuf>, otherwise: &str) -> Result<PathBuf, Failure> {
    let place = wished.unwrap_or_else(|| otherwise.into());
    match place.exists() {
        true => Err(Failure::usage(format!("{} is there already; name another file", place.display()))),
        false => Ok(place),
    }
}

/// Has a file written beside its place, and puts it there once it is whole. What was begun is gone otherwise, also where the
/// program is told to stop.
pub(super) async fn put<M, E: Into<Failure>>(
    place: &Path,
    write: impl AsyncFnOnce(File) -> Result<M, E>,
) -> Result<M, Failure> {
    let unwritable = |e: io::Error| Failure::new(format!("{} cannot be written: {e}", place.display()));
    take_away_left(files::folder_of(place));
    let beside = Beside::make(place).map_err(unwritable)?;
    let file = beside.file.try_clone().map_err(unwritable)?;
    let made = tokio::select! {
        made = write(file) => made.map_err(Into::into)?,
        how = stop() => return Err(Failure::new(format!("{how}: nothing was written"))),
    };
    files::place_new(&beside.path, place).map_err(unwritable)?;
    Ok(made)
}

/// A file beside its place, which is gone when this is dropped. As long as somebody writes it, it is locked.
struct Beside {
    path: PathBuf,
    file: File,
}

impl Beside {
    fn make(place: &Path) -> io::Result<Self> {
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let path = files::folder_of(place).join(format!(".{name}.{}{UNDER_WAY}", std::process::id()));
        let file = files::closed().read(true).write(true).create_new(true).open(&path)?;
        // Where there are no locks, nothing is taken away either.
        let _ = file.try_lock();
        Ok(Self { path, file })
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Takes away what processes left that were killed: it holds names and texts, and nobody locks it any more.
fn take_away_left(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(|name| name.starts_with('.') && name.ends_with(UNDER_WAY));
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let is_left = File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok());
            if is_left {
                let _ = std::fs::remove_file(entry.path());
            }
        }
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
