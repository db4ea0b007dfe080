//! Reading what counts of a folder of rules: regular files under names that people give, as text, and never
//! more of them than a ruleset may have. What editors and file managers leave beside them is not read.

use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::{too_large, unreadable};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The most files; no procedure needs more, a larger folder is the wrong one.
const MAX_FILES: usize = 1_000;
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Reads the wanted files of a folder into `files`, each under `prefix`; a folder below the rules may be
/// missing.
pub(in crate::rules) fn collect(
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, String>,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<(), Vec<Diagnostic>> {
    let path = |name: &str| format!("{prefix}{name}");
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && !prefix.is_empty() => return Ok(()),
        Err(e) => return Err(vec![unreadable::report(&folder.display().to_string(), &e)]),
    };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        if is_leftover(&name) || !wanted(&name) {
            continue;
        }
        let bytes = read_bounded(&entry.path());
        let Some(bytes) = bytes.map_err(|e| vec![unreadable::report(&path(&name), &e)])? else { continue };
        if bytes.len() as u64 > MAX_FILE_BYTES || files.len() >= MAX_FILES {
            return Err(vec![too_large::report(&path(&name))]);
        }
        let text = text_of(&path(&name), &bytes)?;
        files.insert(path(&name), text);
    }
    Ok(())
}

/// Returns the folders within a folder, by name; none where there is no folder.
pub(super) fn subfolders(folder: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries
        .flatten()
        .filter(|e| e.path().is_dir())
        .filter_map(|e| Some((e.file_name().into_string().ok()?, e.path())))
        .filter(|(name, _)| !is_leftover(name))
        .collect()
}

/// Returns whether a program keeps a file of this name beside the one that somebody edits: `._10.rhai` of
/// macOS, `.#10.rhai` and `#10.rhai#` of Emacs, `~$10.rhai` of Office.
fn is_leftover(name: &str) -> bool {
    name.starts_with(['.', '#', '~'])
}

/// Reads a regular file, or one that a link leads to, up to one byte over the largest allowed; none of what
/// is no regular file, such as a pipe, that could be read without end.
fn read_bounded(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    if !std::fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Returns the text of a file without the mark of its encoding and with plain ends of lines, so that the same
/// rules have the same hash whatever system they were saved on.
fn text_of(path: &str, bytes: &[u8]) -> Result<String, Vec<Diagnostic>> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(vec![unreadable::report_wide(path)]);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains('\r') => Ok(text.replace("\r\n", "\n")),
        Ok(text) => Ok(text.to_owned()),
        Err(e) => {
            let line = bytes.iter().take(e.valid_up_to()).filter(|b| **b == b'\n').count() + 1;
            Err(vec![unreadable::report_encoding(path, line)])
        }
    }
}
