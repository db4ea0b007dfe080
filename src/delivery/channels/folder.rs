//! The outbox folder: letters as `.eml` files, where there is no mail server.

use super::{Attempt, Letter};
use crate::calendar::Moment;
use crate::store::ClaimedDelivery;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug)]
pub(in crate::delivery) struct Folder {
    outbox: PathBuf,
}

impl Folder {
    pub fn new(outbox: &Path) -> Self {
        Self { outbox: outbox.to_owned() }
    }

    pub async fn attempt(&self, delivery: &ClaimedDelivery, now: Moment) -> Attempt {
        let (folder, payload) = (self.clone(), delivery.payload.clone());
        let written = tokio::task::spawn_blocking(move || folder.write_letter(&payload, now)).await;
        written.unwrap_or_else(|_| Attempt::failed("the write was interrupted"))
    }

    /// Writes the letter, whole or not at all. The name is the delivery's id, so an attempt repeated after a crash
    /// replaces the same file.
    fn write_letter(&self, payload: &str, at: Moment) -> Attempt {
        let letter: Letter = match serde_json::from_str(payload) {
            Ok(letter) => letter,
            Err(e) => return Attempt::rejected(format!("the letter cannot be read: {e}")),
        };
        let mime = match letter.to_mime(at) {
            Ok(mime) => mime,
            Err(e) => return Attempt::rejected(e),
        };
        self.write(&format!("{}.eml", letter.id), &mime)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> Attempt {
        let write = || {
            std::fs::create_dir_all(&self.outbox)?;
            let temporary = self.outbox.join(format!(".{name}.tmp"));
            std::fs::write(&temporary, bytes)?;
            std::fs::rename(&temporary, self.outbox.join(name))
        };
        match write() {
            Ok(()) => Attempt::accepted("written to the outbox folder"),
            Err(e) => Attempt::failed(format!("{} cannot be written: {e}", self.outbox.display())),
        }
    }
}
