//! The text of a statement without its name, comments, spaces and place: the same statement elsewhere and under another
//! name reads the same.

use super::tokens::{Token, TokenKind, Tokens};
use crate::rules::diagnostics::Lines;
use rhai::Position;

/// Returns what the statement that begins at a position says, to the end of its block, but for its name.
pub(in crate::rules) fn without_name(tokens: &Tokens, lines: &Lines<'_>, start: Position) -> String {
    let at = lines.offset(start.line().unwrap_or(1), start.position().unwrap_or(1));
    // The keyword is the kind of statement; the name follows it.
    let words = code(tokens, at).skip(2).map(|token| tokens.says(token));
    words.collect::<Vec<_>>().join(" ")
}

/// Returns where the statement that begins at an offset ends.
pub(in crate::rules) fn end(tokens: &Tokens, at: usize) -> usize {
    code(tokens, at).last().map_or(at, |token| token.end)
}

/// Returns the tokens of the statement that begins at an offset, to the end of its block.
fn code<'t>(tokens: &'t Tokens<'_>, at: usize) -> impl Iterator<Item = &'t Token> {
    let from = tokens.all().partition_point(|t| t.start < at);
    let code = tokens.all().iter().skip(from).filter(|t| t.kind != TokenKind::Comment);
    let (mut depth, mut is_in_block, mut before, mut is_over) = (0_u32, false, "", false);
    code.enumerate()
        .take_while(move |(place, token)| {
            let is_inside = !std::mem::replace(&mut is_over, false);
            let word = tokens.says(token);
            match word {
                "{" | "#{" if *place > 1 => {
                    is_in_block |= depth == 0 && before == "then";
                    depth += 1;
                }
                "}" if *place > 1 => depth = depth.saturating_sub(1),
                _ => {}
            }
            before = if *place > 1 { word } else { "" };
            is_over = is_in_block && depth == 0;
            is_inside
        })
        .map(|(_, token)| token)
}
