//! Closures: functions that the parser makes of `|m| …`, as they are handed to the methods of lists.

use super::local::Local;
use crate::rules::language::tree::closures;
use rhai::{Expr, FnCallExpr, Stmt};

/// A closure as it is made at one place.
#[derive(Clone, Debug, Default)]
pub(in crate::rules) struct Made<'a> {
    /// What is known of an item of the list whose method it is handed to.
    pub item: Local<'a>,
    /// The number of its parameters that it captures from around it.
    pub captured: usize,
}

/// Returns the closure that an argument makes, and how much it captures: the parser keeps one that captures as a
/// call of `curry` with what it captures.
pub(in crate::rules) fn made(argument: &Expr) -> Option<(String, usize)> {
    match argument {
        Expr::FnCall(call, _) if call.name == "curry" => captured(call),
        Expr::Stmt(block) => block.statements().iter().rev().find_map(|statement| match statement {
            Stmt::Expr(expr) => made(expr),
            Stmt::FnCall(call, _) if call.name == "curry" => captured(call),
            _ => None,
        }),
        other => Some((closures(other).into_iter().next()?, 0)),
    }
}

fn captured(call: &FnCallExpr) -> Option<(String, usize)> {
    let name = call.args.first().map(closures)?.into_iter().next()?;
    Some((name, call.args.len() - 1))
}
