//! Numbers with a comma.

use super::slip::Slip;
use super::units::UNITS;
use super::written::Written;
use crate::rules::diagnostics::kinds::decimal_comma;
use crate::rules::language::draft::Edit;
use crate::rules::language::tokens::TokenKind;

/// Finds such numbers where no list goes on.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in (0..written.code.len()).filter(|i| is_number(written, *i)) {
        let in_list = written.bracket(i).is_some_and(|open| written.says(open) != "{");
        if in_list {
            continue;
        }
        let (number, point) = (text(written, i), format!("{}.{}", written.says(i), written.says(i + 2)));
        let told = point.clone();
        let slip =
            Slip::new(written.spans(i, i + 2), move |at| decimal_comma::report(at, &number, Some(&told)));
        found.push(slip.replaced(point));
    }
}

/// Finds such a number as all that a span takes, which takes one whole number.
pub(super) fn find_in_spans(written: &Written, found: &mut Vec<Slip>) {
    for i in (2..written.code.len()).filter(|i| is_number(written, *i)) {
        let of_span = UNITS.iter().any(|(_, word)| *word == written.says(i - 2));
        if of_span && written.before(i) == "(" && written.says(i + 3) == ")" {
            let (number, span) = (text(written, i), written.spans(i, i + 2));
            let slip = Slip::new(span, move |at| decimal_comma::report(at, &number, None));
            found.push(slip.repaired(Edit::replace(span.0, span.1, "1")));
        }
    }
}

fn is_number(written: &Written, i: usize) -> bool {
    let number = |i: usize| written.kind(i) == Some(TokenKind::Number);
    number(i)
        && written.says(i + 1) == ","
        && number(i + 2)
        && written.touch(i, i + 1)
        && written.touch(i + 1, i + 2)
}

fn text(written: &Written, i: usize) -> String {
    format!("{},{}", written.says(i), written.says(i + 2))
}
