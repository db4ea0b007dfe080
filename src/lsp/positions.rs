//! `Lines`: bytes of a text as lines and characters, in the units that client and server agreed on.

use crate::rules::diagnostics::Span;
use gen_lsp_types::{Position, PositionEncodingKind, Range};
use std::ops::Range as Bytes;

/// The units in which characters of a line are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
}

impl Encoding {
    /// Chooses bytes where the client can count them, and else what every client must.
    pub fn agreed(offered: &[PositionEncodingKind]) -> Self {
        if offered.contains(&PositionEncodingKind::UTF8) { Self::Utf8 } else { Self::Utf16 }
    }

    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn units(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
        }
    }
}

/// A text with the beginnings of its lines.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    encoding: Encoding,
}

impl<'t> Lines<'t> {
    pub fn of(text: &'t str, encoding: Encoding) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Self { text, starts, encoding }
    }

    /// Returns the text of a line without its end; empty where there is no such line.
    fn line(&self, line: usize) -> &'t str {
        let Some(start) = self.starts.get(line) else { return "" };
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        self.text[*start..end].trim_end_matches(['\n', '\r'])
    }

    /// Returns the byte of a place; past the end of a line it is that end, and past the text its end.
    pub fn offset(&self, position: Position) -> usize {
        let Some(start) = self.starts.get(position.line as usize) else { return self.text.len() };
        let mut left = position.character as usize;
        let mut at = *start;
        for c in self.line(position.line as usize).chars() {
            let units = self.encoding.units(c);
            // A place within a character is its beginning.
            if units > left {
                break;
            }
            left -= units;
            at += c.len_utf8();
        }
        at
    }

    /// Returns the place of a byte.
    pub fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts[line];
        let before = self.text.get(start..offset.min(self.text.len())).unwrap_or_default();
        let units: usize = before.chars().map(|c| self.encoding.units(c)).sum();
        Position { line: number(line), character: number(units) }
    }

    pub fn range(&self, bytes: Bytes<usize>) -> Range {
        Range { start: self.position(bytes.start), end: self.position(bytes.end) }
    }

    /// Returns the place of a mistake, whose lines and columns count from 1, in characters.
    pub fn of_span(&self, span: Span) -> Range {
        let at = |line: usize, column: usize| {
            let line = line.saturating_sub(1);
            let before = self.line(line).chars().take(column.saturating_sub(1));
            let units: usize = before.map(|c| self.encoding.units(c)).sum();
            Position { line: number(line), character: number(units) }
        };
        Range { start: at(span.line, span.column), end: at(span.end_line, span.end_column) }
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_comes_back_in_both_units() {
        let text = "één 🙂 regel\r\ntwee\n\n🙂";
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            let lines = Lines::of(text, encoding);
            for (offset, c) in text.char_indices().filter(|(_, c)| !"\r\n".contains(*c)) {
                assert_eq!(lines.offset(lines.position(offset)), offset, "{c} at {offset}, {encoding:?}");
            }
        }
        let of = |encoding| Lines::of(text, encoding).position(text.find("regel").expect("is there"));
        assert_eq!(of(Encoding::Utf16), Position { line: 0, character: 7 });
        assert_eq!(of(Encoding::Utf8), Position { line: 0, character: 11 });
    }

    #[test]
    fn places_outside_are_the_nearest_inside() {
        let lines = Lines::of("a🙂b\nc", Encoding::Utf16);
        let at = |line, character| lines.offset(Position { line, character });
        assert_eq!(at(0, 2), 1, "in the middle of a pair");
        assert_eq!(at(0, 99), 6);
        assert_eq!(at(9, 0), 8);
        let span = Span { line: 1, column: 3, end_line: 7, end_column: 1 };
        let place = |line, character| Position { line, character };
        assert_eq!(lines.of_span(span), Range { start: place(0, 3), end: place(6, 0) });
    }
}
