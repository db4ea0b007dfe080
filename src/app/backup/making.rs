//! Making a backup while everything runs.

use super::temporary::Temporary;
use super::{BELONGS, DATABASE_IN_IT, FORMAT, KEY_IN_IT, KeyChoice, MANIFEST, Manifest};
use crate::app::{App, AppError, KEY, key_file};
use crate::archive::Archive;
use crate::calendar::Moment;
use crate::files;
use crate::store::Store;
use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is in a backup that was made.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// The moment of the copy.
    pub at: Moment,
    /// The complaints in it.
    pub complaints: i64,
    /// The newest event in it.
    pub event: i64,
}

/// Makes a backup of an installation, which is there whole or not at all.
///
/// # Errors
/// What is wrong with the place, the database or the key; then nothing is left of it.
pub async fn make(app: &App, file: &Path, key: KeyChoice) -> Result<Made, AppError> {
    let unwritable = |e: io::Error| AppError::Data(format!("{} cannot be written: {e}", file.display()));
    let key = match key {
        KeyChoice::LeftOut => None,
        KeyChoice::Included => key_file::read(&app.data.join(KEY)).map_err(AppError::Data)?,
    };
    let folder = files::folder_of(file);
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let beside = |end: &str| folder.join(format!(".{name}.{}.{end}", std::process::id()));
    let (written, out) = Temporary::file(beside("tmp")).map_err(unwritable)?;
    let mut archive = Archive::begin(out);
    // Before the database: what is taken in meanwhile is then in both, which is noticed, and not in neither.
    let places = add_folder(&mut archive, &app.data).map_err(unwritable)?;
    let at = app.workflow.clock().now();
    let (copy, _) = Temporary::file(beside("database")).map_err(unwritable)?;
    let copied = app.store.copy_to_file(copy.path()).await;
    copied.map_err(|e| AppError::Data(format!("{} cannot be made: {e}", file.display())))?;
    let mut manifest = describe(app, copy.path(), at).await?;
    let mut database = std::fs::File::open(copy.path()).map_err(unwritable)?;
    archive.add(DATABASE_IN_IT, &mut database).map_err(unwritable)?;
    if let Some(key) = &key {
        archive.add(KEY_IN_IT, &mut key.as_bytes()).map_err(unwritable)?;
    }
    (manifest.places, manifest.has_key) = (places, key.is_some());
    manifest.files = archive.entries().to_vec();
    let text = serde_json::to_vec_pretty(&manifest).map_err(|e| unwritable(e.into()))?;
    archive.add(MANIFEST, &mut text.as_slice()).map_err(unwritable)?;
    archive.seal().map_err(unwritable)?;
    files::place_new(written.path(), file).map_err(unwritable)?;
    let complaints = manifest.rows.get("complaints").copied().unwrap_or(0);
    Ok(Made { at, complaints, event: manifest.event })
}

/// Says what is in a copy of the database.
async fn describe(app: &App, copy: &Path, at: Moment) -> Result<Manifest, AppError> {
    let url = format!("sqlite:{}", copy.display());
    let store = Store::open(&url, Arc::clone(&app.settings.calendar), app.store.key().clone()).await?;
    let said = async {
        let rows = store.counts().await?.into_iter().map(|(table, rows)| (table.to_owned(), rows)).collect();
        Ok(Manifest {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made_at: at.millis(),
            engine: format!("{:?}", app.store.engine()),
            schema: store.schema(),
            head: store.trail().head().await?,
            event: store.trail().last_event().await?,
            key_fingerprint: store.key().fingerprint(),
            has_key: false,
            rows,
            places: BTreeMap::new(),
            files: Vec::new(),
        })
    };
    let said: Result<Manifest, AppError> = said.await;
    let closed = store.close_file().await;
    let said = said?;
    closed?;
    Ok(said)
}

/// Adds what of the data folder belongs to the database, under names of ours; returns where each belongs.
fn add_folder(archive: &mut Archive<std::fs::File>, data: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut found = Vec::new();
    for root in BELONGS {
        gather(&data.join(root), &mut found)?;
    }
    let mut places = BTreeMap::new();
    for path in found {
        let mut file = match std::fs::File::open(&path) {
            Ok(file) => file,
            // A mail that was taken in meanwhile is in the database.
            Err(e) if e.kind() == ErrorKind::NotFound => continue,
            Err(e) => return Err(io::Error::new(e.kind(), format!("{}: {e}", path.display()))),
        };
        let Some(place) = path.strip_prefix(data).ok().and_then(Path::to_str) else {
            tracing::warn!(file = %path.display(), "it is not in the backup: its name is no text");
            continue;
        };
        let name = format!("folder/{:06}", places.len() + 1);
        archive.add(&name, &mut file)?;
        places.insert(name, place.to_owned());
    }
    Ok(places)
}

/// Gathers the files at a place, in order.
fn gather(place: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let about = match std::fs::symlink_metadata(place) {
        Ok(about) => about,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(e),
    };
    if about.is_file() {
        found.push(place.to_owned());
    }
    if about.is_dir() {
        let mut inside: Vec<PathBuf> =
            std::fs::read_dir(place)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        inside.sort();
        inside.iter().try_for_each(|path| gather(path, found))?;
    }
    Ok(())
}
