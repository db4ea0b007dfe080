//! Operators without what belongs beside them: `a && then`, `a == "x" || "y"`.

use super::slip::Slip;
use super::written::{Part, Written};
use crate::rules::diagnostics::kinds::{dangling_operator, half_comparison};
use crate::rules::language::draft::Edit;

const BETWEEN: &[&str] = &["&&", "||", "==", "!=", "<", "<=", ">", ">="];

/// Finds such operators in conditions.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in (1..written.code.len()).filter(|i| BETWEEN.contains(&written.says(*i))) {
        let next = written.says(i + 1);
        let ends = written.parts.get(i + 1) == Some(&Part::Keyword) || matches!(next, "" | ")" | "{" | ";");
        if written.parts[i] == Part::Look && (ends || BETWEEN.contains(&next)) {
            let sign = written.says(i).to_owned();
            let (start, end) = written.span(i);
            let slip = Slip::new((start, end), move |at| dangling_operator::report(at, &sign));
            found.push(slip.repaired(Edit::replace(start, end, "")));
        } else if matches!(written.says(i), "&&" | "||") && written.is_text(i + 1) {
            half(written, i, found);
        }
    }
}

/// Finds a text alone after `||`, when a comparison with a text stands before it.
fn half(written: &Written, i: usize, found: &mut Vec<Slip>) {
    let is_alone = !BETWEEN[2..].contains(&written.says(i + 2)) && written.says(i + 2) != "in";
    if !is_alone || i < 3 || !written.is_text(i - 1) || !matches!(written.says(i - 2), "==" | "!=") {
        return;
    }
    let mut first = i - 3;
    while first >= 2 && written.says(first - 1) == "." {
        first -= 2;
    }
    let span = written.spans(first, i - 2);
    let compared = written.tokens.text.get(span.0..span.1).unwrap_or_default().to_owned();
    let value = written.says(i + 1).to_owned();
    let whole = format!("{compared} {value}");
    let slip = Slip::new(written.span(i + 1), move |at| half_comparison::report(at, &value, &whole));
    found.push(slip.fixed(Edit::insert(written.span(i + 1).0, &format!("{compared} "))));
}
