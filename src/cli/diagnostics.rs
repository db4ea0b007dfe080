//! Mistakes in rules as people best read them: place, the line itself, where in it, and one remedy.

use crate::complaint::Language;
use crate::rules::diagnostics::{Diagnostic, Severity, Span};
use std::collections::BTreeMap;
use std::path::Path;

/// The most that are shown at once; whoever mends those sees the others.
const MOST: usize = 200;
/// The most characters that are shown of a line, and how many of them before the place.
const WIDTH: usize = 160;
const BEFORE: usize = 60;

/// Writes each mistake as `file:line:column: CODE message`, the line with carets under the place, and the remedy; of very
/// many the first, and how many more there are.
pub(super) fn shown(found: &[Diagnostic], folder: &Path, language: Language) -> Vec<String> {
    let mut sources: BTreeMap<&str, String> = BTreeMap::new();
    let one = |d| {
        let d: &Diagnostic = d;
        let read = || std::fs::read_to_string(folder.join(&d.at.file)).unwrap_or_default();
        one(d, sources.entry(&d.at.file).or_insert_with(read), language)
    };
    let mut all: Vec<String> = found.iter().take(MOST).map(one).collect();
    let more = found.len().saturating_sub(MOST);
    if more > 0 {
        all.push(match language {
            Language::Dutch => format!("en nog {more}; los deze eerst op"),
            Language::English => format!("and {more} more; mend these first"),
        });
    }
    all
}

fn one(d: &Diagnostic, source: &str, language: Language) -> String {
    let words = d.in_language(language);
    let (first, remedy) = words.split_once('\n').map_or((words.as_str(), None), |(a, b)| (a, Some(b)));
    let mut text = match d.kind.severity {
        Severity::Error => first.to_owned(),
        Severity::Warning => format!("{}: {first}", d.kind.severity.word().in_language(language)),
    };
    if let Some(excerpt) = d.at.span.and_then(|span| excerpt(source, span)) {
        text.push_str(&excerpt);
    }
    if let Some(remedy) = remedy {
        text.push('\n');
        text.push_str(remedy);
    }
    text
}

/// Returns the line on which a span begins, with carets under the span; of a very long line what stands around it.
fn excerpt(source: &str, span: Span) -> Option<String> {
    let line = source.lines().nth(span.line - 1)?;
    let number = span.line.to_string();
    let margin = " ".repeat(number.len());
    let column = span.column - 1;
    let is_long = line.chars().nth(WIDTH).is_some();
    let cut = if is_long { column.saturating_sub(BEFORE) } else { 0 };
    let seen: String = line.chars().skip(cut).take(WIDTH).collect();
    let length = seen.chars().count();
    let is_cut_behind = is_long && line.chars().nth(cut + WIDTH).is_some();
    let (before, behind) = (if cut > 0 { "…" } else { "" }, if is_cut_behind { "…" } else { "" });
    // Tabs stay tabs under the line, so the carets stand where the eye expects them.
    let indent = before.chars().chain(seen.chars().take(column - cut));
    let indent: String = indent.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    let end = if span.end_line == span.line { span.end_column - 1 } else { cut + length };
    let carets = "^".repeat(end.min(cut + length).saturating_sub(column).max(1));
    Some(format!("\n {number} | {before}{seen}{behind}\n {margin} | {indent}{carets}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: usize, columns: std::ops::Range<usize>) -> Span {
        Span { line, column: columns.start, end_line: line, end_column: columns.end }
    }

    #[test]
    fn of_a_long_line_what_stands_around_the_place_is_shown() {
        let shown = |source: &str, span| excerpt(source, span).expect("it has the line");
        assert_eq!(shown("a\n\tb c", at(2, 4..5)), "\n 2 | \tb c\n   | \t  ^");
        let long = format!("{}here{}", "x".repeat(5_000), "y".repeat(5_000));
        let text = shown(&long, at(1, 5_001..5_005));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1].chars().count(), " 1 | ".len() + WIDTH + 2);
        let place = lines[2].find('^').expect("carets");
        assert_eq!(lines[1].chars().skip(place).take(4).collect::<String>(), "here");
        assert!(lines[2].ends_with(" ^^^^") && lines[1].ends_with("y…"), "{text}");
        assert_eq!(shown(&long, at(1, 1..9_000)).matches('^').count(), WIDTH);
        assert_eq!(shown(&"é".repeat(300), at(1, 300..301)).matches('^').count(), 1);
        assert_eq!(excerpt("a", at(2, 1..2)), None);
    }
}
