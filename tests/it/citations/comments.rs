//! The comments of the repository, each with its place.

use crate::support::repository;
use std::path::{Path, PathBuf};

/// Where comments are read, and what begins one there.
const COMMENTED: &[(&str, &str)] =
    &[("rs", "//"), ("rhai", "//"), ("toml", "#"), ("txt", "#"), ("sql", "--"), ("", "#")];
const FOLDERS: &[&str] = &["src", "tests", "benches", "rules", "plugins", "migrations", ".ci"];
/// Landed migrations never change, so these two keep the form of their day.
const LANDED: &[&str] = &["20261122000000_foundation.sql", "20261122200000_records.sql"];
/// Finds the comments of a file, those on consecutive lines together, each with its first line.
pub fn comments(text: &str, mark: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut is_open = false;
    for (i, line) in text.lines().enumerate() {
        let whole = line.trim_start().strip_prefix(mark).map(|l| l.trim_start_matches(['/', '!']));
        match (whole, found.last_mut()) {
            (Some(more), Some((_, block))) if is_open => {
                block.push('\n');
                block.push_str(more);
            }
            (Some(first), _) => found.push((i + 1, first.to_owned())),
            (None, _) => {
                let trailing = line.split_once(&format!(" {mark} ")).map(|(_, comment)| comment);
                found.extend(trailing.map(|comment| (i + 1, comment.to_owned())));
            }
        }
        is_open = whole.is_some();
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Finds every comment of the repository, with its place (`file:line`).
pub fn every_comment() -> Vec<(String, String)> {
    let root = repository();
    let mut paths: Vec<PathBuf> = FOLDERS.iter().flat_map(|folder| files(&root.join(folder))).collect();
    let at_top = std::fs::read_dir(&root).unwrap().flatten().map(|e| e.path()).filter(|p| p.is_file());
    paths.extend(at_top);
    let mut found = Vec::new();
    for path in paths {
        let extension = path.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
        let Some((_, mark)) = COMMENTED.iter().find(|(e, _)| *e == extension) else { continue };
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        let is_landed = LANDED.iter().any(|file| name.ends_with(file));
        for (line, comment) in comments(&text, mark) {
            let comment =
                if is_landed { comment.replace("procedure row", "docs/procedure.md row") } else { comment };
            found.push((format!("{name}:{line}"), comment));
        }
    }
    found
}
