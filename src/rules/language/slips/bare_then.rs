//! What happens, without the braces around it.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::bare_then;
use crate::rules::language::draft::Edit;

/// Finds a `then` that no brace follows.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let Some(then) = written.keywords("then").first().copied() else { return };
    let last = written.code.len() - 1;
    if written.says(then + 1) == "{" || then == last {
        return;
    }
    let (start, end) = written.spans(then + 1, last);
    let (mut open, mut surplus) = (0_usize, false);
    for i in then + 1..=last {
        match written.says(i) {
            "{" | "#{" => open += 1,
            "}" if open == 0 => surplus = true,
            "}" => open -= 1,
            _ => {}
        }
    }
    let slip = Slip::new(written.span(then), bare_then::report);
    // With the last brace in its place, only the first is missing.
    found.push(if surplus {
        slip.fixed(Edit::insert(start, "{ "))
    } else {
        let body = written.tokens.text.get(start..end).unwrap_or_default();
        slip.fixed(Edit::replace(start, end, format!("{{ {body} }}")))
    });
}
