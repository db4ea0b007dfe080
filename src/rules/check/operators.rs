//! What an operator makes of the kinds around it, and what it can make nothing of.

use crate::rules::words::kind::{Family, Items, Kind};
use rhai::{Expr, FnCallExpr, Token};

/// Returns whether an operator compares.
pub(super) fn is_comparison(token: &Token) -> bool {
    is_order(token) || matches!(token, Token::EqualsTo | Token::NotEqualsTo)
}

/// Returns whether an operator asks which comes first.
pub(super) fn is_order(token: &Token) -> bool {
    matches!(
        token,
        Token::LessThan | Token::LessThanEqualsTo | Token::GreaterThan | Token::GreaterThanEqualsTo
    )
}

/// Returns the kind that an operator gives; none where it has no meaning between these kinds.
pub(super) fn result(token: &Token, kinds: &[Kind]) -> Option<Kind> {
    if is_comparison(token) || matches!(token, Token::In | Token::NotIn | Token::Bang) {
        return Some(Kind::YesNo);
    }
    match kinds {
        [one] => sign(*one),
        [a, b] => sum(token, *a, *b),
        _ => Some(Kind::Any),
    }
}

fn sign(of: Kind) -> Option<Kind> {
    match of.family() {
        Family::Unknown => Some(Kind::Any),
        Family::Number => Some(Kind::Number),
        _ => None,
    }
}

fn sum(token: &Token, a: Kind, b: Kind) -> Option<Kind> {
    use Family::{Compound, Date, Moment, Nothing, Now, Number, Span, Text, Today, Unknown};
    let (is_plus, is_minus) = (*token == Token::Plus, *token == Token::Minus);
    match (a.family(), b.family()) {
        // In a condition both can be compared, and nothing else (docs/semantics.md 2.2).
        (Now | Today, _) | (_, Now | Today) => None,
        (Number, Number) => Some(Kind::Number),
        (Moment | Date, Span) if is_plus || is_minus => Some(a),
        // What the other side is may be found out when it runs; that a sum of it is a day, is known now.
        (Moment | Date, Unknown) if is_plus || is_minus => Some(a),
        (Unknown, Unknown) => Some(Kind::Any),
        (Unknown, Span) if is_plus || is_minus => Some(Kind::Any),
        (Text, _) | (_, Text) if is_plus => Some(Kind::Text),
        (Moment | Date | Span | Nothing, _) | (_, Moment | Date | Span | Nothing) => None,
        (Unknown, _) | (_, Unknown) => Some(Kind::Any),
        (Compound, Compound) if is_plus => Some(both(a, b)),
        // Rhai takes a text out of a text, and an item or a name out of what holds it.
        (Text | Compound, _) if is_minus => Some(Kind::Any),
        (Compound, _) if is_plus => Some(Kind::List(Items::Anything)),
        _ => None,
    }
}

fn both(a: Kind, b: Kind) -> Kind {
    match (a, b) {
        (Kind::List(_), Kind::List(_)) => a.or(b),
        (Kind::Map, Kind::Map) => Kind::Map,
        _ => Kind::Any,
    }
}

/// A day that somebody wrote as `2026-12-01` or `01-12-2026`, which is a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DayAsSum {
    pub year: i64,
    pub month: i64,
    pub day: i64,
}

/// Returns the day that a sum was probably meant to be.
pub(super) fn day_as_sum(call: &FnCallExpr) -> Option<DayAsSum> {
    let (rest, last) = difference(call)?;
    let Expr::FnCall(inner, _) = rest else { return None };
    let (Expr::IntegerConstant(first, _), middle) = difference(inner)? else { return None };
    let (first, month, last) = (*first, number(middle)?, number(last)?);
    let (year, day) = if first > 31 { (first, last) } else { (last, first) };
    let is_day = (1900..2200).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_day.then_some(DayAsSum { year, month, day })
}

fn difference(call: &FnCallExpr) -> Option<(&Expr, &Expr)> {
    match (&call.op_token, &call.args[..]) {
        (Some(Token::Minus), [a, b]) => Some((a, b)),
        _ => None,
    }
}

fn number(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::IntegerConstant(n, _) => Some(*n),
        _ => None,
    }
}
