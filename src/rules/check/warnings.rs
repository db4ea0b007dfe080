//! Warnings: what loads but is probably not meant.

use crate::rules::language::diagnostic::Diagnostic;
use crate::rules::language::tree::walk;
use crate::rules::statements::script::ScriptFile;
use rhai::{ASTNode, Expr, Position};
use std::collections::BTreeSet;

/// Conditions that hold although nothing is armed: a negated comparison with a deadline that may be never
/// (semantics 3.2). They load, and `check` asks for `armed(…) &&`.
pub(in crate::rules) fn warnings(files: &[ScriptFile]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in files {
        for condition in file.statements.iter().filter_map(|s| s.part("when")) {
            let mut armed = BTreeSet::new();
            let mut negated = Vec::new();
            walk(condition, &mut |node| {
                let ASTNode::Expr(Expr::FnCall(call, _)) = node else { return };
                match (call.name.as_str(), call.args.first()) {
                    ("armed", Some(Expr::StringConstant(name, _))) => {
                        armed.insert(name.to_string());
                    }
                    ("!", Some(inner)) => negated.extend(deadlines_read(inner)),
                    _ => {}
                }
            });
            for (name, position) in negated.into_iter().filter(|(name, _)| !armed.contains(name)) {
                let text = format!("this is also true while deadline `{name}` is not armed");
                let help = format!("write armed(\"{name}\") && before it");
                found.push(Diagnostic::at(&file.name, position, text).help(help));
            }
        }
    }
    found
}

fn deadlines_read(expr: &Expr) -> Vec<(String, Position)> {
    let mut found = Vec::new();
    walk(expr, &mut |node| {
        if let ASTNode::Expr(Expr::FnCall(call, position)) = node
            && ["due", "alarm_at", "overdue"].contains(&call.name.as_str())
            && let Some(Expr::StringConstant(name, _)) = call.args.first()
        {
            found.push((name.to_string(), *position));
        }
    });
    found
}
