//! `DATA/audit.key`: the key of the trail, made once, whole, readable by its owner only.

use crate::files;
use std::io::{Error, ErrorKind};
use std::path::Path;

/// The file of the trail's key in a data folder.
pub(super) const KEY: &str = "audit.key";

/// The key that is in the file after one was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    ThisOne,
    Another,
}

/// Reads the key; none where there is no file.
///
/// # Errors
/// What is wrong with the file, with the remedy.
pub(super) fn read(path: &Path) -> Result<Option<String>, String> {
    let place = path.display();
    match std::fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => {
            Err(format!("{place} is empty; put back the key of this installation from your backup of it"))
        }
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(format!(
            "{place} cannot be read: {e}; give it to the user under which Redress runs, mode 0600"
        )),
    }
}

/// Makes the file with this key, where there is none.
pub(super) fn make(path: &Path, text: &str) -> Result<Made, Error> {
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    files::write(&beside, text.as_bytes())?;
    let linked = std::fs::hard_link(&beside, path);
    std::fs::remove_file(&beside)?;
    match linked {
        Ok(()) => Ok(Made::ThisOne),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(Made::Another),
        Err(e) => Err(e),
    }
}

/// The size in bytes up to which a database holds nothing: its first page.
const FIRST_PAGE: u64 = 4_096;

/// Returns whether there is nothing in a database yet, neither in its file nor in its journal. The key is made after the
/// tables, so that beside a key this was not always so.
pub(super) fn is_unused(database: &Path) -> bool {
    let size = |path: &Path| {
        std::fs::metadata(path).map_or(0, |about| if about.is_file() { about.len() } else { u64::MAX })
    };
    size(database) <= FIRST_PAGE && size(&database.with_extension("db-wal")) == 0
}

/// Words that a database is gone whose key is there.
pub(super) fn without_database(key: &Path, database: &Path) -> String {
    let (key, database) = (key.display(), database.display());
    format!(
        "{database} is gone or empty, and {key} says that there was one; put the database back from your backup, or move \
         {key} away to begin anew"
    )
}

/// Words that the trail is written with another key than the one here, if there is one.
pub(super) fn other(path: &Path, is_there: bool) -> String {
    let place = path.display();
    let what = if is_there {
        format!("{place} is not the key that the audit trail of this database is written with")
    } else {
        format!("{place} is missing, and the audit trail of this database is written with one")
    };
    format!(
        "{what}; put back the key from your backup, or from the data folder in which this database was first used \
         (nothing was changed); where it is lost for good: `redress audit replace-key`"
    )
}

/// Returns whether a folder is the data folder of an installation, whatever it is called.
pub fn is_installation(data: &Path) -> bool {
    data.join(KEY).exists()
}
