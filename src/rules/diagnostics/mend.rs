//! Applying the edits of diagnostics to a text.

use super::diagnostic::Fix;
use super::location::{Span, offset};

/// Returns `text` with edits applied. Of two that overlap only the one that begins first is; what it leaves wrong is found
/// when the text is checked again. An edit beyond the text is none.
pub fn mended<'f>(text: &str, fixes: impl IntoIterator<Item = &'f Fix>) -> String {
    let mut fixes: Vec<(usize, usize, &str)> = fixes.into_iter().filter_map(|f| edit(text, f)).collect();
    fixes.sort_unstable();
    fixes.dedup();
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    let mut last_start = None;
    for (start, end, replacement) in fixes {
        // Two insertions at one place overlap too: their order would be a guess.
        if start < done || last_start == Some(start) {
            continue;
        }
        result.push_str(&text[done..start]);
        result.push_str(replacement);
        (done, last_start) = (end, Some(start));
    }
    result.push_str(&text[done..]);
    result
}

/// Returns an edit as a range of bytes and what takes its place.
fn edit<'f>(text: &str, fix: &'f Fix) -> Option<(usize, usize, &'f str)> {
    let Span { line, column, end_line, end_column } = fix.span;
    let (start, end) = (offset(text, line, column), offset(text, end_line, end_column));
    let lines = text.split('\n').count();
    (start <= end && end_line <= lines).then_some((start, end, fix.replacement.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix((line, column): (usize, usize), (end_line, end_column): (usize, usize), with: &str) -> Fix {
        Fix { span: Span { line, column, end_line, end_column }, replacement: with.to_owned() }
    }

    #[test]
    fn edits_keep_everything_else() {
        let text = "\u{feff}één = 1\r\ntwee\t== x\r\n";
        let fixes = [fix((2, 1), (2, 5), "drie"), fix((1, 6), (1, 7), "==")];
        assert_eq!(mended(text, &fixes), "\u{feff}één == 1\r\ndrie\t== x\r\n");
        assert_eq!(mended(text, &[]), text);
    }

    #[test]
    fn of_overlapping_edits_the_first_is_made() {
        let fixes = [fix((1, 2), (1, 4), "X"), fix((1, 3), (1, 5), "Y"), fix((1, 4), (1, 5), "Z")];
        assert_eq!(mended("abcde", &fixes), "aXZe");
        let inserted = [fix((1, 2), (1, 2), "-"), fix((1, 2), (1, 2), "+"), fix((1, 1), (1, 2), "A")];
        assert_eq!(mended("ab", &inserted), "A+b", "one of two insertions at a place");
    }

    #[test]
    fn the_same_edit_twice_is_made_once() {
        let fixes = [fix((1, 1), (1, 2), "b"), fix((1, 1), (1, 2), "b")];
        assert_eq!(mended("a", &fixes), "b");
    }

    #[test]
    fn an_edit_beyond_the_text_is_none() {
        assert_eq!(mended("a", &[fix((3, 1), (3, 2), "x")]), "a");
        assert_eq!(mended("abc", &[fix((1, 3), (1, 2), "x")]), "abc", "it ends before it begins");
    }
}
