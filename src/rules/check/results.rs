//! What a block of statements comes to.

use super::scope::Scope;
use crate::rules::words::kind::Kind;
use rhai::{ASTNode, Expr, Stmt};

/// Returns the kind of what a block gives to whatever it stands in; none when it never gets to its end.
pub(super) fn of_block(scope: &Scope, statements: &[Stmt]) -> Option<Kind> {
    statements.last().map_or(Some(Kind::Nothing), |last| of_statement(scope, last))
}

/// Returns the expressions that a block can come to.
pub(super) fn ends(statements: &[Stmt]) -> Vec<&Expr> {
    match statements.last() {
        Some(Stmt::Expr(expr)) => match &**expr {
            Expr::Stmt(block) => ends(block.statements()),
            other => vec![other],
        },
        Some(Stmt::Block(block)) => ends(block.statements()),
        Some(Stmt::If(flow, _)) => {
            let mut found = ends(flow.body.statements());
            found.extend(ends(flow.branch.statements()));
            found
        }
        _ => Vec::new(),
    }
}

/// Returns the kind of what a function gives: what its last statement comes to, or a `return` before.
pub(super) fn of_function(scope: &Scope, statements: &[Stmt]) -> Kind {
    let mut found = of_block(scope, statements);
    for statement in statements {
        statement.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
            if let Some(ASTNode::Stmt(Stmt::Return(value, ..))) = path.last() {
                let returned = value.as_ref().map_or(Kind::Nothing, |value| scope.kind(value));
                found = either(found, Some(returned));
            }
            true
        });
    }
    found.unwrap_or(Kind::Any)
}

fn of_statement(scope: &Scope, statement: &Stmt) -> Option<Kind> {
    match statement {
        Stmt::Expr(expr) => of_expression(scope, expr),
        Stmt::FnCall(call, _) if call.name == "refuse" => None,
        Stmt::FnCall(call, _) => Some(scope.called(call)),
        Stmt::Block(block) => of_block(scope, block.statements()),
        Stmt::If(flow, _) => {
            either(of_block(scope, flow.body.statements()), of_block(scope, flow.branch.statements()))
        }
        Stmt::Return(..) | Stmt::BreakLoop(..) => None,
        _ => Some(Kind::Nothing),
    }
}

fn of_expression(scope: &Scope, expr: &Expr) -> Option<Kind> {
    match expr {
        Expr::Stmt(block) => of_block(scope, block.statements()),
        Expr::FnCall(call, _) if call.name == "refuse" => None,
        other => Some(scope.kind(other)),
    }
}

fn either(a: Option<Kind>, b: Option<Kind>) -> Option<Kind> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.or(b)),
        (one, None) | (None, one) => one,
    }
}
