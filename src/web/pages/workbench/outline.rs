//! The outline beside the editor: what stands in a file by name and line, as the language server tells it.

use crate::complaint::Language;
use crate::rules::diagnostics::Lines;
use crate::rules::editor::outline;
use serde::Serialize;

/// The most items that are shown of a file.
const MOST: usize = 500;

/// An item of an outline.
#[derive(Debug, Serialize)]
pub(super) struct Outlined {
    name: String,
    /// What it is, in a word: `rule`.
    what: String,
    /// The line, from 1.
    line: usize,
}

/// Returns the outline of a text, whatever is wrong with it.
pub(super) fn outlined(path: &str, text: &str, language: Language) -> Vec<Outlined> {
    let lines = Lines::from(text);
    let items = outline(path, text, language).into_iter().take(MOST);
    let item = items.map(|item| {
        let (line, _) = lines.place(item.name_range.start);
        Outlined { name: item.name, what: item.what, line }
    });
    item.collect()
}
