//! What the conditions of rules come to in one state, as far as the state alone tells it.

use crate::complaint::State;
use crate::rules::evaluate::evaluator::is_negation;
use crate::rules::language::tree::{field_of_complaint, literals};
use crate::rules::ruleset::loaded::Ruleset;
use rhai::{Expr, FnCallExpr, Stmt, Token};
use std::collections::BTreeMap;

/// The variables that are known to hold a text.
pub(super) type Bound = BTreeMap<String, String>;

/// A condition is asked of one state.
#[derive(Clone, Copy)]
pub(super) struct Question<'q> {
    pub ruleset: &'q Ruleset,
    pub state: &'q State,
    pub bound: &'q Bound,
}

impl Question<'_> {
    /// Returns what a condition comes to; none where more than the state decides it. Functions are followed so deep.
    pub fn truth(self, condition: &Expr, depth: usize) -> Option<bool> {
        match condition {
            Expr::BoolConstant(value, _) => Some(*value),
            Expr::Variable(x, ..) => self.ruleset.constant(x.1.as_str())?.as_bool().ok(),
            Expr::And(parts, _) => self.all(parts, true, depth),
            Expr::Or(parts, _) => self.all(parts, false, depth),
            Expr::Dot(..) if field_of_complaint(condition) == Some("is_open") => {
                Some(self.ruleset.procedure.is_open(self.state))
            }
            Expr::FnCall(call, _) if is_negation(call) => Some(!self.truth(call.args.first()?, depth)?),
            Expr::FnCall(call, _) => self.call(call, depth),
            Expr::Stmt(block) => self.body(block.statements(), depth),
            _ => None,
        }
    }

    /// Returns `outcome` where all parts come to it, and its opposite where one does.
    fn all(self, parts: &[Expr], outcome: bool, depth: usize) -> Option<bool> {
        let mut all = Some(outcome);
        for part in parts {
            match self.truth(part, depth) {
                Some(truth) if truth != outcome => return Some(truth),
                Some(_) => {}
                None => all = None,
            }
        }
        all
    }

    fn call(self, call: &FnCallExpr, depth: usize) -> Option<bool> {
        match (&call.op_token, &call.args[..]) {
            (Some(Token::EqualsTo), [left, right]) => self.is(left, right),
            (Some(Token::NotEqualsTo), [left, right]) => Some(!self.is(left, right)?),
            (_, [list, item]) if call.name == "contains" && field_of_complaint(item) == Some("state") => {
                Some(literals(list)?.iter().any(|(text, _)| *text == self.state.as_str()))
            }
            _ => {
                let function = self.ruleset.functions.get(call.name.as_str()).filter(|_| depth > 0)?;
                let given = function.parameters.iter().zip(call.args.iter());
                let text = |value: &Expr| Self::text(self.ruleset, self.bound, value);
                let bound = given.filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect();
                Question { bound: &bound, ..self }.body(&function.body, depth - 1)
            }
        }
    }

    fn is(self, left: &Expr, right: &Expr) -> Option<bool> {
        let is_state = |expr: &Expr| field_of_complaint(expr) == Some("state");
        let text = match (is_state(left), is_state(right)) {
            (true, false) => Self::text(self.ruleset, self.bound, right)?,
            (false, true) => Self::text(self.ruleset, self.bound, left)?,
            _ => return None,
        };
        Some(text == self.state.as_str())
    }

    /// Returns what a body comes to that is one expression.
    fn body(self, statements: &[Stmt], depth: usize) -> Option<bool> {
        match statements {
            [Stmt::Expr(value)] => self.truth(value, depth),
            [Stmt::Return(Some(value), ..)] => self.truth(value, depth),
            [Stmt::FnCall(call, _)] => self.call(call, depth),
            _ => None,
        }
    }

    /// Returns the text that a value is known to be.
    pub fn text(ruleset: &Ruleset, bound: &Bound, value: &Expr) -> Option<String> {
        match value {
            Expr::StringConstant(text, _) => Some(text.to_string()),
            Expr::Variable(x, ..) => match bound.get(x.1.as_str()) {
                Some(text) => Some(text.clone()),
                None => ruleset.constant(x.1.as_str())?.into_string().ok(),
            },
            _ => None,
        }
    }
}
