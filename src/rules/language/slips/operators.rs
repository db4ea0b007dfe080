//! Operators of other languages, and operators with a space inside.

use super::slip::Slip;
use super::written::{Part, Written};
use crate::rules::diagnostics::kinds::other_operator;
use crate::rules::language::draft::Edit;

/// Operators of others, and ours.
const OTHERS: &[(&str, &str)] =
    &[("=>", ">="), ("=<", "<="), ("<>", "!="), ("===", "=="), ("!==", "!="), (":=", "=")];

/// Pairs of signs that are one, and the one.
const PAIRS: &[(&str, &str, &str)] = &[
    (">", "=", ">="),
    ("<", "=", "<="),
    ("!", "=", "!="),
    ("=", "=", "=="),
    ("=", ">", ">="),
    ("=", "<", "<="),
    ("=", "!", "!="),
    ("<", ">", "!="),
    ("&", "&", "&&"),
    ("|", "|", "||"),
];

/// Finds such operators between values.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in 1..written.code.len() {
        if !written.ends_operand(i - 1) {
            continue;
        }
        let sign = written.says(i);
        if let Some((_, meant)) = OTHERS.iter().find(|(other, _)| *other == sign) {
            let meant = if *meant == "=" && written.parts[i] == Part::Look { "==" } else { *meant };
            tell(written, (i, i), meant, found);
        } else if let Some((.., meant)) =
            PAIRS.iter().find(|(a, b, _)| *a == sign && *b == written.says(i + 1))
        {
            // `a =!b` may say that a becomes the opposite of b.
            let touches = written.touch(i + 1, i + 2) && *meant == "!=" && sign == "=";
            if !touches || written.parts[i] == Part::Look {
                tell(written, (i, i + 1), meant, found);
            }
        } else if matches!(sign, "++" | "--") {
            step(written, i, found);
        }
    }
}

fn tell(written: &Written, (first, last): (usize, usize), meant: &'static str, found: &mut Vec<Slip>) {
    let span = written.spans(first, last);
    let sign = written.tokens.text.get(span.0..span.1).unwrap_or_default().to_owned();
    found.push(Slip::new(span, move |at| other_operator::report(at, &sign, meant)).replaced(meant));
}

/// Finds `x++` and `x--`.
fn step(written: &Written, i: usize, found: &mut Vec<Slip>) {
    let sign = written.says(i).to_owned();
    let meant = if sign == "++" { "+= 1" } else { "-= 1" };
    let (start, end) = written.span(i);
    let slip = Slip::new((start, end), move |at| other_operator::report(at, &sign, meant));
    found.push(slip.fixed(Edit::replace(start, end, format!(" {meant}"))));
}
