//! Words without the parentheses around what they take.

use super::slip::Slip;
use super::written::{Part, Written};
use crate::rules::diagnostics::kinds::bare_call;
use crate::rules::language::draft::Edit;
use crate::rules::language::tokens::TokenKind;

/// Words that take something without parentheses.
const PLAIN: &[&str] = &["let", "const", "if", "else", "for", "return", "fn", "in"];

/// Finds an instruction of a word and what it takes.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    for i in 1..written.code.len() {
        let begins = written.parts[i] == Part::Then
            && written.is_word(i)
            && matches!(written.before(i), "{" | ";" | "}")
            && !PLAIN.contains(&written.says(i));
        let takes =
            matches!(written.kind(i + 1), Some(TokenKind::Word | TokenKind::Number | TokenKind::Text(_)))
                && written.same_line(i, i + 1)
                && written.says(i + 2) != "=";
        if !begins || !takes {
            continue;
        }
        let end = (i + 1..written.code.len()).find(|j| matches!(written.says(*j), ";" | "}" | "{"));
        let Some(end) = end.filter(|end| written.says(*end) != "{") else { continue };
        let (start, stop) = written.spans(i + 1, end - 1);
        let takes = written.tokens.text.get(start..stop).unwrap_or_default();
        let word = written.says(i).to_owned();
        let told = format!("{word}({takes})");
        let edit = Edit::replace(written.span(i).1, stop, format!("({takes})"));
        found.push(
            Slip::new(written.spans(i, end - 1), move |at| bare_call::report(at, &word, &told)).fixed(edit),
        );
    }
}
