//! Dates as they are written on paper, which a script reads as sums.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::bare_date;
use crate::rules::language::draft::Edit;
use crate::rules::language::tokens::TokenKind;

/// A value that stands in the place of one that is not known, so that nothing more is said of it.
const UNKNOWN: &str = "[()][0]";

/// The names of months that a mistaken date may hold; those of letters stand with their filter, a floor that rules do not know.
const MONTHS: &[&str] = &[
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
    "january",
    "february",
    "march",
    "may",
    "june",
    "july",
    "august",
    "october",
];

/// Finds dates outside texts.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let text = written.tokens.text;
    let mut ended = 0;
    for (i, token) in written.code.iter().enumerate().filter(|(_, t)| t.kind == TokenKind::Number) {
        if token.start < ended {
            continue;
        }
        let rest = text.get(token.start..).unwrap_or_default();
        let Some(length) = in_digits(rest).or_else(|| in_words(written, i)) else { continue };
        ended = token.start + length;
        let date = text.get(token.start..ended).unwrap_or_default().to_owned();
        let slip = Slip::new((token.start, ended), move |at| bare_date::report(at, &date));
        found.push(slip.repaired(Edit::replace(token.start, ended, UNKNOWN)));
    }
}

/// Returns the length of `2026-12-01`, `1-12-2026`, `1/12/2026` or `1.12.2026` at the beginning.
fn in_digits(rest: &str) -> Option<usize> {
    let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '/' | '.')).unwrap_or(rest.len());
    let date = rest.get(..end)?.trim_end_matches('.');
    let sign = date.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<&str> = date.split(sign).collect();
    let [first, month, last] = parts[..] else { return None };
    let number = |text: &str| text.parse::<u32>().ok();
    let (year, day) = match (first.len(), last.len()) {
        (4, 1 | 2) => (first, last),
        (1 | 2, 4) => (last, first),
        _ => return None,
    };
    let is_date = (1900..2200).contains(&number(year)?)
        && (1..=12).contains(&number(month)?)
        && month.len() <= 2
        && (1..=31).contains(&number(day)?);
    is_date.then_some(date.len())
}

/// Returns the length of `1 december` or `1 december 2026` from a number on.
fn in_words(written: &Written, i: usize) -> Option<usize> {
    let month = written.says(i + 1).to_lowercase();
    if !MONTHS.contains(&month.as_str()) || !written.same_line(i, i + 1) {
        return None;
    }
    let has_year = written.kind(i + 2) == Some(TokenKind::Number) && written.says(i + 2).len() == 4;
    let last = if has_year { i + 2 } else { i + 1 };
    Some(written.span(last).1 - written.span(i).0)
}
