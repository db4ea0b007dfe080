//! `Reached`: how far the trail has come, remembered beside the database, so that an older copy is noticed when
//! somebody puts it back: its numbers would be given out again.

use crate::files;
use std::path::{Path, PathBuf};

/// The file in the data folder.
#[derive(Debug)]
pub(super) struct Reached(PathBuf);

impl Reached {
    pub fn of(data: &Path) -> Self {
        Self(data.join("reached"))
    }

    /// Returns why a database whose last event is `event` is older than what was seen here; none when it is not.
    pub fn why_older(&self, event: i64) -> Option<String> {
        let seen = self.seen().filter(|seen| *seen > event)?;
        Some(format!("it ends at event {event}, and {} has seen event {seen}", self.0.display()))
    }

    /// Remembers the last event. What was seen stays until a database comes as far, or somebody removes the file.
    pub fn remember(&self, event: i64) -> std::io::Result<()> {
        match self.seen() {
            Some(seen) if seen >= event => Ok(()),
            _ => files::write(&self.0, format!("{event}\n").as_bytes()),
        }
    }

    fn seen(&self) -> Option<i64> {
        std::fs::read_to_string(&self.0).ok()?.trim().parse().ok()
    }
}
