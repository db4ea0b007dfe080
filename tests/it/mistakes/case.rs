//! A case: an edit of the sound ruleset, with the place marked in it, and what must be said of it.

use crate::support::repository;
use redress::rules::RulesetSource;
use redress::rules::diagnostics::Span;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The marks around the place that a mistake must be told at.
const MARKS: [char; 2] = ['⟦', '⟧'];

/// One mistake.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What the person did.
    pub name: String,
    /// The file that is edited.
    pub file: String,
    /// The file's text that is replaced, which stands there once; nothing when the file is left out.
    pub find: String,
    /// What comes in its place, with the place of the mistake between ⟦ and ⟧; nothing between them where the whole file is
    /// meant.
    pub put: String,
    /// The kind that must be told.
    pub code: String,
    /// Words of the cause, in Dutch.
    pub nl: String,
    /// Words of the cause, in English.
    pub en: String,
    /// What the remedy or the fix must hold; nothing when there is no remedy but the cause itself.
    #[serde(default)]
    pub remedy: String,
    /// True when the fix must bring back what was there.
    #[serde(default)]
    pub mends: bool,
    /// True when it is also tried among other mistakes.
    #[serde(default)]
    pub among_others: bool,
    /// What somebody who is no programmer gives the words, of 5.
    pub words: f64,
}

/// Cases of one file.
#[derive(Deserialize)]
struct Collection {
    case: Vec<Case>,
}

fn folder() -> std::path::PathBuf {
    repository().join("tests/it/mistakes")
}

/// Returns the files of the sound ruleset, with its scenarios.
pub fn ruleset() -> BTreeMap<String, String> {
    let folder = folder().join("ruleset");
    let mut files = RulesetSource::read(&folder).unwrap().files().clone();
    files.extend(RulesetSource::read_scenarios(&folder).unwrap());
    files
}

/// Returns every case, file by file.
pub fn cases() -> Vec<Case> {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder().join("cases")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| -> Vec<Case> {
        let text = std::fs::read_to_string(path).unwrap();
        toml::from_str::<Collection>(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display())).case
    };
    paths.iter().flat_map(read).collect()
}

impl Case {
    /// Returns what is put in, without the marks.
    pub fn put(&self) -> String {
        self.put.replace(MARKS, "")
    }

    /// Returns the line that is written, for people who read the cases.
    pub fn written(&self) -> String {
        self.put.replace('\n', "\n  ")
    }

    /// Returns the files with the mistake in them.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut files = ruleset();
        files.insert(self.file.clone(), self.edited(&self.put()));
        files
    }

    /// Returns the file with something in the place of what is replaced.
    fn edited(&self, put: &str) -> String {
        let text = ruleset().get(&self.file).cloned().unwrap_or_default();
        assert_eq!(
            text.matches(self.find.as_str()).count(),
            1,
            "{}: {:?} stands once in {}",
            self.name,
            self.find,
            self.file
        );
        text.replacen(&self.find, put, 1)
    }

    /// Returns the place that the mistake must be told at: line, column and the end, from 1; none for the whole file.
    pub fn place(&self) -> Option<Span> {
        let text = self.edited(&self.put);
        let start = text.find(MARKS[0]).unwrap_or_else(|| panic!("{} has a place", self.name));
        let end = text.find(MARKS[1]).unwrap_or_else(|| panic!("{} has a place", self.name));
        let place = |at: usize| {
            let before = &text[..at];
            let line = before.rsplit('\n').next().unwrap();
            (before.matches('\n').count() + 1, line.chars().filter(|c| !MARKS.contains(c)).count() + 1)
        };
        let ((line, column), (end_line, end_column)) = (place(start), place(end));
        (start + MARKS[0].len_utf8() < end).then_some(Span { line, column, end_line, end_column })
    }
}
