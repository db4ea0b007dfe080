//! Operators that are written as words: `and`, `or`, `not`, `en`, `of`, `niet`, `is`.

use super::slip::Slip;
use super::written::{Part, Written};
use crate::rules::diagnostics::kinds::operator_in_words;
use crate::rules::language::draft::Edit;

/// Words between two values, the longest first, and the sign for them.
const BETWEEN: &[(&[&str], &str)] = &[
    (&["is", "niet", "gelijk", "aan"], "!="),
    (&["is", "not", "equal", "to"], "!="),
    (&["is", "gelijk", "aan"], "=="),
    (&["is", "equal", "to"], "=="),
    (&["is", "groter", "dan"], ">"),
    (&["is", "kleiner", "dan"], "<"),
    (&["is", "later", "dan"], ">"),
    (&["is", "eerder", "dan"], "<"),
    (&["is", "greater", "than"], ">"),
    (&["is", "less", "than"], "<"),
    (&["groter", "dan"], ">"),
    (&["kleiner", "dan"], "<"),
    (&["gelijk", "aan"], "=="),
    (&["is", "niet"], "!="),
    (&["is", "not"], "!="),
    (&["equals"], "=="),
    (&["is"], "=="),
    (&["en"], "&&"),
    (&["and"], "&&"),
    (&["of"], "||"),
    (&["or"], "||"),
];

/// Finds such words where only an operator can stand.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let mut ended = 0;
    for i in 1..written.code.len() {
        if i < ended || !written.is_word(i) || matches!(written.parts[i], Part::Head | Part::Keyword) {
            continue;
        }
        if let Some((count, sign)) = between(written, i) {
            let span = written.spans(i, i + count - 1);
            let word = written.tokens.text.get(span.0..span.1).unwrap_or_default().to_owned();
            found.push(Slip::new(span, move |at| operator_in_words::report(at, &word, sign)).replaced(sign));
            ended = i + count;
        } else if is_not(written, i, ended) {
            let word = written.says(i).to_owned();
            let slip = Slip::new(written.span(i), move |at| operator_in_words::report(at, &word, "!"));
            found.push(slip.fixed(Edit::replace(written.span(i).0, written.span(i + 1).0, "!")));
        }
    }
}

/// Returns how many words from a token on stand for an operator between values, and for which.
fn between(written: &Written, i: usize) -> Option<(usize, &'static str)> {
    if !written.ends_operand(i - 1) {
        return None;
    }
    let says = |words: &[&str]| {
        words.iter().enumerate().all(|(n, word)| written.says(i + n).eq_ignore_ascii_case(word))
    };
    let (words, sign) = BETWEEN.iter().find(|(words, _)| says(words))?;
    written.begins_operand(i + words.len()).then_some((words.len(), *sign))
}

/// Returns whether a token stands for "not" before a value.
fn is_not(written: &Written, i: usize, ended: usize) -> bool {
    let word = written.says(i);
    let is_word = word.eq_ignore_ascii_case("niet") || word.eq_ignore_ascii_case("not");
    let follows = written.begins_operand(i + 1) && written.says(i + 1) != "-";
    is_word && follows && (i == ended || !written.ends_operand(i - 1))
}
