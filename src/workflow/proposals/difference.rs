//! How one folder differs from another, as people read it: file by file, with the lines that came and went.

use super::start::differing;
use crate::rules::RulesFolder;
use similar::{ChangeTag, TextDiff};

/// The lines that are shown around what differs.
const AROUND: usize = 3;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// It says something else.
    Changed,
}

/// A file that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its path below the folder.
    pub path: String,
    /// What became of it.
    pub kind: DifferenceKind,
    /// The places at which it differs, in order.
    pub hunks: Vec<Hunk>,
}

/// A place at which a file differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hunk {
    /// The number of its first line as it is now.
    pub line: usize,
    /// Its lines, without their ends.
    pub lines: Vec<(LineKind, String)>,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// It stays.
    Same,
    /// It is not there any more.
    Gone,
    /// It was not there.
    New,
}

impl Difference {
    /// Returns how a folder differs from another, by path.
    pub fn between(from: &RulesFolder, to: &RulesFolder) -> Vec<Self> {
        let files = differing(from, to).into_keys();
        files.map(|path| Self::of(path, (from, to))).collect()
    }

    fn of(path: String, (from, to): (&RulesFolder, &RulesFolder)) -> Self {
        let (before, after) = (from.text(&path), to.text(&path));
        let kind = match (before, after) {
            (None, _) => DifferenceKind::Added,
            (_, None) => DifferenceKind::Removed,
            _ => DifferenceKind::Changed,
        };
        let hunks = hunks(before.unwrap_or_default(), after.unwrap_or_default());
        Self { path, kind, hunks }
    }

    /// Returns the number of lines that came, and that went.
    pub fn counts(&self) -> (usize, usize) {
        let of = |kind| self.hunks.iter().flat_map(|h| &h.lines).filter(|(k, _)| *k == kind).count();
        (of(LineKind::New), of(LineKind::Gone))
    }
}

/// Returns the places at which a text differs from another.
pub(super) fn hunks(before: &str, after: &str) -> Vec<Hunk> {
    let diff = TextDiff::from_lines(before, after);
    let mut hunks = Vec::new();
    for group in diff.grouped_ops(AROUND) {
        let line = group.first().map_or(0, |op| op.new_range().start) + 1;
        let changes = group.iter().flat_map(|op| diff.iter_changes(op));
        let lines = changes.map(|change| {
            let kind = match change.tag() {
                ChangeTag::Equal => LineKind::Same,
                ChangeTag::Delete => LineKind::Gone,
                ChangeTag::Insert => LineKind::New,
            };
            (kind, change.value().trim_end_matches(['\n', '\r']).to_owned())
        });
        hunks.push(Hunk { line, lines: lines.collect() });
    }
    hunks
}
