//! One `=` where something is compared.

use super::slip::Slip;
use super::written::{Part, Written};
use crate::rules::diagnostics::kinds::one_equals;

/// Finds it in conditions, and between `if` and its block.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let mut in_if = false;
    for i in 1..written.code.len() {
        match written.says(i) {
            "if" => in_if = true,
            "{" | ";" => in_if = false,
            "=" => {
                let looks = written.parts[i] == Part::Look || in_if;
                let names = i >= 2 && matches!(written.says(i - 2), "let" | "const");
                let is_alone = written.ends_operand(i - 1)
                    && written.begins_operand(i + 1)
                    && written.says(i + 1) != "!";
                if looks && !names && is_alone {
                    found.push(Slip::new(written.span(i), one_equals::report).replaced("=="));
                }
            }
            _ => {}
        }
    }
}
