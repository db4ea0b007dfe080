//! States that no rule can see: a block enters them and goes on to another (docs/semantics.md 4.1).

use super::world::Checked;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::unseen_state;
use rhai::{Expr, FnCallExpr, Position, Stmt};

/// The words of which only the last in a block counts for rules.
const PASSING: [&str; 2] = ["enter", "escalate"];

/// Returns a warning for every such state or step.
pub(super) fn unseen(checked: &Checked) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in checked.files {
        let bodies = file.statements.iter().filter_map(|s| s.body());
        for block in bodies.filter_map(|body| if let Expr::Stmt(block) = body { Some(block) } else { None }) {
            let calls: Vec<(&FnCallExpr, Position)> = block.statements().iter().filter_map(call).collect();
            for word in PASSING {
                let entered: Vec<_> = calls.iter().filter(|(call, _)| call.name == word).collect();
                let Some((_, passed)) = entered.split_last() else { continue };
                let at = |position: Position| checked.source.at(&file.name, position);
                found.extend(passed.iter().map(|(_, position)| unseen_state::report(at(*position), word)));
            }
        }
    }
    found
}

fn call(statement: &Stmt) -> Option<(&FnCallExpr, Position)> {
    match statement {
        Stmt::FnCall(call, position) => Some((call, *position)),
        Stmt::Expr(expr) => match &**expr {
            Expr::FnCall(call, position) => Some((call, *position)),
            _ => None,
        },
        _ => None,
    }
}
