//! Comparisons of now with a moment, as statements about how long the one lies behind the other.

use super::statement::{Atom, Subject, half, number, text, turned};
use super::values::Values;
use crate::calendar::Span;
use crate::rules::check::scope::Scope;
use crate::rules::language::tree::field_of_complaint;
use rhai::{Expr, Token};

/// A moment as something and a distance from it.
struct Distance {
    from: String,
    unit: Option<&'static str>,
    count: i64,
    /// Whether now always lies behind what it is counted from.
    past: Past,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Past {
    Certain,
    Unknown,
}

/// Reads `now >= due("x") - days(3)` and its like; none of anything else.
pub(super) fn compared(scope: &Scope, left: &Expr, token: &Token, right: &Expr) -> Option<Atom> {
    let (clock, moment, token) = match (clock(left), clock(right)) {
        (Some(clock), None) => (clock, right, token.clone()),
        (None, Some(clock)) => (clock, left, turned(token)?),
        _ => return None,
    };
    let distance = distance(scope, moment)?;
    // A place between two whole distances is an odd number, so that `>` and `>=` differ.
    let values = half(&token, distance.count.checked_mul(2)?)?;
    let possible = (distance.past == Past::Certain).then(|| Values::range(0, i64::MAX));
    let values = possible.as_ref().map_or(values.clone(), |possible| possible.and(&values));
    let subject = Subject { what: format!("{clock} since {}", distance.from), unit: distance.unit };
    Some(Atom { subject, values, possible })
}

fn clock(expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::Variable(x, ..) if x.1 == "now" => Some("now"),
        Expr::Variable(x, ..) if x.1 == "today" => Some("today"),
        _ => None,
    }
}

fn distance(scope: &Scope, moment: &Expr) -> Option<Distance> {
    let Expr::FnCall(call, _) = moment else { return Some(none(moment)) };
    match (call.name.as_str(), &call.op_token, &call.args[..]) {
        ("at", None, [day, time]) => {
            let inner = distance(scope, day)?;
            let from = format!("{} at {}", inner.from, text(time));
            Some(Distance { from, past: Past::Unknown, ..inner })
        }
        (_, Some(sign @ (Token::Plus | Token::Minus)), [base, span]) => {
            let inner = distance(scope, base)?;
            let (unit, count) = span_of(scope, span)?;
            let count = if *sign == Token::Minus { -count } else { count };
            match inner.unit {
                None => Some(Distance { unit: Some(unit), count, ..inner }),
                Some(_) => None,
            }
        }
        _ => Some(none(moment)),
    }
}

fn none(moment: &Expr) -> Distance {
    let past = match field_of_complaint(moment) {
        Some("received_at" | "registered_at") => Past::Certain,
        _ => Past::Unknown,
    };
    Distance { from: text(moment), unit: None, count: 0, past }
}

fn span_of(scope: &Scope, expr: &Expr) -> Option<(&'static str, i64)> {
    match expr {
        Expr::FnCall(call, _) => {
            let count = number(scope, call.args.first()?)?;
            match call.name.as_str() {
                "hours" => Some(("hours", count)),
                "days" => Some(("days", count)),
                "weeks" => Some(("days", count.checked_mul(7)?)),
                "workdays" => Some(("workdays", count)),
                "months" => Some(("months", count)),
                "years" => Some(("months", count.checked_mul(12)?)),
                _ => None,
            }
        }
        Expr::Variable(x, ..) if !scope.locals.contains_key(x.1.as_str()) => {
            let value = scope.checked.constants.get(x.1.as_str())?.read_lock::<Span>()?;
            Some(match *value {
                Span::Hours(n) => ("hours", n),
                Span::Days(n) => ("days", n),
                Span::Workdays(n) => ("workdays", n),
                Span::Months(n) => ("months", n),
            })
        }
        _ => None,
    }
}
