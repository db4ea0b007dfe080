//! Words that stand outside every statement.

use super::slip::Slip;
use super::written::{Part, Written, clauses};
use crate::rules::diagnostics::kinds::outside_statement;
use crate::rules::language::draft::Edit;
use crate::rules::language::tokens::TokenKind;

/// Finds lines of words behind the end of the statement, or before the first one.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let text = written.tokens.text;
    let mut ended = 0;
    for (i, token) in written.code.iter().enumerate() {
        let outside = match written.parts[i] {
            Part::After => !clauses(written.statement()).contains(&written.says(i)),
            Part::Plain => written.statement() != "const",
            _ => false,
        };
        if token.start < ended || !outside || !written.is_word(i) || !written.tokens.begins_line(token) {
            continue;
        }
        // What looks like a script is none the less a mistake, but no remark.
        let goes_on =
            matches!(written.kind(i + 1), Some(TokenKind::Word | TokenKind::Number | TokenKind::Text(_)));
        let reads = goes_on && written.same_line(i, i + 1);
        if !reads
            || matches!(
                written.says(i),
                "let" | "if" | "for" | "return" | "fn" | "const" | "import" | "export" | "private"
            )
        {
            continue;
        }
        let line = text.get(token.start..).unwrap_or_default().split('\n').next().unwrap_or_default();
        ended = token.start + line.trim_end().len();
        let slip = Slip::new((token.start, ended), outside_statement::report);
        found.push(slip.fixed(Edit::insert(token.start, "// ")));
    }
}
