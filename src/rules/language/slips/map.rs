//! Questions and data without `#` before their brace, or with `=` for a colon.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::map_sign;
use crate::rules::language::draft::Edit;

/// Finds both.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in 1..written.code.len() {
        match written.says(i) {
            "{" => {
                let begins = matches!(written.before(i), "asks" | "(" | ",");
                if begins && written.is_word(i + 1) && matches!(written.says(i + 2), ":" | "=") {
                    let slip = Slip::new(written.span(i), map_sign::report_hash);
                    found.push(slip.fixed(Edit::insert(written.span(i).0, "#")));
                }
            }
            "=" => {
                let in_map = written.bracket(i).is_some_and(|open| written.says(open) == "#{");
                let of_name = i >= 2 && written.is_word(i - 1) && matches!(written.says(i - 2), "#{" | ",");
                if in_map && of_name {
                    found.push(Slip::new(written.span(i), map_sign::report_colon).replaced(":"));
                }
            }
            _ => {}
        }
    }
}
