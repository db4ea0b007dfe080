//! Statements that begin with a misspelt word, or with one of another language.

use super::keyword;
use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::statement_word;

/// Finds such a word at the beginning of the statement.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let word = written.statement().to_owned();
    let follows = written.is_text(1) || written.is_word(1);
    if let Some(meant) = keyword::meant(&word).filter(|_| written.is_word(0) && follows) {
        let slip = Slip::new(written.span(0), move |at| statement_word::report(at, &word, meant));
        found.push(slip.replaced(meant));
    }
}
