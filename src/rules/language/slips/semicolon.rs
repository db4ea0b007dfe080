//! Instructions without their semicolon.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::missing_semicolon;
use crate::rules::language::draft::Edit;
use crate::rules::language::tokens::Tokens;

/// Tells that the instruction before a place, in bytes, lacks its semicolon.
pub(in crate::rules) fn missing(text: &str, before: usize) -> Option<Slip> {
    let tokens = Tokens::of(text);
    let last = tokens.code().into_iter().rfind(|t| t.end <= before)?;
    let slip = Slip::new((last.start, last.end), missing_semicolon::report);
    Some(slip.fixed(Edit::insert(last.end, ";")))
}

/// Finds a constant without one.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let Some(last) = written.code.last().filter(|_| written.statement() == "const") else { return };
    if written.says(written.code.len() - 1) != ";" {
        let slip = Slip::new((last.start, last.end), missing_semicolon::report);
        found.push(slip.fixed(Edit::insert(last.end, ";")));
    }
}

/// Finds a constant without one, before another statement.
pub(in crate::rules) fn of_constant(text: &str) -> Option<Slip> {
    let tokens = Tokens::of(text);
    let mut found = Vec::new();
    find(&Written::of(&tokens), &mut found);
    found.pop()
}
