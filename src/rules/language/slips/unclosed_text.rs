//! Texts whose last quote is missing.

use super::slip::Slip;
use super::written::Written;
use crate::rules::diagnostics::kinds::{text_over_lines, unclosed_text};
use crate::rules::language::draft::Edit;
use crate::rules::language::tokens::{Quotes, Token, TokenKind, Tokens};

/// What stands in a script, and hardly ever in a name.
const OF_SCRIPTS: &[&str] = &[" then", "&&", "||", "(", ")", ";", "==", "]", ", "];

/// Finds, in each line whose quotes do not pair up, the text that was not closed.
pub(super) fn find(written: &Written, found: &mut Vec<Slip>) {
    let tokens = written.tokens;
    let mut ended = 0;
    for open in tokens.all().iter().filter(|t| t.kind == TokenKind::Text(Quotes::Open)) {
        if open.start < ended {
            continue;
        }
        if let Some(end) = end_below(tokens, open) {
            ended = end + 1;
            let slip = Slip::new((open.start, open.end), text_over_lines::report);
            let breaks = tokens.text.get(open.end..end).unwrap_or_default().match_indices('\n');
            found.push(breaks.fold(slip, |slip, (i, _)| {
                slip.repaired(Edit::replace(open.end + i, open.end + i + 1, " "))
            }));
            continue;
        }
        let line = open.start - tokens.line_before(open).len();
        let in_line: Vec<&Token> =
            tokens.all().iter().filter(|t| t.start >= line && t.end <= open.end && is_text(t)).collect();
        // Of the texts of the line, the first that reads like a script was not closed where it should be.
        let reads_like_script = |t: &&&Token| OF_SCRIPTS.iter().any(|s| inner(tokens.says(t)).contains(s));
        let culprit = in_line.iter().find(reads_like_script).copied().unwrap_or(open);
        let end = culprit.start + 1 + name_length(inner(tokens.says(culprit)));
        let text = tokens.text.get(culprit.start..end).unwrap_or_default().to_owned() + "\"";
        let slip = Slip::new((culprit.start, end), move |at| unclosed_text::report(at, &text));
        found.push(slip.repaired(Edit::insert(end, "\"")));
    }
}

/// Returns where a text ends that goes on in one of the next lines: at a quote with nothing but words before it.
fn end_below(tokens: &Tokens, open: &Token) -> Option<usize> {
    let reads_like_script = OF_SCRIPTS.iter().any(|s| inner(tokens.says(open)).contains(s));
    let next =
        tokens.all().iter().find(|t| t.start >= open.end && t.kind == TokenKind::Text(Quotes::Open))?;
    let between = tokens.text.get(open.end..next.start)?;
    let is_plain = !between.contains(['"', '(', '{', '=', ';']) && between.matches('\n').count() <= 5;
    (is_plain && !reads_like_script).then_some(next.start)
}

fn is_text(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Text(Quotes::Proper | Quotes::Open))
}

fn inner(text: &str) -> &str {
    text.strip_prefix('"').unwrap_or(text)
}

/// Returns how much of a text is its name: to the first sign of a script, without spaces at its end.
fn name_length(text: &str) -> usize {
    let signs = OF_SCRIPTS.iter().chain(&[" when ", " by ", " {", ","]);
    let end = signs.filter_map(|s| text.find(s)).min().unwrap_or(text.len());
    text.get(..end).unwrap_or_default().trim_end().trim_end_matches('"').len()
}
