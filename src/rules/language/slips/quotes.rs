//! Texts between quotes of a word processor, and between single ones.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::{single_quotes, typographic_quotes};
use crate::rules::language::tokens::{DOUBLE, Quotes, SINGLE, TokenKind};

/// Finds such texts.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
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

/// Writes a text in straight double quotes.
fn quoted(text: &str) -> String {
    let is_quote = |c: char| c == '"' || c == '\'' || DOUBLE.contains(&c) || SINGLE.contains(&c);
    let inner = text.trim_start_matches(is_quote).trim_end_matches(is_quote);
    format!("\"{}\"", inner.replace('"', "\\\""))
}
