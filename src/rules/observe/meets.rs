//! The terms that an action may meet: those that its body, or a function that it calls, names in `met(…)`, and those that
//! a rule names so once a letter that it sends was accepted.

use super::certain::calls;
use crate::complaint::{DeadlineName, LetterStatus};
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::statements::rule::Rule;
use rhai::{ASTNode, Expr, FnCallExpr, Stmt};
use std::collections::BTreeSet;

/// The terms and letters that a body and what it calls name.
#[derive(Default)]
struct Named {
    met: BTreeSet<DeadlineName>,
    sent: BTreeSet<String>,
    called: Vec<String>,
}

/// Returns the terms that an action may meet, by its id; none where it meets none, or only by way of other rules.
pub fn may_meet(ruleset: &Ruleset, action: &str) -> BTreeSet<DeadlineName> {
    let Some(action) = ruleset.actions.iter().find(|a| a.id.as_str() == action) else {
        return BTreeSet::new();
    };
    let Named { mut met, sent, .. } = named(ruleset, &action.then);
    for rule in ruleset.rules.iter().filter(|rule| sent.iter().any(|letter| awaits(rule, letter))) {
        met.extend(named(ruleset, &rule.then).met);
    }
    met
}

fn named(ruleset: &Ruleset, body: &Expr) -> Named {
    let (mut named, mut entered) = (Named::default(), BTreeSet::new());
    calls(body, &mut |call, _| named.note(call));
    while let Some(name) = named.called.pop() {
        let Some(function) = ruleset.functions.get(name.as_str()) else { continue };
        if entered.insert(name) {
            for statement in function.body.iter() {
                named.look_in(statement);
            }
        }
    }
    named
}

/// Returns whether a rule turns on when a letter was accepted.
fn awaits(rule: &Rule, letter: &str) -> bool {
    let mut awaits = false;
    calls(&rule.when, &mut |call, _| {
        let [Expr::FnCall(asked, _), Expr::StringConstant(status, _)] = &call.args[..] else { return };
        let is_it = matches!(&asked.args[..], [Expr::StringConstant(name, _)] if name.as_str() == letter);
        let is_accepted = status.as_str() == LetterStatus::Accepted.as_str();
        awaits |= call.name == "==" && asked.name == "letter" && is_it && is_accepted;
    });
    awaits
}

impl Named {
    fn note(&mut self, call: &FnCallExpr) {
        match (call.name.as_str(), &call.args[..]) {
            ("met", [Expr::StringConstant(name, _)]) => drop(self.met.insert(name.as_str().into())),
            ("notify", [_, Expr::StringConstant(message, _), ..]) => {
                self.sent.insert(message.to_string());
            }
            (name, _) => self.called.push(name.to_owned()),
        }
    }

    fn look_in(&mut self, statement: &Stmt) {
        statement.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
            if let Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) =
                path.last()
            {
                self.note(call);
            }
            true
        });
    }
}
