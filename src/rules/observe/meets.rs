//! The terms that an action may meet: those that its body, or a function that it calls, names in `met(…)`.

use super::certain::calls;
use crate::complaint::DeadlineName;
use crate::rules::ruleset::loaded::Ruleset;
use rhai::{ASTNode, Expr, Stmt};
use std::collections::BTreeSet;

/// Returns the terms that an action may meet, by its id; none where it meets none, or only by way of rules.
pub fn may_meet(ruleset: &Ruleset, action: &str) -> BTreeSet<DeadlineName> {
    let mut found = BTreeSet::new();
    let mut entered = BTreeSet::new();
    if let Some(action) = ruleset.actions.iter().find(|a| a.id.as_str() == action) {
        let mut called = Vec::new();
        look(&action.then, &mut found, &mut called);
        while let Some(name) = called.pop() {
            let Some(function) = ruleset.functions.get(name.as_str()) else { continue };
            if entered.insert(name) {
                for statement in function.body.iter() {
                    look_in(statement, &mut found, &mut called);
                }
            }
        }
    }
    found
}

fn look(expr: &Expr, found: &mut BTreeSet<DeadlineName>, called: &mut Vec<String>) {
    calls(expr, &mut |call, _| match (call.name.as_str(), &call.args[..]) {
        ("met", [Expr::StringConstant(name, _)]) => drop(found.insert(name.as_str().into())),
        (name, _) => called.push(name.to_owned()),
    });
}

fn look_in(statement: &Stmt, found: &mut BTreeSet<DeadlineName>, called: &mut Vec<String>) {
    statement.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
        let (Some(ASTNode::Expr(Expr::FnCall(call, _))) | Some(ASTNode::Stmt(Stmt::FnCall(call, _)))) =
            path.last()
        else {
            return true;
        };
        match (call.name.as_str(), &call.args[..]) {
            ("met", [Expr::StringConstant(name, _)]) => drop(found.insert(name.as_str().into())),
            (name, _) => called.push(name.to_owned()),
        }
        true
    });
}
