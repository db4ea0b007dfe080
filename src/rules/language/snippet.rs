//! Pieces of script as people wrote them, from the places that the parser remembers.

use crate::rules::diagnostics::offset;
use crate::rules::language::source::RulesetSource;
use crate::rules::language::tree::start;
use rhai::{Expr, Position};

/// The words that end a condition.
const ENDS: &[&str] = &["then", "every"];

/// Returns the text of each conjunct of one condition; they stand one after another, with `&&` between.
pub(in crate::rules) fn conjuncts(source: &RulesetSource, file: &str, parts: &[Expr]) -> Vec<String> {
    let text = source.files().get(file).map(String::as_str).unwrap_or_default();
    let starts: Vec<usize> = parts.iter().map(|p| place(text, start(p))).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| piece(text, *start, end)).collect()
}

fn place(text: &str, position: Position) -> usize {
    let (Some(line), column) = (position.line(), position.position().unwrap_or(1)) else { return text.len() };
    offset(text, line, column)
}

fn piece(text: &str, start: usize, end: usize) -> String {
    let mut piece = text.get(start..end).unwrap_or_default();
    // The last conjunct runs to the word that ends the condition, on its own.
    let mut at = 0;
    for word in piece.split_inclusive(char::is_whitespace) {
        if ENDS.contains(&word.trim()) {
            piece = &piece[..at];
            break;
        }
        at += word.len();
    }
    let plain = piece.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = plain.strip_suffix("&&").unwrap_or(&plain).trim();
    // An opening bracket around the whole conjunct stands before the place that the parser knows.
    let (open, close) = (plain.matches('(').count(), plain.matches(')').count());
    if close > open { format!("{}{plain}", "(".repeat(close - open)) } else { unopened(plain, open - close) }
}

/// Leaves out brackets that open for the next conjunct.
fn unopened(plain: &str, surplus: usize) -> String {
    let mut text = plain;
    for _ in 0..surplus {
        text = text.strip_suffix('(').unwrap_or(text).trim_end();
        text = text.strip_suffix("&&").unwrap_or(text).trim_end();
    }
    text.to_owned()
}
