//! Spans with their unit behind: `3 dagen`, `3 days`.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::unit_after_number;
use crate::rules::language::tokens::TokenKind;

/// Units as people write them, and the word for each.
pub(super) const UNITS: &[(&str, &str)] = &[
    ("uur", "hours"),
    ("uren", "hours"),
    ("hour", "hours"),
    ("hours", "hours"),
    ("dag", "days"),
    ("dagen", "days"),
    ("day", "days"),
    ("days", "days"),
    ("week", "weeks"),
    ("weken", "weeks"),
    ("weeks", "weeks"),
    ("maand", "months"),
    ("maanden", "months"),
    ("month", "months"),
    ("months", "months"),
    ("jaar", "years"),
    ("jaren", "years"),
    ("year", "years"),
    ("years", "years"),
    ("werkdag", "workdays"),
    ("werkdagen", "workdays"),
    ("workday", "workdays"),
    ("workdays", "workdays"),
];

/// Returns the word of a unit.
pub(super) fn unit(word: &str) -> Option<&'static str> {
    let plain = word.to_lowercase();
    UNITS.iter().find(|(unit, _)| *unit == plain).map(|(_, word)| *word)
}

/// Finds a number with a unit behind it.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in (0..written.code.len()).filter(|i| written.kind(*i) == Some(TokenKind::Number)) {
        let Some(word) = unit(written.says(i + 1)).filter(|_| written.same_line(i, i + 1)) else { continue };
        if written.says(i + 2) == "(" {
            continue;
        }
        let span = written.spans(i, i + 1);
        let text = written.tokens.text.get(span.0..span.1).unwrap_or_default().to_owned();
        let call = format!("{word}({})", written.says(i));
        let told = call.clone();
        found.push(Slip::new(span, move |at| unit_after_number::report(at, &text, &told)).replaced(call));
    }
}
