//! `Piece`: the part of a script from one statement to the next, found without parsing, so that a mistake in
//! one hides nothing of the others.

use super::slips::keyword;
use super::tokens::{Token, TokenKind, Tokens};

/// A part of a script, in bytes: whole lines, from the one in which a statement begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Piece {
    pub start: usize,
    pub end: usize,
}

/// Returns the pieces of a script in order; together they are all of it.
pub(in crate::rules) fn pieces(tokens: &Tokens) -> Vec<Piece> {
    let code = tokens.code();
    let mut starts: Vec<usize> = Vec::new();
    let mut depth = 0_usize;
    for (i, token) in code.iter().enumerate() {
        if begins(tokens, &code, i, depth) {
            starts.push(token.start - tokens.line_before(token).len());
            depth = 0;
        }
        match tokens.says(token) {
            "{" | "#{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    if starts.first() != Some(&0) {
        starts.insert(0, 0);
    }
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([tokens.text.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| Piece { start, end }).collect()
}

/// Returns whether a statement begins with a token: as the first of its line, and not where it is a name in
/// what has begun before.
fn begins(tokens: &Tokens, code: &[Token], i: usize, depth: usize) -> bool {
    let Some(token) = code.get(i).filter(|t| t.kind == TokenKind::Word) else { return false };
    let before = tokens.line_before(token);
    let is_first = before.chars().all(|c| c.is_whitespace() || keyword::is_invisible(c));
    if !is_first {
        return false;
    }
    let at_margin = before.is_empty() || !before.starts_with([' ', '\t']);
    let kind = |ahead: usize| code.get(i + ahead).map(|t| t.kind);
    let is_text = |ahead: usize| matches!(kind(ahead), Some(TokenKind::Text(_)));
    match tokens.says(token) {
        "rule" | "action" | "schedule" | "scenario" => at_margin || is_text(1) || is_text(2),
        "fn" => at_margin || depth == 0,
        "const" => at_margin || depth == 0,
        word => {
            at_margin && keyword::meant(word).is_some() && (is_text(1) || kind(1) == Some(TokenKind::Word))
        }
    }
}
