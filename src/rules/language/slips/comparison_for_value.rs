//! Two `=` where something should be filled in.

use super::slip::Slip;
use super::written::{Part, Written};
use crate::rules::diagnostics::kinds::comparison_as_effect;

/// Finds an instruction that only compares.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in 1..written.code.len() {
        let begins = written.parts[i] == Part::Then
            && written.is_word(i)
            && matches!(written.before(i), "{" | ";" | "}");
        if !begins || written.says(i + 1) != "." {
            continue;
        }
        let mut last = i;
        while written.says(last + 1) == "." {
            last += 2;
        }
        let end =
            (last..written.code.len()).find(|j| matches!(written.says(*j), ";" | "&&" | "||" | "{" | "}"));
        let is_instruction = end.is_some_and(|end| written.says(end) == ";");
        if written.says(last + 1) == "==" && is_instruction {
            found.push(Slip::new(written.span(last + 1), comparison_as_effect::report).replaced("="));
        }
    }
}
