//! Remarks that never end, and make a remark of the rest of the file.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::unclosed_comment;
use crate::rules::language::draft::Edit;
use crate::rules::language::tokens::TokenKind;

/// Finds such remarks.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let tokens = written.tokens;
    for token in tokens.all().iter().filter(|t| t.kind == TokenKind::Comment) {
        let text = tokens.says(token);
        if !text.starts_with("/*") || text.len() >= 4 && text.ends_with("*/") {
            continue;
        }
        // Its first line shows where it began.
        let end = token.start + text.split('\n').next().unwrap_or_default().trim_end().len();
        let slip = Slip::new((token.start, end), unclosed_comment::report);
        found.push(slip.repaired(Edit::insert(end, " */")));
    }
}
