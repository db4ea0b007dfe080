//! Letters and mails that were kept as files: in the outbox of the data folder, and in the Maildirs from which mail was taken
//! in. They go when their complaint is forgotten.

use crate::config::Settings;
use crate::workflow::{KeptFile, KeptFiles};
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// Returns the Maildir of a data folder.
pub fn inbox_of(data: &Path) -> PathBuf {
    data.join("inbox")
}

/// Returns the folders in which new mail appears.
pub(super) fn inboxes(data: &Path, settings: &Settings) -> Vec<PathBuf> {
    let own = inbox_of(data);
    let configured = settings.inbox.iter().filter(|folder| **folder != own).cloned();
    configured.chain([own.clone()]).collect()
}

/// The folders in which they are kept.
#[derive(Debug)]
pub(super) struct Folders {
    outbox: PathBuf,
    inboxes: Vec<PathBuf>,
}

impl Folders {
    pub fn of(data: &Path, settings: &Settings) -> Self {
        Self { outbox: data.join("outbox"), inboxes: inboxes(data, settings) }
    }

    /// Returns where a file may be: each place of its own, and in each the first that is there.
    fn places(&self, file: &KeptFile) -> Vec<Vec<PathBuf>> {
        match file {
            KeptFile::Delivery(plugin, id) => {
                // What a crash left half written is beside it.
                [
                    format!("{id}.eml"),
                    format!(".{id}.eml.tmp"),
                    format!("{plugin}-{id}.json"),
                    format!(".{plugin}-{id}.json.tmp"),
                ]
                .map(|name| vec![self.outbox.join(name)])
                .into()
            }
            // A name with a way in it is none of a file that we moved.
            KeptFile::Mail(name) if name.contains(['/', '\\']) => Vec::new(),
            // One that could not be moved stayed where it came; beside one that was moved, it is another of that name.
            KeptFile::Mail(name) => {
                let of = |inbox: &PathBuf| ["cur", "new"].map(|folder| inbox.join(folder).join(name)).into();
                self.inboxes.iter().map(of).collect()
            }
        }
    }
}

impl KeptFiles for Folders {
    fn delete(&self, files: &[KeptFile]) -> Vec<(KeptFile, Error)> {
        // Each place is gone to, whatever is wrong with another.
        let failed = |file: &KeptFile| self.places(file).into_iter().filter_map(delete).reduce(|_, why| why);
        files.iter().filter_map(|file| Some((file.clone(), failed(file)?))).collect()
    }
}

/// Deletes what is at the first of some places where something is, or returns why it cannot.
fn delete(places: Vec<PathBuf>) -> Option<Error> {
    for place in places {
        match std::fs::remove_file(&place) {
            Ok(()) => return None,
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) => {
                return Some(Error::new(e.kind(), format!("{} cannot be deleted: {e}", place.display())));
            }
        }
    }
    None
}
