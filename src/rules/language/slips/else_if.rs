//! `if`, `else` and `else if` as other languages write them.

use super::slip::Slip;
use super::written::{Part, Written};
use crate::rules::diagnostics::kinds::else_if;
use crate::rules::language::draft::Edit;

/// What follows a block in other languages, and ours.
const AFTER_BLOCK: &[(&[&str], &str)] = &[
    (&["anders", "als"], "else if"),
    (&["anders", "indien"], "else if"),
    (&["elif"], "else if"),
    (&["elsif"], "else if"),
    (&["elseif"], "else if"),
    (&["anders"], "else"),
    (&["otherwise"], "else"),
];

/// Finds such words in blocks.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in 1..written.code.len() {
        if written.parts[i] != Part::Then || !written.is_word(i) {
            continue;
        }
        let word = written.says(i);
        let says = |words: &[&str]| {
            words.iter().enumerate().all(|(n, w)| written.says(i + n).eq_ignore_ascii_case(w))
        };
        if written.before(i) == "}"
            && let Some((words, meant)) = AFTER_BLOCK.iter().find(|(words, _)| says(words))
        {
            tell(written, (i, i + words.len() - 1), meant, found);
        } else if word == "else" && written.begins_operand(i + 1) && written.says(i + 1) != "if" {
            let slip = Slip::new(written.span(i), |at| else_if::report(at, "else", "else if"));
            found.push(slip.repaired(Edit::insert(written.span(i).1, " if")));
        } else if matches!(written.before(i), "{" | ";" | "}")
            && matches!(word.to_lowercase().as_str(), "als" | "indien" | "wanneer" | "when")
            && written.begins_operand(i + 1)
        {
            tell(written, (i, i), "if", found);
        } else if word == "then" && written.ends_operand(i - 1) && written.says(i + 1) == "{" {
            let (start, end) = written.span(i);
            let slip = Slip::new((start, end), |at| else_if::report(at, "if … then", "if … {"));
            found.push(slip.fixed(Edit::replace(start, end, "")));
        }
    }
}

fn tell(written: &Written, (first, last): (usize, usize), meant: &'static str, found: &mut Vec<Slip>) {
    let span = written.spans(first, last);
    let word = written.tokens.text.get(span.0..span.1).unwrap_or_default().to_owned();
    found.push(Slip::new(span, move |at| else_if::report(at, &word, meant)).replaced(meant));
}
