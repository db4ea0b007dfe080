//! Mistakes in rules as people best read them: place, the line itself, where in it, and one remedy.

use crate::complaint::Language;
use crate::rules::diagnostics::{Diagnostic, Severity, Span};
use std::path::Path;

/// Writes a mistake as `file:line:column: CODE message`, the line with carets under the place, and the remedy.
pub(super) fn shown(d: &Diagnostic, folder: &Path, language: Language) -> String {
    let words = d.in_language(language);
    let (first, remedy) = words.split_once('\n').map_or((words.as_str(), None), |(a, b)| (a, Some(b)));
    let mut text = match d.kind.severity {
        Severity::Error => first.to_owned(),
        Severity::Warning => format!("{}: {first}", d.kind.severity.word().in_language(language)),
    };
    let source = std::fs::read_to_string(folder.join(&d.at.file)).unwrap_or_default();
    if let Some(excerpt) = d.at.span.and_then(|span| excerpt(&source, span)) {
        text.push_str(&excerpt);
    }
    if let Some(remedy) = remedy {
        text.push('\n');
        text.push_str(remedy);
    }
    text
}

/// Returns the line on which a span begins, with carets under the span.
fn excerpt(source: &str, span: Span) -> Option<String> {
    let line = source.lines().nth(span.line - 1)?;
    let number = span.line.to_string();
    let margin = " ".repeat(number.len());
    // Tabs stay tabs under the line, so the carets stand where the eye expects them.
    let before = line.chars().take(span.column - 1);
    let indent: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    let end = if span.end_line == span.line { span.end_column } else { line.chars().count() + 1 };
    let carets = "^".repeat(end.saturating_sub(span.column).max(1));
    Some(format!("\n {number} | {line}\n {margin} | {indent}{carets}"))
}
