//! Remarks that begin with the sign of another language.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::foreign_comment;
use crate::rules::language::draft::Edit;
use crate::rules::language::tokens::TokenKind;

/// Finds such remarks.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let tokens = written.tokens;
    for token in tokens.all().iter().filter(|t| t.kind == TokenKind::ForeignComment) {
        let text = tokens.says(token);
        let sign = ["<!--", "--", "#"].into_iter().find(|s| text.starts_with(s)).unwrap_or("#");
        let words = text.trim_start_matches(['#', '-', '<', '!']).trim_end_matches("-->").trim();
        let remark = format!("// {words}");
        let slip = Slip::new((token.start, token.end), move |at| foreign_comment::report(at, sign));
        // What follows a closed remark in the same line would become part of it.
        let rest = tokens.text.get(token.end..).unwrap_or_default().split('\n').next().unwrap_or_default();
        found.push(match rest.trim() {
            "" => slip.replaced(remark),
            _ => slip.repaired(Edit::replace(token.start, token.end, "")),
        });
    }
}
