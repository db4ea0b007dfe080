//! Backups of an installation: one sealed file that holds the database as SQLite whatever its engine, what of the data
//! folder belongs to it, and a manifest. Making, checking and restoring them; and letting a restored database go on.

mod going_on;
mod making;
mod moving;
mod restoring;
mod temporary;

pub use going_on::{GoneOn, go_on};
pub use making::{Made, make};
pub use moving::{Moved, move_to};
pub use restoring::{Checked, check, restore};

use crate::archive::Entry;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// The form of the file; another one is another version's.
const FORMAT: u32 = 1;
/// The names in the file.
const MANIFEST: &str = "manifest.json";
const DATABASE_IN_IT: &str = "database.sqlite";
const KEY_IN_IT: &str = "audit.key";
/// The most bytes of a manifest.
const MANIFEST_BYTES: u64 = 64 << 20;
/// What of the data folder belongs to the database: files and folders with all that is in them.
const BELONGS: &[&str] = &["plugins-in-use", "inbox/new", "inbox/kept-because", super::REHEARSAL];

/// Whether the key of the trail is in a backup: with it, whoever has the file can forge the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyChoice {
    /// It is kept elsewhere.
    LeftOut,
    /// It is in the file.
    Included,
}

/// What a backup says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    /// The version of the program that made it.
    program: String,
    /// The moment, in epoch milliseconds.
    made_at: i64,
    /// The engine of the database that was copied.
    engine: String,
    /// The version of the tables.
    schema: i64,
    /// The place and the hash of the newest event.
    head: String,
    /// The newest event.
    event: i64,
    /// What the key is known by.
    key_fingerprint: String,
    has_key: bool,
    /// The number of rows of each table.
    rows: BTreeMap<String, i64>,
    /// Where files of the data folder belong, by their names in it.
    places: BTreeMap<String, String>,
    /// Everything in it but the manifest.
    files: Vec<Entry>,
}

impl Manifest {
    fn entry(&self, name: &str) -> Option<&Entry> {
        self.files.iter().find(|entry| entry.name == name)
    }
}

/// Returns where a file belongs in a data folder; none for a place that is none of those that a backup has.
fn place_in(data: &Path, place: &str) -> Option<PathBuf> {
    let path = Path::new(place);
    let is_inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let is_known = BELONGS.iter().any(|root| path.starts_with(root));
    (is_inside && is_known).then(|| data.join(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_put_outside_of_the_data_folder() {
        let data = Path::new("/data");
        assert_eq!(place_in(data, "inbox/new/a.eml"), Some(PathBuf::from("/data/inbox/new/a.eml")));
        for place in ["inbox/new/../../../etc/passwd", "/etc/passwd", "audit.key", "redress.db", "..", ""] {
            assert_eq!(place_in(data, place), None, "{place}");
        }
    }
}
