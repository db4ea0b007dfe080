//! `Piece`: a statement, function or term of a script, found by its first words. A slip in one piece leaves the
//! others as they are.

use super::tokens::{Token, TokenKind};
use std::ops::Range;

/// What a piece of a script is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PieceKind {
    Rule,
    Action,
    Schedule,
    Scenario,
    Function,
    Constant,
}

impl PieceKind {
    /// Returns the word that begins such a piece.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Action => "action",
            Self::Schedule => "schedule",
            Self::Scenario => "scenario",
            Self::Function => "fn",
            Self::Constant => "const",
        }
    }

    const ALL: [Self; 6] =
        [Self::Rule, Self::Action, Self::Schedule, Self::Scenario, Self::Function, Self::Constant];
}

/// A piece of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub kind: PieceKind,
    /// The tokens of it, the first word included.
    pub tokens: Range<usize>,
}

impl Piece {
    /// Returns the place of its name, without quotes; none while it is being typed.
    pub fn name(&self, text: &str, tokens: &[Token]) -> Option<Range<usize>> {
        let token = tokens.get(self.tokens.clone())?.get(1)?;
        match (token.kind, self.kind) {
            (TokenKind::Name, PieceKind::Action | PieceKind::Function | PieceKind::Constant) => {
                Some(token.range.clone())
            }
            (TokenKind::Text, PieceKind::Function | PieceKind::Constant) => None,
            (TokenKind::Text, _) => Some(token.inside(text)),
            _ => None,
        }
    }

    /// Returns the place of all of it.
    pub fn range(&self, tokens: &[Token]) -> Range<usize> {
        let start = tokens.get(self.tokens.start).map_or(0, |t| t.range.start);
        let last = self.tokens.end.checked_sub(1).and_then(|i| tokens.get(i));
        start..last.map_or(start, |t| t.range.end)
    }
}

/// Returns the pieces of a script in order. One begins at a word that begins pieces, at the start of a line or
/// after a piece that is complete.
pub(super) fn pieces(text: &str, tokens: &[Token]) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut depth = 0_usize;
    for (i, token) in tokens.iter().enumerate() {
        let written = token.of(text);
        let begins_line = token.range.start == 0 || text.as_bytes()[token.range.start - 1] == b'\n';
        let is_free = depth == 0 && (i == 0 || matches!(tokens[i - 1].of(text), "}" | ";"));
        if token.kind == TokenKind::Name
            && (begins_line || is_free)
            && let Some(kind) = begun(text, tokens, i)
        {
            if let Some(before) = found.last_mut() {
                before.tokens.end = i;
            }
            found.push(Piece { kind, tokens: i..tokens.len() });
            depth = 0;
        }
        match written {
            "(" | "[" | "{" | "#{" | "${" | "?[" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// Returns the kind of the piece that begins at a token: its word, and after it what can be its name.
fn begun(text: &str, tokens: &[Token], i: usize) -> Option<PieceKind> {
    let written = tokens[i].of(text);
    let kind = PieceKind::ALL.into_iter().find(|kind| kind.keyword() == written)?;
    let is_named = match tokens.get(i + 1).map(|next| next.kind) {
        // The rest is being typed.
        None => true,
        Some(TokenKind::Text) => !matches!(kind, PieceKind::Function | PieceKind::Constant),
        Some(TokenKind::Name) => {
            matches!(kind, PieceKind::Action | PieceKind::Function | PieceKind::Constant)
        }
        Some(_) => false,
    };
    is_named.then_some(kind)
}
