//! Two things in a list without a comma between them.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::missing_comma;
use crate::rules::language::draft::Edit;
use crate::rules::language::tokens::TokenKind;

/// Finds them in what a word takes, in lists and in maps.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in 1..written.code.len() {
        let follows = match written.kind(i) {
            Some(TokenKind::Word) => written.begins_operand(i) && written.before(i) != ".",
            Some(TokenKind::Number | TokenKind::Text(_)) => true,
            _ => written.says(i) == "#{",
        };
        if !follows || !written.ends_operand(i - 1) || !in_list(written, i) {
            continue;
        }
        let (before, after) = (written.says(i - 1).to_owned(), written.says(i).to_owned());
        let span = written.spans(i - 1, i);
        let slip = Slip::new(span, move |at| missing_comma::report(at, &before, &after));
        found.push(slip.fixed(Edit::insert(written.span(i - 1).1, ",")));
    }
}

fn in_list(written: &Written, i: usize) -> bool {
    written.bracket(i).is_some_and(|open| match written.says(open) {
        "(" => open > 0 && written.kind(open - 1) == Some(TokenKind::Word) && written.before(open) != "if",
        "[" => open > 0 && !written.ends_operand(open - 1),
        "#{" => true,
        _ => false,
    })
}
