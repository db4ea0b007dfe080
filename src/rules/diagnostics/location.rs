//! `Location` and `Span`: the part of a file that a diagnostic is about.

use super::lines::Lines;
use rhai::Position;
use serde::Serialize;

/// A part of a file. Lines and columns count from 1, columns in characters; the end is just behind the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// The line on which it begins.
    pub line: usize,
    /// The column at which it begins.
    pub column: usize,
    /// The line on which it ends.
    pub end_line: usize,
    /// The column at which it ends.
    pub end_column: usize,
}

/// A file, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file, relative to the rules folder: `30_treatment.rhai`.
    pub file: String,
    /// The part that is meant; none for the whole file.
    pub span: Option<Span>,
    /// The text of the part as it is written; empty for the whole file.
    pub(super) written: String,
}

impl Location {
    /// Makes the location of a whole file.
    pub fn file(file: &str) -> Self {
        Self { file: file.to_owned(), span: None, written: String::new() }
    }

    /// Makes the location of the word, text or sign that begins at a position of `text`.
    pub fn token<'t>(file: &str, text: impl Into<Lines<'t>>, position: Position) -> Self {
        let (Some(line), column) = (position.line(), position.position().unwrap_or(1)) else {
            return Self::file(file);
        };
        Self::word(file, text, (line, column))
    }

    /// Makes the location of the word, text or sign that begins at a line and column of `text`, from 1.
    pub fn word<'t>(file: &str, text: impl Into<Lines<'t>>, (line, column): (usize, usize)) -> Self {
        let lines = text.into();
        let start = lines.offset(line, column);
        let length = token(&lines.text()[start..]);
        Self::part(file, lines, start, start + length)
    }

    /// Makes the location of `written`, which begins at a line and column of `text`, from 1.
    pub fn written<'t>(
        file: &str,
        text: impl Into<Lines<'t>>,
        (line, column): (usize, usize),
        written: &str,
    ) -> Self {
        let lines = text.into();
        let start = lines.offset(line, column);
        Self::part(file, lines, start, start + written.len())
    }

    /// Makes the location of a line of `text`, without its indentation.
    pub fn line<'t>(file: &str, text: impl Into<Lines<'t>>, line: usize) -> Self {
        if line == 0 {
            return Self::file(file);
        }
        let lines = text.into();
        let start = lines.offset(line, 1);
        let whole = lines.text()[start..].lines().next().unwrap_or_default();
        let indent = whole.len() - whole.trim_start().len();
        let end = start + whole.trim_end().len().max(indent);
        Self::part(file, lines, start + indent, end)
    }

    /// Makes the location of the first place where a name stands in quotes in `text`; the whole file where it does not.
    pub fn quoted(file: &str, text: &str, name: &str) -> Self {
        Self::first(file, text, &format!("\"{name}\""))
    }

    /// Makes the location of the first place where `wanted` stands in `text`; the whole file where it does not.
    pub fn first(file: &str, text: &str, wanted: &str) -> Self {
        match text.find(wanted) {
            Some(at) => Self::part(file, text, at, at + wanted.len()),
            None => Self::file(file),
        }
    }

    /// Makes the location of a range of bytes of `text`, which is cut to whole characters.
    pub fn part<'t>(file: &str, text: impl Into<Lines<'t>>, start: usize, end: usize) -> Self {
        let lines = text.into();
        let text = lines.text();
        let start = text.floor_char_boundary(start);
        let end = text.floor_char_boundary(end.max(start));
        let ((line, column), (end_line, end_column)) = (lines.place(start), lines.place(end));
        let span = Some(Span { line, column, end_line, end_column });
        Self { file: file.to_owned(), span, written: text[start..end].to_owned() }
    }

    /// Returns the place of a name within this location; none unless it stands there once, on one line.
    pub(super) fn within(&self, name: &str) -> Option<Span> {
        let span = self.span.filter(|s| s.line == s.end_line)?;
        let mut found = self.written.match_indices(name).map(|(i, _)| i);
        let (Some(at), None) = (found.next(), found.next()) else { return None };
        let column = span.column + self.written[..at].chars().count();
        Some(Span { column, end_column: column + name.chars().count(), ..span })
    }
}

/// Returns the offset of a line and column; that of the end of the line or text where they lie beyond.
pub(in crate::rules) fn offset(text: &str, line: usize, column: usize) -> usize {
    Lines::from(text).offset(line, column)
}

/// Returns the length in bytes of the word, quoted text or sign that `rest` begins with.
fn token(rest: &str) -> usize {
    let Some(first) = rest.chars().next() else { return 0 };
    let while_in = |wanted: fn(char) -> bool| rest.find(|c| !wanted(c)).unwrap_or(rest.len());
    match first {
        '"' | '\'' | '`' => quoted(rest, first),
        c if c.is_alphanumeric() || c == '_' => while_in(|c| c.is_alphanumeric() || c == '_'),
        c if is_sign(c) => while_in(is_sign),
        '\r' | '\n' => 0,
        c => c.len_utf8(),
    }
}

fn is_sign(c: char) -> bool {
    "=!<>&|+-*/%".contains(c)
}

/// Returns the length of a text in quotes, or of the rest of its line if it does not end there.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            '\n' if quote != '`' => return i,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return i + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, line: usize, column: usize) -> (String, (usize, usize)) {
        let position = Position::new(u16::try_from(line).unwrap_or(0), u16::try_from(column).unwrap_or(0));
        let found = Location::token("f", text, position);
        let span = found.span.expect("it has a place");
        (found.written, (span.end_line, span.end_column))
    }

    #[test]
    fn a_token_reaches_to_its_end() {
        let text = "rule \"één\" when\n\tdays_late >= 3 && \"a\\\"b\" ∈";
        assert_eq!(at(text, 1, 6), ("\"één\"".to_owned(), (1, 11)));
        assert_eq!(at(text, 2, 2).0, "days_late");
        assert_eq!(at(text, 2, 12).0, ">=");
        assert_eq!(at(text, 2, 20).0, "\"a\\\"b\"");
        assert_eq!(at(text, 2, 27), ("∈".to_owned(), (2, 28)));
    }

    #[test]
    fn what_lies_beyond_the_text_is_its_end() {
        assert_eq!(at("a\nb", 9, 9), (String::new(), (2, 2)));
        assert_eq!(at("a\nb", 1, 9), (String::new(), (1, 2)));
        assert_eq!(at("\"open\nb", 1, 1).0, "\"open");
        assert_eq!(Location::line("f", "a\n  é b \n", 2).written, "é b");
        assert_eq!(Location::line("f", "a\n", 7).written, "");
    }

    #[test]
    fn a_name_is_found_where_it_stands_once() {
        let found = Location::token("f", "x == \"één\"", Position::new(1, 6));
        let span = found.within("één").expect("once");
        assert_eq!((span.column, span.end_column), (7, 10));
        assert_eq!(found.within("é"), None, "twice");
        assert_eq!(found.within("y"), None);
    }
}
