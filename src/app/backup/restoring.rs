//! Checking a backup, and making an installation of it where there is none.

use super::temporary::Temporary;
use super::{DATABASE_IN_IT, FORMAT, KEY_IN_IT, MANIFEST, MANIFEST_BYTES, Manifest, place_in};
use crate::app::{AppError, DATABASE, KEY, Places, connect, key_file, lock};
use crate::archive::{ArchiveError, Sealed};
use crate::calendar::Moment;
use crate::config::Settings;
use crate::files;
use crate::store::{Audit, AuditKey, Depth, RestoredFrom, Store, StoreError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A backup that was found to be whole.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The moment of the copy.
    pub made_at: Moment,
    /// The version of the program that made it.
    pub program: String,
    /// The complaints in it.
    pub complaints: i64,
    /// The newest event in it.
    pub event: i64,
    /// What could be looked at in the trail: signatures with the key only.
    pub depth: Depth,
    /// Whether the key of the trail is in it.
    pub has_key: bool,
    /// Where the key of the trail belongs.
    pub key: PathBuf,
}

/// A backup whose content stands in a folder beside its place, checked.
struct Unpacked {
    manifest: Manifest,
    folder: Temporary,
    key: Option<String>,
    checked: Checked,
}

impl Unpacked {
    fn path(&self, name: &str) -> PathBuf {
        unpacked(self.folder.path(), name)
    }
}

/// Reads a backup whole, and says whether it is what was written and its trail holds. Nothing is changed.
pub async fn check(places: &Places, file: &Path) -> Result<Checked, AppError> {
    let settings = Settings::load(places.config.as_deref())?;
    let near = if places.data.is_dir() { places.data.as_path() } else { files::folder_of(file) };
    let folder = near.join(format!(".checking-{}", std::process::id()));
    Ok(unpack(places, &settings, file, folder).await?.checked)
}

/// Makes an installation of a backup, where there is no database yet. It stands still until somebody lets it go on.
pub async fn restore(places: &Places, file: &Path) -> Result<Checked, AppError> {
    let settings = Settings::load(places.config.as_deref())?;
    // A mistake in the name makes no folder.
    std::fs::metadata(file).map_err(|e| unreadable(file, &e.into()))?;
    let _alone = lock(&places.data)?;
    let database = places.data.join(DATABASE);
    if settings.database.is_none() && !key_file::is_unused(&database) {
        return Err(AppError::Data(format!(
            "{} is there; restore into another folder with --data, or stop what runs on it and move it away",
            database.display()
        )));
    }
    // Nobody else is at it: what one left that was ended halfway goes first.
    let unpacked = unpack(places, &settings, file, places.data.join(".restoring")).await?;
    let from = RestoredFrom {
        copied_at: Moment::from_millis(unpacked.manifest.made_at),
        event: unpacked.manifest.event,
    };
    let copy = open(&settings, &unpacked.path(DATABASE_IN_IT), unpacked.key.as_deref()).await?;
    let placed = place(places, &settings, &copy, &unpacked, from).await;
    let closed = copy.close_file().await;
    placed?;
    closed?;
    if settings.database.is_none() {
        let unwritable = |e| AppError::Data(format!("{} cannot be written: {e}", database.display()));
        for end in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", database.display()));
        }
        files::place(&unpacked.path(DATABASE_IN_IT), &database).map_err(unwritable)?;
    }
    Ok(unpacked.checked.clone())
}

/// Puts everything in its place but a database that is a file, which comes last: what was ended halfway is begun again.
async fn place(
    places: &Places,
    settings: &Settings,
    copy: &Store,
    unpacked: &Unpacked,
    from: RestoredFrom,
) -> Result<(), AppError> {
    copy.mark_restored(from).await?;
    for (name, place) in &unpacked.manifest.places {
        let Some(place) = place_in(&places.data, place) else { continue };
        let put = files::make_folder(files::folder_of(&place))
            .and_then(|()| files::place(&unpacked.path(name), &place));
        put.map_err(|e| AppError::Data(format!("{} cannot be written: {e}", place.display())))?;
    }
    let place = places.data.join(KEY);
    if let Some(key) = unpacked.key.as_ref().filter(|_| !place.exists()) {
        let made = key_file::make(&place, key);
        made.map_err(|e| AppError::Data(format!("{} cannot be written: {e}", place.display())))?;
    }
    if settings.database.is_some() {
        let key = unpacked.key.as_deref().unwrap_or_default();
        let target = connect(places, settings, key).await?;
        let copied = copy.copy_into(&target).await;
        target.close().await;
        copied?;
    }
    Ok(())
}

/// Writes the content of a backup into a folder that is made for it, and checks all of it.
async fn unpack(
    places: &Places,
    settings: &Settings,
    file: &Path,
    folder: PathBuf,
) -> Result<Unpacked, AppError> {
    let wrong = |e: ArchiveError| unreadable(file, &e);
    let mut archive = Sealed::open(file).map_err(wrong)?;
    let text = archive.small(MANIFEST, MANIFEST_BYTES).map_err(wrong)?;
    let manifest = read_manifest(file, &text)?;
    let near = files::folder_of(&folder).display().to_string();
    let refuse = |e: std::io::Error| AppError::Data(format!("{near} cannot be written to: {e}"));
    let folder = Temporary::folder(folder).map_err(refuse)?;
    for entry in &manifest.files {
        if entry.name != DATABASE_IN_IT
            && entry.name != KEY_IN_IT
            && !manifest.places.contains_key(&entry.name)
        {
            return Err(unreadable(file, &ArchiveError::Damaged(format!("{} belongs nowhere", entry.name))));
        }
        let place = unpacked(folder.path(), &entry.name);
        let mut out = files::closed().write(true).create_new(true).open(&place).map_err(refuse)?;
        archive.extract(entry, &mut out).map_err(|e| match e {
            ArchiveError::Unwritable(e) => refuse(e),
            other => wrong(other),
        })?;
        out.flush().and_then(|()| out.sync_all()).map_err(refuse)?;
    }
    let key = key_of(places, &manifest, &unpacked(folder.path(), KEY_IN_IT))?;
    let copy = open(settings, &unpacked(folder.path(), DATABASE_IN_IT), key.as_deref()).await?;
    let checked = look(&copy, &manifest, key.is_some()).await;
    copy.close_file().await?;
    let depth = checked?.map_err(|why| unreadable(file, &ArchiveError::Damaged(why)))?;
    let checked = Checked {
        made_at: Moment::from_millis(manifest.made_at),
        program: manifest.program.clone(),
        complaints: manifest.rows.get("complaints").copied().unwrap_or(0),
        event: manifest.event,
        depth,
        has_key: manifest.has_key,
        key: places.data.join(KEY),
    };
    Ok(Unpacked { manifest, folder, key, checked })
}

/// Returns the place of a file of the archive in the folder of those that were unpacked: names have one part there.
fn unpacked(folder: &Path, name: &str) -> PathBuf {
    folder.join(name.replace(['/', '\\'], "-"))
}

fn read_manifest(file: &Path, text: &[u8]) -> Result<Manifest, AppError> {
    let damaged = |why: String| unreadable(file, &ArchiveError::Damaged(why));
    let said: serde_json::Value =
        serde_json::from_slice(text).map_err(|e| damaged(format!("{MANIFEST}: {e}")))?;
    if said["format"] != FORMAT {
        return Err(AppError::Data(format!(
            "{} was made by another version of Redress ({}): restore it with that version",
            file.display(),
            said["program"].as_str().unwrap_or("unknown")
        )));
    }
    let manifest: Manifest = serde_json::from_value(said).map_err(|e| damaged(format!("{MANIFEST}: {e}")))?;
    match manifest.entry(DATABASE_IN_IT) {
        Some(_) => Ok(manifest),
        None => Err(damaged("there is no database in it".to_owned())),
    }
}

/// Returns the key of the trail, from the backup or from the data folder; none where neither has it.
fn key_of(places: &Places, manifest: &Manifest, in_it: &Path) -> Result<Option<String>, AppError> {
    let place = places.data.join(KEY);
    let there = key_file::read(&place).map_err(AppError::Data)?;
    let is_right = |key: &String| AuditKey::new(key.as_bytes()).fingerprint() == manifest.key_fingerprint;
    if there.as_ref().is_some_and(|key| !is_right(key)) {
        return Err(AppError::Data(format!(
            "{} is the key of another installation than this backup; move it away, or choose another --data (nothing was \
             changed)",
            place.display()
        )));
    }
    Ok(there.or(key_file::read(in_it).map_err(AppError::Data)?))
}

async fn open(settings: &Settings, database: &Path, key: Option<&str>) -> Result<Store, StoreError> {
    let key = AuditKey::new(key.unwrap_or_default().as_bytes());
    Store::open(&format!("sqlite:{}", database.display()), Arc::clone(&settings.calendar), key).await
}

/// Looks at a copy of the database: returns how far it could look, or what is wrong.
async fn look(copy: &Store, manifest: &Manifest, has_key: bool) -> Result<Result<Depth, String>, StoreError> {
    if let Some(why) = copy.unsoundness().await? {
        return Ok(Err(format!("the database in it is damaged: {why}")));
    }
    // Tables of another version may have become others.
    if copy.schema() == manifest.schema {
        for (table, rows) in copy.counts().await? {
            let said = manifest.rows.get(table).copied().unwrap_or(0);
            if said != rows {
                return Ok(Err(format!("of {said} {table} it has {rows}")));
            }
        }
    }
    let depth = if has_key { Depth::Signatures } else { Depth::Links };
    if let Audit::Broken { seq } = copy.trail().verify_to(depth).await? {
        return Ok(Err(format!("the audit trail in it is broken at event {seq}")));
    }
    match copy.trail().head().await? == manifest.head {
        true => Ok(Ok(depth)),
        false => Ok(Err("the audit trail in it is another than it says".to_owned())),
    }
}

fn unreadable(file: &Path, error: &ArchiveError) -> AppError {
    let file = file.display();
    AppError::Data(match error {
        ArchiveError::Damaged(why) => {
            format!("{file} cannot be restored: {why}; take another copy (nothing was changed)")
        }
        ArchiveError::Unreadable(e) | ArchiveError::Unwritable(e) => format!("{file} cannot be read: {e}"),
    })
}
