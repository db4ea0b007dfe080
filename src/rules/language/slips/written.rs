//! `Written`: one statement as it was written: its tokens, and which clause each of them stands in.

use super::keyword;
use crate::rules::language::tokens::{Token, TokenKind, Tokens};
use std::collections::BTreeSet;

/// The clause in which a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A word that begins a clause, or the statement.
    Keyword,
    /// The name, the label.
    Head,
    /// What `for`, `when`, `every` look at.
    Look,
    /// The roles, the questions, the times of a schedule.
    Other,
    /// The block of effects, with its braces; the body of a function or scenario.
    Then,
    /// What follows the block.
    After,
    /// The value of a constant, and whatever stands outside a statement.
    Plain,
}

/// A statement as it was written. Indices count its tokens but for remarks.
pub(super) struct Written<'t> {
    pub tokens: &'t Tokens<'t>,
    pub code: Vec<Token>,
    pub parts: Vec<Part>,
    /// Of each token and of the end, the innermost bracket that is open before it.
    brackets: Vec<Option<usize>>,
    /// The words that begin clauses here.
    keywords: BTreeSet<&'t str>,
}

/// Words of Rhai that are no operands.
const NO_OPERANDS: &[&str] =
    &["in", "if", "else", "for", "let", "const", "return", "fn", "break", "continue"];

impl<'t> Written<'t> {
    /// Looks at the tokens of one statement.
    pub fn of(tokens: &'t Tokens<'t>) -> Self {
        let code = tokens.code();
        let parts = parts(tokens, &code);
        let brackets = brackets(tokens, &code);
        let keyword = |i: &usize| parts.get(*i) == Some(&Part::Keyword);
        let keywords = (1..code.len()).filter(keyword).map(|i| tokens.says(&code[i])).collect();
        Self { tokens, code, parts, brackets, keywords }
    }

    /// Returns what a token says; nothing beyond the last.
    pub fn says(&self, i: usize) -> &'t str {
        self.code.get(i).map_or("", |t| self.tokens.says(t))
    }

    /// Returns what the token before one says; nothing before the first.
    pub fn before(&self, i: usize) -> &'t str {
        i.checked_sub(1).map_or("", |i| self.says(i))
    }

    /// Returns the kind of a token.
    pub fn kind(&self, i: usize) -> Option<TokenKind> {
        self.code.get(i).map(|t| t.kind)
    }

    /// Returns where a token begins and ends.
    pub fn span(&self, i: usize) -> (usize, usize) {
        self.code.get(i).map_or((self.tokens.text.len(), self.tokens.text.len()), |t| (t.start, t.end))
    }

    /// Returns where the tokens from one to another begin and end.
    pub fn spans(&self, first: usize, last: usize) -> (usize, usize) {
        (self.span(first).0, self.span(last).1)
    }

    /// Returns the word that the statement begins with.
    pub fn statement(&self) -> &'t str {
        self.says(0)
    }

    /// Returns the places of a word of clauses.
    pub fn keywords(&self, word: &str) -> Vec<usize> {
        (1..self.code.len()).filter(|i| self.parts[*i] == Part::Keyword && self.says(*i) == word).collect()
    }

    /// Returns whether a word of clauses stands somewhere.
    pub fn has_keyword(&self, word: &str) -> bool {
        self.keywords.contains(word)
    }

    /// Returns whether a token is a word that could be somebody's own.
    pub fn is_word(&self, i: usize) -> bool {
        self.kind(i) == Some(TokenKind::Word) && self.before(i) != "."
    }

    /// Returns whether a token is a text.
    pub fn is_text(&self, i: usize) -> bool {
        matches!(self.kind(i), Some(TokenKind::Text(_)))
    }

    /// Returns whether a value can end with a token.
    pub fn ends_operand(&self, i: usize) -> bool {
        match self.kind(i) {
            Some(TokenKind::Word) => self.parts[i] != Part::Keyword && !NO_OPERANDS.contains(&self.says(i)),
            Some(TokenKind::Number | TokenKind::Text(_)) => true,
            Some(TokenKind::Symbol) => matches!(self.says(i), ")" | "]" | "}"),
            _ => false,
        }
    }

    /// Returns whether a value can begin with a token.
    pub fn begins_operand(&self, i: usize) -> bool {
        match self.kind(i) {
            Some(TokenKind::Word) => {
                self.parts[i] != Part::Keyword && self.says(i) != "in" && self.says(i) != "else"
            }
            Some(TokenKind::Number | TokenKind::Text(_)) => true,
            Some(TokenKind::Symbol) => matches!(self.says(i), "(" | "[" | "#{" | "!" | "-"),
            _ => false,
        }
    }

    /// Returns whether two tokens touch.
    pub fn touch(&self, i: usize, next: usize) -> bool {
        self.span(i).1 == self.span(next).0
    }

    /// Returns whether two tokens stand in the same line.
    pub fn same_line(&self, i: usize, next: usize) -> bool {
        !self.tokens.text.get(self.span(i).1..self.span(next).0).unwrap_or_default().contains('\n')
    }

    /// Returns the innermost bracket that is open before a token.
    pub fn bracket(&self, i: usize) -> Option<usize> {
        self.brackets.get(i.min(self.code.len())).copied().flatten()
    }
}

fn brackets(tokens: &Tokens, code: &[Token]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::with_capacity(code.len() + 1);
    for (i, token) in code.iter().enumerate() {
        found.push(open.last().copied());
        match tokens.says(token) {
            "(" | "[" | "{" | "#{" => open.push(i),
            ")" | "]" | "}" => drop(open.pop()),
            _ => {}
        }
    }
    found.push(open.last().copied());
    found
}

/// Returns the words that begin the clauses of a statement.
pub(super) fn clauses(statement: &str) -> &'static [&'static str] {
    match keyword::meant(statement).unwrap_or(statement) {
        "rule" => &["for", "when", "every", "then"],
        "action" => &["by", "asks", "when", "then"],
        "schedule" => &["cron", "then"],
        _ => &[],
    }
}

fn parts(tokens: &Tokens, code: &[Token]) -> Vec<Part> {
    let says = |i: usize| code.get(i).map_or("", |t| tokens.says(t));
    let clauses = clauses(says(0));
    let mut part = match says(0) {
        "rule" | "action" | "schedule" | "scenario" | "fn" => Part::Head,
        _ if clauses.is_empty() => Part::Plain,
        _ => Part::Head,
    };
    let is_block = matches!(says(0), "scenario" | "fn");
    let (mut depth, mut parts) = (0_usize, Vec::with_capacity(code.len()));
    for (i, token) in code.iter().enumerate() {
        let word = tokens.says(token);
        let is_name = i > 0 && says(i - 1) == ".";
        let then = word == "then" && says(i + 1) == "{";
        let begins = i > 0
            && part != Part::Then
            && clauses.contains(&word)
            && !is_name
            && (depth == 0 || then)
            && !(word == "for" && part != Part::Head);
        if i == 0 && part == Part::Head || begins {
            parts.push(Part::Keyword);
            if begins {
                depth = 0;
                part = match word {
                    "then" => Part::Then,
                    "for" | "when" | "every" => Part::Look,
                    _ => Part::Other,
                };
            }
            continue;
        }
        if is_block && part == Part::Head && word == "{" {
            part = Part::Then;
        }
        parts.push(part);
        if says(0) == "const" && word == ";" && depth == 0 {
            part = Part::After;
        }
        match word {
            "(" | "[" | "{" | "#{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.saturating_sub(1);
                if part == Part::Then && depth == 0 && word == "}" {
                    part = Part::After;
                }
            }
            _ => {}
        }
    }
    parts
}
