//! `DropSets`: the mails of a Maildir in sets, each read on another core while the set before it is stored.

use super::drop_file::{DropFile, ReadError};
use super::incoming::Arrival;
use super::limits::{SET, SET_BYTES};
use super::read::{ReadMail, read_all};
use std::path::PathBuf;
use std::vec::IntoIter;
use tokio::task::JoinHandle;

/// A file of a mail that is read and not taken in yet.
pub(super) struct Found {
    pub name: String,
    pub file: DropFile,
}

/// Some mails, and what could not be read on the way to them.
#[derive(Default)]
pub(super) struct DropSet {
    pub found: Vec<Found>,
    /// What they say, in the same order.
    pub mails: Vec<ReadMail>,
    /// What cannot be read, each with the reason.
    pub unreadable: Vec<String>,
}

/// What is left to read.
pub(super) struct DropSets {
    /// The folder of the files.
    pub folder: PathBuf,
    /// The files that were found, and what they are.
    pub files: IntoIter<(String, std::io::Result<DropFile>)>,
    /// The mails that are read at most.
    pub most: usize,
    pub authserv_id: Option<String>,
}

impl DropSets {
    /// Reads the next set on another core, and returns with it what is left then.
    pub fn read_ahead(mut self) -> JoinHandle<(Option<DropSet>, Self)> {
        tokio::task::spawn_blocking(move || (self.read(), self))
    }

    /// Reads the next set; none where nothing is left.
    fn read(&mut self) -> Option<DropSet> {
        let (mut set, mut arrivals, mut bytes) = (DropSet::default(), Vec::new(), 0);
        while arrivals.len() < SET.min(self.most) && bytes < SET_BYTES {
            let Some((name, file)) = self.files.next() else { break };
            let path = self.folder.join(&name);
            let read = file.map_err(ReadError::from).and_then(|file| Ok((file.read(&path)?, file)));
            match read {
                Ok((content, file)) => {
                    bytes += content.bytes.len();
                    arrivals.push(Arrival {
                        raw: content.bytes.into(),
                        source: format!("maildir:{name}"),
                        is_partial: content.is_partial,
                        ..Arrival::default()
                    });
                    set.found.push(Found { name, file });
                }
                // Another process was first, or it is still being written.
                Err(ReadError::Gone | ReadError::Changing) => {}
                Err(ReadError::Unreadable(why)) => set.unreadable.push(format!("{}: {why}", path.display())),
            }
        }
        self.most -= arrivals.len();
        let is_something = !arrivals.is_empty() || !set.unreadable.is_empty();
        set.mails = read_all(arrivals, self.authserv_id.as_deref());
        is_something.then_some(set)
    }
}
