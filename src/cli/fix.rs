//! The edits of a rules folder by `redress rules check --fix` and `redress rules terms`, shown and written.

use super::Failure;
use crate::rules::RulesFolder;
use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The change of one file.
#[derive(Debug, Serialize)]
pub(super) struct Edit {
    /// The path below the rules folder.
    pub file: String,
    /// The change, as a unified diff.
    pub diff: String,
    #[serde(skip)]
    before: String,
    #[serde(skip)]
    after: String,
}

/// Returns the files that differ between a folder and the same one mended.
pub(super) fn edits(folder: &RulesFolder, mended: &RulesFolder) -> Vec<Edit> {
    let after: BTreeMap<&str, &str> = mended.files().collect();
    let changed = folder.files().filter_map(|(file, before)| {
        let after = *after.get(file)?;
        (after != before).then(|| Edit::of(file, before, after, "mended"))
    });
    changed.collect()
}

impl Edit {
    /// Makes the change of a file from one text to another; `how` says in the diff what was done.
    pub fn of(file: &str, before: &str, after: &str, how: &str) -> Self {
        Self {
            file: file.to_owned(),
            diff: TextDiff::from_lines(before, after)
                .unified_diff()
                .context_radius(0)
                .header(file, &format!("{file}, {how}"))
                .to_string(),
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }
}

/// Writes the edits, each file whole or not at all.
pub(super) fn write(folder: &Path, edits: &[Edit]) -> Result<(), Failure> {
    for edit in edits {
        // A link stays a link: what it leads to is replaced.
        let path = folder.join(&edit.file);
        let path = path.canonicalize().map_err(|e| Failure::new(format!("{}: {e}", path.display())))?;
        replace(&path, edit).map_err(|e| Failure::new(format!("{} was not changed: {e}", path.display())))?;
    }
    Ok(())
}

/// Writes the new text beside the file and lets it take the file's place, with the same permissions.
fn replace(path: &Path, edit: &Edit) -> std::io::Result<()> {
    let refused = |why: &str| std::io::Error::other(why.to_owned());
    let permissions = std::fs::metadata(path)?.permissions();
    if permissions.readonly() {
        return Err(refused("it is read-only"));
    }
    let written = std::fs::read_to_string(path)?;
    // The mark at the beginning, which editors of Windows make, is no part of what was read.
    let (mark, text) = match written.strip_prefix(BYTE_ORDER_MARK) {
        Some(text) => (BYTE_ORDER_MARK, text),
        None => ("", written.as_str()),
    };
    if text.replace("\r\n", "\n") != edit.before {
        return Err(refused("somebody saved it meanwhile; check again"));
    }
    let beside = beside(path).ok_or_else(|| refused("it has no name"))?;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
    let replaced = file
        .write_all(mark.as_bytes())
        .and_then(|()| file.write_all(with_ends_of(text, edit).as_bytes()))
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::set_permissions(&beside, permissions))
        .and_then(|()| std::fs::rename(&beside, path));
    if replaced.is_err() {
        // The first error counts; a file left beside is no part of the rules.
        let _ = std::fs::remove_file(&beside);
    }
    replaced
}

/// Returns the new text with the ends of lines that the file has: rules are read with LF, whatever the file has.
fn with_ends_of(written: &str, edit: &Edit) -> String {
    let lines = |text| -> Vec<&str> { str::split_inclusive(text, '\n').collect() };
    let (kept, before, after) = (lines(written), lines(&edit.before), lines(&edit.after));
    let is_of_windows = kept.first().is_some_and(|line| line.ends_with("\r\n"));
    let mut text = String::with_capacity(written.len());
    for change in TextDiff::from_slices(&before, &after).iter_all_changes() {
        match (change.tag(), change.old_index().and_then(|i| kept.get(i))) {
            (ChangeTag::Equal, Some(line)) => text.push_str(line),
            (ChangeTag::Delete, _) => {}
            _ => match change.value().strip_suffix('\n').filter(|_| is_of_windows) {
                Some(line) => text.push_str(&format!("{line}\r\n")),
                None => text.push_str(change.value()),
            },
        }
    }
    text
}

/// Returns the name under which the new text is written, which is no rule file.
fn beside(path: &Path) -> Option<PathBuf> {
    let mut name = path.file_name()?.to_owned();
    name.push(".mended");
    Some(path.with_file_name(name))
}
