//! `Atom`: a plain part of a condition as a statement about one thing: which values it must have.

use super::values::Values;
use crate::rules::check::scope::Scope;
use crate::rules::language::grammar::without_places;
use rhai::{Expr, Token};

/// The thing that a part of a condition is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Subject {
    pub what: String,
    /// The unit in which a distance in time is counted; none for what is no distance, or is none.
    pub unit: Option<&'static str>,
}

/// A part of a condition: it holds when its subject has one of these values.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    pub subject: Subject,
    pub values: Values,
    /// The values that the subject can have at all.
    pub possible: Option<Values>,
}

/// Returns the numbers on one side of a limit.
pub(super) fn half(token: &Token, limit: i64) -> Option<Values> {
    Some(match token {
        Token::LessThan => Values::range(i64::MIN, limit.checked_sub(1)?),
        Token::LessThanEqualsTo => Values::range(i64::MIN, limit),
        Token::GreaterThan => Values::range(limit.checked_add(1)?, i64::MAX),
        Token::GreaterThanEqualsTo => Values::range(limit, i64::MAX),
        _ => return None,
    })
}

/// Returns the comparison that says the same with its sides exchanged.
pub(super) fn turned(token: &Token) -> Option<Token> {
    Some(match token {
        Token::LessThan => Token::GreaterThan,
        Token::LessThanEqualsTo => Token::GreaterThanEqualsTo,
        Token::GreaterThan => Token::LessThan,
        Token::GreaterThanEqualsTo => Token::LessThanEqualsTo,
        _ => return None,
    })
}

/// Returns a number that is written out, or is a parameter.
pub(super) fn number(scope: &Scope, expr: &Expr) -> Option<i64> {
    match expr {
        Expr::IntegerConstant(n, _) => Some(*n),
        Expr::Variable(x, ..) if !scope.locals.contains_key(x.1.as_str()) => {
            scope.checked.constants.get(x.1.as_str())?.as_int().ok()
        }
        _ => None,
    }
}

/// Returns an expression as the parser keeps it, without its place: the same text for the same expression.
pub(super) fn text(expr: &Expr) -> String {
    without_places(&format!("{expr:?}"))
}
