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

/// Makes a file in a folder that nobody else finds, and that is gone once it is closed.
pub fn scratch(folder: &Path, name: &str) -> Result<File> {
    let path = folder.join(name);
    let file = closed().read(true).write(true).create_new(true).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

/// Writes a file beside its place and puts it there: nobody finds half of it, and what is there once this
/// returns survives a loss of power.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = folder_of(path);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.{}.tmp", std::process::id()));
    put(&beside, path, bytes).inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

/// Writes a file at one place and moves it to another of the same file system.
pub fn put(beside: &Path, place: &Path, bytes: &[u8]) -> Result<()> {
    write_beside(beside, bytes)?;
    self::place(beside, place)
}

/// Moves a file to its place in the same file system; what is there once this returns survives a loss of power.
pub fn place(beside: &Path, place: &Path) -> Result<()> {
    std::fs::rename(beside, place)?;
    sync_folder(folder_of(place))
}

/// Moves a file to a place in the same folder where there is none yet.
pub fn place_new(beside: &Path, place: &Path) -> Result<()> {
    match std::fs::hard_link(beside, place) {
        Ok(()) => std::fs::remove_file(beside)?,
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists || place.exists() => return Err(e),
        // Not every file system has links.
        Err(_) => std::fs::rename(beside, place)?,
    }
    sync_folder(folder_of(place))
}

/// Returns the folder of a file, also of one that is named without it.
pub fn folder_of(place: &Path) -> &Path {
    place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file that is to be written into a folder whole.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its name in the folder.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The files that one thread writes when many are written at once.
const EACH: usize = 16;

/// Writes files into a folder, each whole or not at all, and returns how each went. What is there once this returns
/// survives a loss of power: every file is written to the disk, and their names are in one write of the folder.
pub fn put_all(folder: &Path, files: &[NewFile]) -> Vec<Result<()>> {
    let beside = |file: &NewFile| folder.join(format!(".{}.tmp", file.name));
    let write_some = |files: &[NewFile]| -> Vec<Result<()>> {
        let written = files.iter().map(|file| {
            write_beside(&beside(file), &file.bytes)?;
            std::fs::rename(beside(file), folder.join(&file.name))
        });
        written.collect()
    };
    let mut written: Vec<Result<()>> = std::thread::scope(|scope| {
        // A disk takes several writes at once.
        let others = files.chunks(EACH).skip(1).map(|some| scope.spawn(move || write_some(some)));
        let others: Vec<_> = others.collect();
        let first = write_some(&files[..files.len().min(EACH)]);
        let others = others
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause)));
        first.into_iter().chain(others).collect()
    });
    if let Err(e) = sync_folder(folder) {
        let why = |_| Err(std::io::Error::new(e.kind(), e.to_string()));
        written = written.into_iter().map(|one| one.and_then(why)).collect();
    }
    written
}

fn write_beside(beside: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = closed().write(true).create(true).truncate(true).open(beside)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Writes the names of a folder's files to the disk; they are in the folder, which is written by itself.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<()> {
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
