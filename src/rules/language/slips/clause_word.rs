//! Clauses that begin with a misspelt word, or with one of another language.

use super::keyword;
use super::slip::Slip;
use super::written::{Part, Written, clauses};
use crate::rules::diagnostics::kinds::clause_word;

/// Finds such words where a clause can begin: after a value, where none can go on.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let known = clauses(written.statement());
    let mut depth = 0_usize;
    for i in 1..written.code.len() {
        match written.says(i) {
            "(" | "[" | "#{" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let begins = depth == 0
            && written.is_word(i)
            && !matches!(written.parts[i], Part::Keyword | Part::Then)
            && written.ends_operand(i - 1)
            && (written.begins_operand(i + 1) || written.says(i + 1) == "{");
        if !begins {
            continue;
        }
        let word = written.says(i).to_owned();
        let Some(meant) = keyword::meant_clause(&word, known) else { continue };
        // What the statement has already is not meant again.
        if written.has_keyword(meant) {
            continue;
        }
        let slip = Slip::new(written.span(i), move |at| clause_word::report(at, &word, meant));
        found.push(slip.replaced(meant));
    }
}
