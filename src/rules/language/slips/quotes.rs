//! Texts between quotes of a word processor, and between single ones.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::{quotes_in_text, single_quotes, typographic_quotes};
use crate::rules::language::tokens::{DOUBLE, Quotes, SINGLE, TokenKind};

/// Finds such texts.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    inside(written, found);
    for token in written.tokens.all() {
        let span = (token.start, token.end);
        let text = written.tokens.says(token);
        match token.kind {
            TokenKind::Text(Quotes::Typographic) => {
                let plain = quoted(text);
                let told = plain.clone();
                found.push(Slip::new(span, move |at| typographic_quotes::report(at, &told)).replaced(plain));
            }
            TokenKind::Text(Quotes::Single) => {
                let plain = quoted(text);
                let told = plain.clone();
                found.push(Slip::new(span, move |at| single_quotes::report(at, &told)).replaced(plain));
            }
            TokenKind::Odd if text.starts_with(DOUBLE) => {
                found.push(Slip::new(span, |at| typographic_quotes::report(at, "\"")).replaced("\""));
            }
            TokenKind::Odd if text == "'" || text.starts_with(SINGLE) => {
                found.push(Slip::new(span, |at| single_quotes::report(at, "\"")).replaced("\""));
            }
            _ => {}
        }
    }
}

/// Finds texts with double quotes inside: two texts that words touch on both sides.
fn inside(written: &Written, found: &mut Vec<Slip>) {
    let is_whole = |i: usize| {
        let reads_like_script =
            [", ", "(", ")", ";", "&&", "||", " then"].iter().any(|s| written.says(i).contains(s));
        written.kind(i) == Some(TokenKind::Text(Quotes::Proper)) && !reads_like_script
    };
    for i in (0..written.code.len()).filter(|i| is_whole(*i)) {
        let words = (i + 1..written.code.len()).take_while(|j| written.is_word(*j)).count();
        let last = i + words + 1;
        let is_inside = words > 0
            && is_whole(last)
            && written.touch(i, i + 1)
            && written.touch(last - 1, last)
            && written.same_line(i, last);
        if is_inside {
            let span = written.spans(i, last);
            let text = written.tokens.text.get(span.0 + 1..span.1 - 1).unwrap_or_default();
            let single = format!("\"{}\"", text.replace('"', "'"));
            let told = single.clone();
            found.push(Slip::new(span, move |at| quotes_in_text::report(at, &told)).replaced(single));
        }
    }
}

/// Writes a text in straight double quotes.
fn quoted(text: &str) -> String {
    let is_quote = |c: char| c == '"' || c == '\'' || DOUBLE.contains(&c) || SINGLE.contains(&c);
    let inner = text.trim_start_matches(is_quote).trim_end_matches(is_quote);
    format!("\"{}\"", inner.replace('"', "\\\""))
}
