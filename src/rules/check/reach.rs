//! Reach: where in a body its variables are known: from their `let` to the brace that closes around it.

use super::bodies::{Body, Text};
use rhai::{Expr, Position, Stmt};
use std::collections::BTreeSet;

/// Returns the variables of a body that are used where they are not known, with their places.
pub(super) fn out_of_reach(body: &Body) -> Vec<(String, Position)> {
    let mut walk = Walk { known: vec![body.given.clone()], own: own(body), found: Vec::new() };
    match &body.text {
        Text::Expression(expr) => walk.expression(expr),
        Text::Statements(statements) => walk.block(statements),
    }
    walk.found
}

/// Returns the names that a body gives to variables anywhere in it.
fn own(body: &Body) -> BTreeSet<String> {
    let names = body.scope.locals.keys();
    // That a name is in use by something else is told of where it is given.
    names.filter(|name| !body.scope.checked.is_taken(name)).cloned().collect()
}

struct Walk {
    /// The names in each block around, outermost first.
    known: Vec<BTreeSet<String>>,
    own: BTreeSet<String>,
    found: Vec<(String, Position)>,
}

impl Walk {
    fn block(&mut self, statements: &[Stmt]) {
        self.within(BTreeSet::new(), |walk| statements.iter().for_each(|s| walk.statement(s)));
    }

    fn within(&mut self, names: BTreeSet<String>, inner: impl FnOnce(&mut Self)) {
        self.known.push(names);
        inner(self);
        self.known.pop();
    }

    fn name(&mut self, name: &str) {
        if let Some(block) = self.known.last_mut() {
            block.insert(name.to_owned());
        }
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Var(var, ..) => {
                self.expression(&var.1);
                self.name(&var.0.name);
            }
            Stmt::Assignment(assignment) => {
                self.expression(&assignment.1.lhs);
                self.expression(&assignment.1.rhs);
            }
            Stmt::FnCall(call, _) => call.args.iter().for_each(|a| self.expression(a)),
            Stmt::Expr(expr) => self.expression(expr),
            Stmt::Block(block) => self.block(block.statements()),
            Stmt::If(flow, _) => {
                self.expression(&flow.expr);
                self.block(flow.body.statements());
                self.block(flow.branch.statements());
            }
            Stmt::For(each, _) => {
                self.expression(&each.2.expr);
                let mut names: BTreeSet<String> = [each.0.name.to_string()].into();
                names.extend(each.1.iter().map(|counter| counter.name.to_string()));
                self.within(names, |walk| walk.block(each.2.body.statements()));
            }
            Stmt::Return(Some(value), ..) | Stmt::BreakLoop(Some(value), ..) => self.expression(value),
            _ => {}
        }
    }

    fn expression(&mut self, expr: &Expr) {
        match expr {
            Expr::Variable(x, _, position) => {
                let name = x.1.as_str();
                if self.own.contains(name) && !self.known.iter().any(|block| block.contains(name)) {
                    self.found.push((name.to_owned(), *position));
                }
            }
            Expr::Stmt(block) => self.block(block.statements()),
            Expr::InterpolatedString(parts, _) | Expr::Array(parts, _) => {
                parts.iter().for_each(|e| self.expression(e));
            }
            Expr::And(parts, _) | Expr::Or(parts, _) | Expr::Coalesce(parts, _) => {
                parts.iter().for_each(|e| self.expression(e));
            }
            Expr::Map(map, _) => map.0.iter().for_each(|(_, value)| self.expression(value)),
            Expr::FnCall(call, _) | Expr::MethodCall(call, _) => {
                call.args.iter().for_each(|a| self.expression(a));
            }
            Expr::Dot(pair, ..) | Expr::Index(pair, ..) => {
                self.expression(&pair.lhs);
                self.expression(&pair.rhs);
            }
            _ => {}
        }
    }
}
