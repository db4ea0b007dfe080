//! `View`: the tokens of one piece of a script, and how its operands and brackets lie among them.

use super::script::{Piece, PieceKind};
use super::tokens::{Token, TokenKind};
use std::ops::Range;

/// The most links of a chain of names, calls and dots that is followed.
const LINKS: usize = 100;
/// The most tokens between two brackets that belong together.
const APART: usize = 5_000;

/// Names after which a bracket is no call.
pub(super) const NO_CALLS: &[&str] =
    &["if", "else", "return", "in", "for", "when", "then", "every", "by", "asks", "cron", "let", "const"];

/// The tokens of one piece; to ask for others is to get nothing.
#[derive(Clone, Copy)]
pub(super) struct View<'w> {
    pub text: &'w str,
    pub tokens: &'w [Token],
    pub piece: &'w Piece,
}

impl<'w> View<'w> {
    /// Returns the text between a word of a statement and the next one, brackets left alone.
    pub fn part(&self, keyword: &str) -> Option<&'w str> {
        let Self { text, tokens, piece } = *self;
        let mut depth = 0_usize;
        let mut start = None;
        for i in piece.tokens.clone().skip(1) {
            let token = &tokens[i];
            let written = token.of(text);
            if depth == 0 && token.kind == TokenKind::Name {
                if let Some(start) = start
                    && ["when", "then", "every"].contains(&written)
                {
                    return text.get(start..token.range.start);
                }
                if written == keyword && start.is_none() {
                    start = Some(token.range.end);
                }
            }
            match written {
                "(" | "[" | "{" | "#{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        text.get(start?..tokens.get(piece.tokens.end.checked_sub(1)?)?.range.end)
    }

    /// Returns the name of the piece, as it is meant.
    pub fn name(&self) -> Option<String> {
        let range = self.piece.name(self.text, self.tokens)?;
        Some(unescaped(self.text.get(range)?))
    }

    /// Returns a token as it is written.
    pub fn written(&self, i: usize) -> &'w str {
        if !self.piece.tokens.contains(&i) {
            return "";
        }
        self.tokens[i].of(self.text)
    }

    /// Returns the token before one, as it is written.
    pub fn before(&self, i: usize) -> &'w str {
        i.checked_sub(1).map_or("", |i| self.written(i))
    }

    /// Returns what a token is.
    pub fn kind_of_token(&self, i: usize) -> Option<TokenKind> {
        self.piece.tokens.contains(&i).then(|| self.tokens[i].kind)
    }

    /// Returns the text that a call has as an argument, if it is one text and nothing else.
    pub fn argument_text(&self, word: usize, argument: usize) -> Option<String> {
        let (mut depth, mut at) = (0_usize, 0);
        for i in word + 2..self.piece.tokens.end {
            match self.written(i) {
                "(" | "[" | "{" | "#{" => depth += 1,
                ")" | "]" | "}" => depth = depth.checked_sub(1)?,
                "," if depth == 0 => at += 1,
                _ if depth == 0 && at == argument && self.tokens[i].kind == TokenKind::Text => {
                    return self.text.get(self.tokens[i].inside(self.text)).map(unescaped);
                }
                _ => {}
            }
        }
        None
    }

    /// Returns the tokens of each argument of a call, by its opening bracket.
    pub fn arguments(&self, open: usize) -> Vec<Range<usize>> {
        let Some(close) = self.closing(open).filter(|close| *close > open + 1) else { return Vec::new() };
        let (mut depth, mut from, mut found) = (0_usize, open + 1, Vec::new());
        for i in open + 1..close {
            match self.written(i) {
                "(" | "[" | "{" | "#{" | "${" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                "," if depth == 0 => {
                    found.push(from..i);
                    from = i + 1;
                }
                _ => {}
            }
        }
        found.push(from..close);
        found
    }

    /// Returns the parameters of a function, and the bracket that ends them; none for another piece.
    pub fn parameters(&self) -> Option<(Vec<&'w str>, usize)> {
        let open = self.piece.tokens.start + 2;
        let end = self.closing(open).filter(|_| self.piece.kind == PieceKind::Function)?;
        let names = (open + 1..end).map(|i| self.written(i)).filter(|name| *name != ",");
        Some((names.collect(), end))
    }

    /// Returns the tokens of the operand that ends before a token: names, calls and dots, as many as anybody writes.
    pub fn operand_before(&self, end: usize) -> Option<Range<usize>> {
        let mut at = end;
        for _ in 0..LINKS {
            let last = at.checked_sub(1)?;
            at = match (self.kind_of_token(last)?, self.written(last)) {
                (TokenKind::Sign, ")" | "]") => {
                    let open = self.opening(last)?;
                    let is_called = open.checked_sub(1).is_some_and(|name| {
                        self.kind_of_token(name) == Some(TokenKind::Name)
                            && !NO_CALLS.contains(&self.written(name))
                    });
                    if is_called { open - 1 } else { open }
                }
                (TokenKind::Name, name) if !NO_CALLS.contains(&name) => last,
                (TokenKind::Text | TokenKind::Number, _) => last,
                _ => return None,
            };
            match at.checked_sub(1) {
                Some(dot) if self.written(dot) == "." => at = dot,
                _ => return Some(at..end),
            }
        }
        None
    }

    /// Returns the tokens of the operand that begins at a token.
    pub fn operand_after(&self, start: usize) -> Option<Range<usize>> {
        let mut at = start;
        for _ in 0..LINKS {
            match self.kind_of_token(at)? {
                TokenKind::Name | TokenKind::Text | TokenKind::Number => at += 1,
                _ => return None,
            }
            while ["(", "["].contains(&self.written(at)) {
                at = self.closing(at)? + 1;
            }
            if self.written(at) != "." {
                return Some(start..at);
            }
            at += 1;
        }
        None
    }

    /// Returns the bracket that a closing one closes.
    pub fn opening(&self, close: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for i in (self.piece.tokens.start..=close).rev().take(APART) {
            match self.written(i) {
                ")" | "]" | "}" => depth += 1,
                "(" | "[" | "{" | "#{" | "${" => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                return Some(i);
            }
        }
        None
    }

    /// Returns the bracket that closes an opening one.
    pub fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for i in (open..self.piece.tokens.end).take(APART) {
            match self.written(i) {
                "(" | "[" | "{" | "#{" | "${" => depth += 1,
                ")" | "]" | "}" => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                return Some(i);
            }
        }
        None
    }
}

/// Returns what a text says whose quotes and backslashes are marked.
pub(super) fn unescaped(written: &str) -> String {
    written.replace("\\\"", "\"").replace("\\\\", "\\")
}
