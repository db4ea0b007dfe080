//! Words for "nothing", and for `let`, that the parser does not let pass as names.

use super::slip::Slip;
use super::written::{Part, Written};
use crate::rules::diagnostics::kinds::other_word;

const NOTHING: &[&str] = &["null", "nil", "void", "NULL", "None"];

/// Finds them where a value stands.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in (1..written.code.len()).filter(|i| written.is_word(*i) && written.is_word(*i + 1)) {
        if written.parts[i] == Part::Then && matches!(written.says(i), "var" | "Let" | "LET" | "dim") {
            let word = written.says(i).to_owned();
            found.push(
                Slip::new(written.span(i), move |at| other_word::report(at, &word, "let")).replaced("let"),
            );
        }
    }
    for i in (1..written.code.len()).filter(|i| written.is_word(*i)) {
        let is_value = !matches!(written.parts[i], Part::Head | Part::Keyword)
            && !matches!(written.says(i + 1), "(" | ":");
        if is_value && NOTHING.contains(&written.says(i)) {
            let word = written.says(i).to_owned();
            found.push(
                Slip::new(written.span(i), move |at| other_word::report(at, &word, "()")).replaced("()"),
            );
        }
    }
}
