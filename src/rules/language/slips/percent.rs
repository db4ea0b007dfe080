//! Percentages.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::percent;
use crate::rules::language::draft::Edit;
use crate::rules::language::tokens::TokenKind;

/// Finds a number with `%` behind it, after which no value follows.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in (0..written.code.len()).filter(|i| written.kind(*i) == Some(TokenKind::Number)) {
        if written.says(i + 1) != "%" || written.begins_operand(i + 2) {
            continue;
        }
        let (number, sign) = (written.says(i).to_owned(), written.span(i + 1));
        let slip = Slip::new(written.spans(i, i + 1), move |at| percent::report(at, &number));
        found.push(slip.repaired(Edit::replace(sign.0, sign.1, "")));
    }
}
