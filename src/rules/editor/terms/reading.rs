//! The terms of one script: where each stands, its remark, its heading and its value, by the tokens of the script.

use super::super::expressions::Expressions;
use super::super::script::{Piece, PieceKind, pieces};
use super::super::tokens::{Token, TokenKind, tokens};
use super::value::{TermValue, is_address};
use crate::rules::language::tokens::{TokenKind as Read, Tokens};
use crate::rules::procedure::amount::{Unit, time_of_day};
use rhai::Expr;
use std::ops::Range;

/// A term as it stands in a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub name: String,
    /// The bytes of the value, without the semicolon.
    pub at: Range<usize>,
    /// The remark behind it in its line.
    pub remark: Option<(String, usize)>,
    /// The remark above it and its neighbours.
    pub heading: Option<String>,
    pub value: TermValue,
}

/// Returns the terms of a script, in order. What is still being typed is none.
pub(super) fn terms(text: &str) -> Vec<Written> {
    let (found, expressions) = (tokens(text), Expressions::new());
    let every = Tokens::of(text);
    let remarks: Vec<Range<usize>> =
        every.all().iter().filter(|t| t.kind == Read::Comment).map(|t| t.start..t.end).collect();
    let script = Script { text, tokens: &found, remarks: &remarks, expressions: &expressions };
    let (mut read, mut since) = (Vec::new(), 0);
    for piece in pieces(text, &found) {
        if piece.kind == PieceKind::Constant {
            read.extend(script.term(&piece, since));
        } else {
            since = piece.range(&found).end;
        }
    }
    read
}

struct Script<'t> {
    text: &'t str,
    tokens: &'t [Token],
    remarks: &'t [Range<usize>],
    expressions: &'t Expressions,
}

impl Script<'_> {
    fn term(&self, piece: &Piece, since: usize) -> Option<Written> {
        let name = self.text.get(piece.name(self.text, self.tokens)?)?.to_owned();
        let of_piece = self.tokens.get(piece.tokens.clone())?;
        let (equals, value) = (of_piece.get(2)?, of_piece.get(3..)?);
        if equals.of(self.text) != "=" {
            return None;
        }
        let end = self.end(value)?;
        let value = &value[..end];
        let at = value.first()?.range.start..value.last()?.range.end;
        let semicolon = of_piece.get(3 + end)?.range.end;
        Some(Written {
            name,
            remark: self.remark(semicolon),
            heading: self.heading(since, piece.range(self.tokens).start),
            value: self.value(value, &at),
            at,
        })
    }

    /// Returns the number of tokens before the semicolon that ends a value.
    fn end(&self, value: &[Token]) -> Option<usize> {
        let mut depth = 0_usize;
        for (i, token) in value.iter().enumerate() {
            match token.of(self.text) {
                "(" | "[" | "{" | "#{" | "${" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                ";" if depth == 0 => return (i > 0).then_some(i),
                _ => {}
            }
        }
        None
    }

    fn remark(&self, semicolon: usize) -> Option<(String, usize)> {
        let line = self.text.get(semicolon..)?.split('\n').next()?;
        let at = semicolon + line.len() - line.trim_start().len();
        let says = line.trim().strip_prefix("//")?.trim();
        Some((says.to_owned(), at))
    }

    /// Returns the last remark that begins a line before a term: after the last statement that is no term.
    fn heading(&self, since: usize, term: usize) -> Option<String> {
        let begins_line = |at: usize| at == 0 || self.text.as_bytes()[at - 1] == b'\n';
        let says = |at: &Range<usize>| self.text.get(at.clone()).unwrap_or_default();
        let mut lines: Vec<&str> = Vec::new();
        let mut below = None;
        let above = self.remarks.iter().rev().filter(|at| at.end <= term && at.start >= since);
        for at in above.filter(|at| begins_line(at.start) && says(at).starts_with("//")) {
            let goes_on = below.is_none_or(|start| {
                self.text.get(at.end..start).is_some_and(|between| {
                    between.trim_end_matches([' ', '\t']).trim_matches('\r') == "\n" || between == "\r\n"
                })
            });
            if !goes_on {
                break;
            }
            lines.push(says(at).trim_start_matches('/').trim());
            below = Some(at.start);
        }
        lines.reverse();
        let heading = lines.join(" ");
        (!heading.is_empty()).then_some(heading)
    }

    fn value(&self, tokens: &[Token], at: &Range<usize>) -> TermValue {
        let whole = || TermValue::Expression(self.text.get(at.clone()).unwrap_or_default().to_owned());
        // What is written anew has no place for a remark within it.
        if self.remarks.iter().any(|remark| remark.start < at.end && at.start < remark.end) {
            return whole();
        }
        self.plain(tokens).unwrap_or_else(whole)
    }

    fn plain(&self, tokens: &[Token]) -> Option<TermValue> {
        let written: Vec<&str> = tokens.iter().map(|token| token.of(self.text)).collect();
        match (&written[..], tokens) {
            (["true"], _) => Some(TermValue::YesNo(true)),
            (["false"], _) => Some(TermValue::YesNo(false)),
            ([unit, "(", count, ")"], _) => {
                let (unit, count) = (Unit::named(unit)?, count.parse().ok()?);
                unit.span(count).is_reasonable().then_some(TermValue::Span { count, unit })
            }
            (["[", .., "]"], [_, inside @ .., _]) => self.texts(inside),
            ([_], [one]) if one.kind == TokenKind::Text => Some(of_text(self.text_of(one)?)),
            ([number], _) => number.parse().ok().map(TermValue::Number),
            (["-", number], _) => format!("-{number}").parse().ok().map(TermValue::Number),
            _ => None,
        }
    }

    fn texts(&self, inside: &[Token]) -> Option<TermValue> {
        let mut items = Vec::new();
        for (i, token) in inside.iter().enumerate() {
            match (i % 2, token.kind) {
                (0, TokenKind::Text) => items.push(self.text_of(token)?),
                (1, _) if token.of(self.text) == "," => {}
                _ => return None,
            }
        }
        Some(TermValue::Texts(items))
    }

    /// Returns what a text says, as the parser reads it.
    fn text_of(&self, token: &Token) -> Option<String> {
        match self.expressions.parse(token.of(self.text))?.as_ref() {
            Expr::StringConstant(text, _) => Some(text.to_string()),
            _ => None,
        }
    }
}

fn of_text(text: String) -> TermValue {
    if time_of_day(&text).is_some() {
        TermValue::Time(text)
    } else if is_address(&text) {
        TermValue::Address(text)
    } else {
        TermValue::Text(text)
    }
}
