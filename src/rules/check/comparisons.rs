//! Comparisons: with a name that does not exist, or between kinds that are never equal. Rhai answers false to
//! both.

use super::bodies::Body;
use super::local::{Way, Written};
use super::operators::is_comparison;
use super::scope::{Allowed, Scope};
use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::{never_equal, unknown_name};
use crate::rules::words::kind::{Family, Kind};
use rhai::{ASTNode, Expr, FnCallExpr, Position, Stmt, Token};

/// Checks every comparison in a body.
pub(super) fn check(body: &Body, found: &mut Vec<Diagnostic>) {
    body.visit(&mut |node| match node {
        ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position)) => {
            operator(body, call, *position, found);
        }
        ASTNode::Expr(expr @ Expr::Dot(..)) => {
            for (receiver, step) in body.scope.steps(expr) {
                if let Expr::MethodCall(call, _) = step
                    && call.name == "contains"
                    && let [item] = &call.args[..]
                {
                    names(body, &receiver.texts, item, found);
                    if let Some(vocabulary) = receiver.kind.vocabulary() {
                        among(body, &body.scope.texts(item), &body.scope.named(vocabulary), found);
                    }
                }
            }
        }
        _ => {}
    });
}

fn operator(body: &Body, call: &FnCallExpr, position: Position, found: &mut Vec<Diagnostic>) {
    let [left, right] = &call.args[..] else { return };
    // The parser keeps `item in list` as `contains(list, item)`.
    if call.name == "contains" {
        names(body, &body.scope.texts(left), right, found);
        items(body, (left, right), position, found);
        return;
    }
    let Some(token) = &call.op_token else { return };
    if is_comparison(token) {
        names(body, &body.scope.texts(right), left, found);
        names(body, &body.scope.texts(left), right, found);
        kinds(body, token, (left, right), position, found);
        vocabularies(body, (left, right), position, found);
    }
}

/// Checks that texts something is compared with are among the names that it can be.
pub(super) fn names(body: &Body, texts: &[Written], of: &Expr, found: &mut Vec<Diagnostic>) {
    if let Some(allowed) = body.scope.allowed(of).filter(|_| !texts.is_empty()) {
        among(body, texts, &allowed, found);
    }
}

/// Checks that texts are among the names that are allowed.
pub(super) fn among(body: &Body, texts: &[Written], allowed: &Allowed, found: &mut Vec<Diagnostic>) {
    let checked = body.scope.checked;
    for wrong in texts.iter().filter(|t| !allowed.contains(&t.text)) {
        // What has a name may be compared with one thing and with another.
        if wrong.way == Way::Named && checked.is_any_name(&wrong.text) {
            continue;
        }
        let at = checked.source.at(wrong.file, wrong.position);
        let names = allowed.names.iter().map(String::as_str);
        found.push(unknown_name::report(at, allowed.what.clone(), &wrong.text, names));
    }
}

/// Checks that a list can hold what is looked for: one of one kind never holds a value of another.
fn items(body: &Body, (list, item): (&Expr, &Expr), position: Position, found: &mut Vec<Diagnostic>) {
    let (held, kind) = (body.scope.kind(list).item(), body.scope.kind(item));
    if !can_be_compared(held, kind, &Token::EqualsTo) {
        let named = called(&body.scope, item);
        let (at, kind, held) = (body.at(position), kind.described(), held.described());
        found.push(never_equal::report(at, named.as_deref(), kind, held));
    }
}

/// Checks that names of two vocabularies can be the same.
fn vocabularies(body: &Body, (left, right): (&Expr, &Expr), position: Position, found: &mut Vec<Diagnostic>) {
    let vocabulary = |expr| body.scope.kind(expr).vocabulary();
    let (Some(a), Some(b)) = (vocabulary(left), vocabulary(right)) else { return };
    let known = &body.scope.checked.declared;
    let (names, others) = (a.names(known), b.names(known));
    if !names.iter().any(|name| others.contains(name)) {
        found.push(never_equal::names(body.at(position), a.word(), b.word()));
    }
}

fn kinds(
    body: &Body,
    token: &Token,
    (left, right): (&Expr, &Expr),
    position: Position,
    found: &mut Vec<Diagnostic>,
) {
    let (a, b) = (body.scope.kind(left), body.scope.kind(right));
    if can_be_compared(a, b, token) {
        return;
    }
    // What has a name of its own is named first: that is what the person wrote about.
    let ((named, kind), other) = match (called(&body.scope, left), called(&body.scope, right)) {
        (Some(name), _) => ((Some(name), a), b),
        (None, Some(name)) => ((Some(name), b), a),
        (None, None) => ((None, a), b),
    };
    let (kind, other) = (kind.described(), other.described());
    let diagnostic = never_equal::report(body.at(position), named.as_deref(), kind, other);
    found.push(match (a, b) {
        (Kind::Now, _) | (_, Kind::Now) => diagnostic.remedy(
            "vergelijk now met < <= > >= en een tijdstip of datum",
            "compare now with < <= > >= and a moment or a date",
        ),
        (Kind::Today, _) | (_, Kind::Today) => {
            diagnostic.remedy("vergelijk today met een datum", "compare today with a date")
        }
        _ => diagnostic,
    });
}

pub(super) fn can_be_compared(a: Kind, b: Kind, token: &Token) -> bool {
    use Family::{Compound, Date, Moment, Nothing, Now, Today, Unknown};
    let is_equality = matches!(token, Token::EqualsTo | Token::NotEqualsTo);
    match (a.family(), b.family()) {
        (Unknown, _) | (_, Unknown) => true,
        (Nothing, _) | (_, Nothing) => is_equality,
        (Moment | Date, Moment | Date) => true,
        (Now, Moment | Date) | (Moment | Date, Now) => !is_equality,
        (Today, Date) | (Date, Today) => true,
        (Now | Today, _) | (_, Now | Today) => false,
        (Compound, Compound) => is_equality,
        (a, b) => a == b,
    }
}

/// Returns the words by which people would call an expression: a field, a property, a word with its name.
pub(super) fn called(scope: &Scope, expr: &Expr) -> Option<String> {
    match expr {
        Expr::Dot(..) => {
            let steps = scope.steps(expr);
            let (receiver, Expr::Property(last, _)) = steps.last()? else { return None };
            let before = match receiver.kind {
                Kind::ThisComplaint => "complaint",
                Kind::Flags => "complaint.flags",
                Kind::Counters => "complaint.counters",
                Kind::OwnFields => "complaint.extra",
                Kind::Input => "input",
                Kind::Measure => "measure",
                _ => "it",
            };
            Some(format!("{before}.{}", last.2))
        }
        Expr::FnCall(call, _) if call.op_token.is_none() => match &call.args[..] {
            [Expr::StringConstant(name, _), ..] => Some(format!("{}(\"{name}\")", call.name)),
            _ => Some(format!("{}(…)", call.name)),
        },
        Expr::Variable(x, ..) if !["now", "today"].contains(&x.1.as_str()) => Some(x.1.to_string()),
        _ => None,
    }
}
