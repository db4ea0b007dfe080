//! Files of an installation: written whole or not at all, and closed to every other user of the computer.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};

/// Makes a folder and those above it; what is made is closed to others.
pub fn make_folder(path: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Returns the options of a file that is closed to others when it is made.
pub fn closed() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes a file beside its place and puts it there: nobody finds half of it, and what is there once this
/// returns survives a loss of power.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    put(&beside, path, bytes).inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

/// Writes a file at one place and moves it to another of the same file system.
pub fn put(beside: &Path, place: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = closed().write(true).create(true).truncate(true).open(beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(beside, place)?;
    // The name is in the folder, which is written by itself.
    #[cfg(unix)]
    File::open(place.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

/// Closes a folder to others when it is open to them, with everything that an older version left in it.
/// Returns what could not be closed.
pub fn close_to_others(folder: &Path) -> Vec<PathBuf> {
    match is_open_to_others(folder) {
        true => close_all(folder),
        false => Vec::new(),
    }
}

/// Returns whether others may look into a folder.
#[cfg(unix)]
pub fn is_open_to_others(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(folder).is_ok_and(|about| about.permissions().mode() & 0o077 != 0)
}

/// Returns whether others may look into a folder; here it is the operating system's to say.
#[cfg(not(unix))]
pub fn is_open_to_others(_: &Path) -> bool {
    false
}

#[cfg(unix)]
fn close_all(path: &Path) -> Vec<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    // A link leads elsewhere, which is not ours to close.
    let Ok(about) = std::fs::symlink_metadata(path) else { return vec![path.to_owned()] };
    if about.is_symlink() {
        return Vec::new();
    }
    let mut left = Vec::new();
    if about.is_dir() {
        let inside = std::fs::read_dir(path).into_iter().flatten().flatten();
        left.extend(inside.flat_map(|entry| close_all(&entry.path())));
    }
    let mode = about.permissions().mode() & 0o700;
    if std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).is_err() {
        left.push(path.to_owned());
    }
    left
}

#[cfg(not(unix))]
fn close_all(_: &Path) -> Vec<PathBuf> {
    Vec::new()
}
