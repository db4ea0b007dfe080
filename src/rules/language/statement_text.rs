//! The text of a statement without its name, comments, spaces and place: the same statement elsewhere and under another
//! name reads the same.

use super::tokens::{TokenKind, Tokens};
use crate::rules::diagnostics::Lines;
use rhai::Position;

/// Returns what the statement that begins at a position says, to the end of its block, but for its name.
pub(in crate::rules) fn without_name(tokens: &Tokens, lines: &Lines<'_>, start: Position) -> String {
    let at = lines.offset(start.line().unwrap_or(1), start.position().unwrap_or(1));
    let mut words = Vec::new();
    let (mut depth, mut is_in_block) = (0_u32, false);
    // The keyword is the kind of statement; the name follows it.
    let from = tokens.all().partition_point(|t| t.start < at);
    let code = tokens.all().iter().skip(from).filter(|t| t.kind != TokenKind::Comment);
    for token in code.skip(2) {
        let word = tokens.says(token);
        match word {
            "{" | "#{" => {
                is_in_block |= depth == 0 && words.last() == Some(&"then");
                depth += 1;
            }
            "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        words.push(word);
        if is_in_block && depth == 0 {
            break;
        }
    }
    words.join(" ")
}
