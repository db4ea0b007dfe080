//! Sums: operators between kinds that give nothing, numbers without a unit, days that are written as sums.

use super::bodies::Body;
use super::operators::{self, day_as_sum};
use super::wrong::{Finding, Wrong};
use crate::rules::language::tree::start;
use crate::rules::words::kind::{Family, Kind};
use rhai::{ASTNode, Expr, FnCallExpr, Position, Stmt, Token};

/// Checks every sum in a body.
pub(super) fn check(body: &Body, found: &mut Vec<Finding>) {
    body.visit(&mut |node| match node {
        ASTNode::Expr(expr @ Expr::FnCall(call, position)) => {
            if let Some(day) = day_as_sum(call) {
                found.push(body.finding(start(expr), Wrong::DayAsSum(day)));
            } else {
                operator(body, call, *position, found);
            }
        }
        ASTNode::Stmt(Stmt::FnCall(call, position)) => operator(body, call, *position, found),
        ASTNode::Stmt(Stmt::Assignment(assignment)) => {
            if let Some((.., token, sign)) = assignment.0.get_op_assignment_info() {
                let operands = [&assignment.1.lhs, &assignment.1.rhs];
                sum(body, (token, sign), &operands, assignment.0.position(), found);
            }
        }
        _ => {}
    });
}

fn operator(body: &Body, call: &FnCallExpr, position: Position, found: &mut Vec<Finding>) {
    let Some(token) = &call.op_token else { return };
    if operators::is_comparison(token) || matches!(token, Token::In | Token::NotIn | Token::Bang) {
        return;
    }
    let operands: Vec<&Expr> = call.args.iter().collect();
    sum(body, (token, call.name.as_str()), &operands, position, found);
}

fn sum(
    body: &Body,
    (token, sign): (&Token, &str),
    operands: &[&Expr],
    position: Position,
    found: &mut Vec<Finding>,
) {
    let kinds: Vec<Kind> = operands.iter().map(|e| body.scope.kind(e)).collect();
    if operators::result(token, &kinds).is_some() {
        return;
    }
    let counts = matches!(token, Token::Plus | Token::Minus | Token::PlusAssign | Token::MinusAssign);
    let wrong = match (&kinds[..], operands) {
        ([Kind::Now, ..] | [_, Kind::Now], _) => Wrong::OnlyCompared { name: "now" },
        ([Kind::Today, ..] | [_, Kind::Today], _) => Wrong::OnlyCompared { name: "today" },
        ([from, number], [_, expr]) if counts && lacks_unit(*number, *from) => {
            return found.push(body.finding(start(expr), no_unit(expr, *from)));
        }
        ([number, from], [expr, _]) if counts && lacks_unit(*number, *from) => {
            return found.push(body.finding(start(expr), no_unit(expr, *from)));
        }
        ([left, right], _) => Wrong::NoMeaning { sign: sign.to_owned(), left: Some(*left), right: *right },
        ([one], _) => Wrong::NoMeaning { sign: sign.to_owned(), left: None, right: *one },
        _ => return,
    };
    found.push(body.finding(position, wrong));
}

fn lacks_unit(number: Kind, from: Kind) -> bool {
    number.family() == Family::Number && matches!(from.family(), Family::Moment | Family::Date | Family::Span)
}

fn no_unit(number: &Expr, from: Kind) -> Wrong {
    let number = match number {
        Expr::IntegerConstant(n, _) => Some(*n),
        _ => None,
    };
    Wrong::NoUnit { number, from }
}
