//! What a block of statements comes to.

use crate::rules::words::kind::Kind;
use rhai::{ASTNode, Expr, FnCallExpr, Stmt};

/// Knows what expressions are.
pub(in crate::rules) trait Kinds {
    /// Returns the kind of an expression.
    fn of(&self, expr: &Expr) -> Kind;

    /// Returns the kind of what a call gives.
    fn of_call(&self, call: &FnCallExpr) -> Kind;
}

/// Returns the kind of what a block gives to whatever it stands in; none when it never gets to its end.
pub(in crate::rules) fn of_block(kinds: &impl Kinds, statements: &[Stmt]) -> Option<Kind> {
    statements.last().map_or(Some(Kind::Nothing), |last| of_statement(kinds, last))
}

/// Returns the expressions that a block can come to.
pub(in crate::rules) fn ends(statements: &[Stmt]) -> Vec<&Expr> {
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
pub(in crate::rules) fn of_function(kinds: &impl Kinds, statements: &[Stmt]) -> Kind {
    let mut found = of_block(kinds, statements);
    for statement in statements {
        statement.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
            if let Some(ASTNode::Stmt(Stmt::Return(value, ..))) = path.last() {
                let returned = value.as_ref().map_or(Kind::Nothing, |value| kinds.of(value));
                found = either(found, Some(returned));
            }
            true
        });
    }
    found.unwrap_or(Kind::Any)
}

fn of_statement(kinds: &impl Kinds, statement: &Stmt) -> Option<Kind> {
    match statement {
        Stmt::Expr(expr) => of_expression(kinds, expr),
        Stmt::FnCall(call, _) if call.name == "refuse" => None,
        Stmt::FnCall(call, _) => Some(kinds.of_call(call)),
        Stmt::Block(block) => of_block(kinds, block.statements()),
        Stmt::If(flow, _) => {
            either(of_block(kinds, flow.body.statements()), of_block(kinds, flow.branch.statements()))
        }
        Stmt::Return(..) | Stmt::BreakLoop(..) => None,
        _ => Some(Kind::Nothing),
    }
}

fn of_expression(kinds: &impl Kinds, expr: &Expr) -> Option<Kind> {
    match expr {
        Expr::Stmt(block) => of_block(kinds, block.statements()),
        Expr::FnCall(call, _) if call.name == "refuse" => None,
        other => Some(kinds.of(other)),
    }
}

fn either(a: Option<Kind>, b: Option<Kind>) -> Option<Kind> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.or(b)),
        (one, None) | (None, one) => one,
    }
}
