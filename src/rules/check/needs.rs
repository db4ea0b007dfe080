//! Needs: the places where something must be true or false, a list, or a span.

use super::bodies::{Body, Text};
use super::comparisons::called;
use super::place::Part;
use super::results;
use super::scope::Scope;
use super::wrong::{Finding, Wrong};
use crate::rules::language::tree::start;
use crate::rules::words::kind::{Family, Items, Kind};
use rhai::{ASTNode, Expr, Position, Stmt, Token};

/// The methods of lists whose closure says yes or no.
const ASKS_OF_EACH: &[&str] = &["some", "all", "find", "filter"];

/// Checks what a body is, and every part of it that must be of one kind.
pub(super) fn check(body: &Body, found: &mut Vec<Finding>) {
    if let Text::Expression(expr) = &body.text {
        whole(body, expr, found);
    }
    body.visit(&mut |node| match node {
        ASTNode::Expr(Expr::And(parts, _) | Expr::Or(parts, _)) => {
            parts.iter().for_each(|part| yes_or_no(body, part, found));
        }
        ASTNode::Expr(Expr::FnCall(call, _)) if call.op_token == Some(Token::Bang) => {
            call.args.iter().for_each(|part| yes_or_no(body, part, found));
        }
        ASTNode::Expr(expr @ Expr::Dot(..)) => closures(body, expr, found),
        ASTNode::Stmt(Stmt::If(flow, _)) => yes_or_no(body, &flow.expr, found),
        ASTNode::Stmt(Stmt::For(each, _)) => {
            let kind = body.scope.kind(&each.2.expr);
            if !can_be_gone_through(kind) {
                found.push(body.finding(start(&each.2.expr), Wrong::NoList { kind }));
            }
        }
        _ => {}
    });
}

fn whole(body: &Body, expr: &Expr, found: &mut Vec<Finding>) {
    let kind = body.scope.kind(expr);
    let wrong = match body.part {
        Part::When => return yes_or_no(body, expr, found),
        Part::Every if !matches!(kind.family(), Family::Unknown | Family::Span) => Wrong::NoSpan { kind },
        Part::List => match kind {
            Kind::List(Items::Measures | Items::Complaints | Items::Members | Items::Anything) => return,
            Kind::List(_) => Wrong::NoElements,
            _ if kind.family() == Family::Unknown => return,
            _ => Wrong::NoList { kind },
        },
        _ => return,
    };
    found.push(body.finding(start(expr), wrong));
}

fn yes_or_no(body: &Body, expr: &Expr, found: &mut Vec<Finding>) {
    found.extend(neither(body, &body.scope, expr, start(expr)));
}

fn neither(body: &Body, scope: &Scope, expr: &Expr, position: Position) -> Option<Finding> {
    let kind = scope.kind(expr);
    let is_either = matches!(kind.family(), Family::Unknown | Family::YesNo);
    // A sum without meaning is one mistake, and not a second one as a condition.
    (!is_either)
        .then(|| body.finding(position, Wrong::NeitherTrueNorFalse { named: called(scope, expr), kind }))
}

/// Checks that what is asked of each item of a list is true or false of it.
fn closures(body: &Body, expr: &Expr, found: &mut Vec<Finding>) {
    for (receiver, step) in body.scope.steps(expr) {
        let Expr::MethodCall(call, _) = step else { continue };
        if !ASKS_OF_EACH.contains(&call.name.as_str()) {
            continue;
        }
        let Some((scope, statements)) = body.scope.closure(&receiver, call) else { continue };
        for end in results::ends(&statements) {
            found.extend(neither(body, &scope, end, start(end)));
        }
    }
}

fn can_be_gone_through(kind: Kind) -> bool {
    match kind.family() {
        Family::Unknown | Family::Text => true,
        Family::Compound => {
            !matches!(kind, Kind::Flags | Kind::Counters | Kind::ThisComplaint | Kind::Measure)
        }
        _ => false,
    }
}
