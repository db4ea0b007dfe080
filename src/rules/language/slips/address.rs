//! Addresses without quotes.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::missing_quotes;

/// Finds words around an `@`.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in (1..written.code.len()).filter(|i| written.says(*i) == "@") {
        let (mut first, mut last) = (i - 1, i + 1);
        while first >= 2 && matches!(written.says(first - 1), "." | "-") && written.touch(first - 1, first) {
            first -= 2;
        }
        while matches!(written.says(last + 1), "." | "-") && written.touch(last, last + 1) {
            last += 2;
        }
        let span = written.spans(first, last);
        let address = written.tokens.text.get(span.0..span.1).unwrap_or_default().to_owned();
        if address.contains(char::is_whitespace) || last >= written.code.len() {
            continue;
        }
        let quoted = format!("\"{address}\"");
        found.push(Slip::new(span, move |at| missing_quotes::report(at, &address)).replaced(quoted));
    }
}
