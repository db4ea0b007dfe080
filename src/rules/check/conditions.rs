//! Conditions that hold although nothing is armed: a negated comparison with a term that may be never
//! (docs/semantics.md 3.2). They load, and `check` asks for `armed(…) &&`.

use super::world::Checked;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::unarmed_condition;
use crate::rules::language::tree::walk;
use crate::rules::words;
use crate::rules::words::word::Reads;
use rhai::{ASTNode, Expr, Position};
use std::collections::BTreeSet;

/// Returns a warning for every such condition.
pub(super) fn unarmed(checked: &Checked) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in checked.files {
        for condition in file.statements.iter().filter_map(|s| s.condition()) {
            let armed: BTreeSet<String> =
                named(condition, Reads::TermRuns).into_iter().map(|(name, _)| name).collect();
            let mut negated = Vec::new();
            walk(condition, &mut |node| {
                if let ASTNode::Expr(Expr::FnCall(call, _)) = node
                    && call.name == "!"
                    && let Some(inner) = call.args.first()
                {
                    negated.extend(named(inner, Reads::TermEnd));
                }
            });
            for (name, position) in negated.into_iter().filter(|(name, _)| !armed.contains(name)) {
                let at = checked.source.at(&file.name, position);
                found.push(unarmed_condition::report(at, &name));
            }
        }
    }
    found
}

/// Returns the names that an expression hands to words that read such a thing.
fn named(expr: &Expr, reads: Reads) -> Vec<(String, Position)> {
    let mut found = Vec::new();
    walk(expr, &mut |node| {
        if let ASTNode::Expr(Expr::FnCall(call, position)) = node
            && words::find(&call.name).is_some_and(|word| word.reads == reads)
            && let Some(Expr::StringConstant(name, _)) = call.args.first()
        {
            found.push((name.to_string(), *position));
        }
    });
    found
}
