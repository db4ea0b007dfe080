//! Mistakes in rules as people best read them: place, the line itself, where in it, and one remedy.

use crate::rules::Diagnostic;
use std::path::Path;

/// Writes a mistake as `file:line:column: message`, the line with a caret under the place, and the help.
pub(super) fn shown(d: &Diagnostic, folder: &Path) -> String {
    let Diagnostic { file, line, column, message, help } = d;
    let mut text =
        if *line > 0 { format!("{file}:{line}:{column}: {message}") } else { format!("{file}: {message}") };
    let source = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
    if let Some(found) = line.checked_sub(1).and_then(|n| source.lines().nth(n)) {
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        // Tabs stay tabs under the line, so the caret stands where the eye expects it.
        let before = found.chars().take(column.saturating_sub(1));
        let indent: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        text.push_str(&format!("\n {number} | {found}\n {margin} | {indent}^"));
    }
    if let Some(help) = help {
        text.push_str(&format!("\n  help: {help}"));
    }
    text
}

pub(super) fn all(found: &[Diagnostic], folder: &Path) -> String {
    found.iter().map(|d| shown(d, folder)).collect::<Vec<_>>().join("\n")
}
