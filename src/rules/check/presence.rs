//! Presence: what may be empty is looked at before it is compared or counted from. An empty day is a fault when it
//! is reached (docs/semantics.md 4.4), and for an element or an answer it is the usual case.
//!
//! It follows a condition in the order in which it is evaluated, and a body in the order in which it runs, into
//! closures and functions. Of a body's fields nothing is said: what another rule filled before is not seen here.

use super::bodies::{Body, Text};
use super::known::Known;
use super::operators::is_order;
use super::place::{Part, Place};
use super::scope::Scope;
use super::wrong::{Finding, Wrong};
use crate::rules::language::tree::start;
use crate::rules::words;
use crate::rules::words::kind::{Family, Kind};
use rhai::{Expr, FlowControl, FnCallExpr, Stmt, Token};
use std::collections::BTreeMap;

/// Functions are followed this deep.
const DEPTH: usize = 8;

/// Returns what is used although it may be empty.
pub(super) fn check(bodies: &[Body]) -> Vec<Finding> {
    let functions = bodies.iter().filter(|b| b.part == Part::Function).map(|b| ((b.of.as_str(), b.place), b));
    let mut walk = Walk { functions: functions.collect(), found: Vec::new(), depth: DEPTH };
    let mut after: BTreeMap<&str, Known> = BTreeMap::new();
    for body in bodies {
        let Text::Expression(expr) = &body.text else { continue };
        match body.part {
            Part::When => {
                walk.expression(body, &body.scope, expr, &mut Known::default());
                let mut known = Known::default();
                walk.learn(&body.scope, expr, true, &mut known);
                after.insert(&body.of, known);
            }
            Part::List | Part::Asks | Part::Every | Part::Then => {
                let mut known = after.get(body.of.as_str()).cloned().unwrap_or_default();
                walk.expression(body, &body.scope, expr, &mut known);
            }
            Part::Constant | Part::Function | Part::Closure => {}
        }
    }
    walk.found
}

/// The reach of the statements after a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    GoesOn,
    Ends,
}

struct Walk<'w, 'a> {
    functions: BTreeMap<(&'w str, Place), &'w Body<'a>>,
    found: Vec<Finding>,
    depth: usize,
}

impl<'w, 'a> Walk<'w, 'a> {
    fn expression(&mut self, body: &Body<'a>, scope: &Scope<'a>, expr: &Expr, known: &mut Known) {
        match expr {
            Expr::And(parts, _) => self.parts(body, scope, parts, true, known),
            Expr::Or(parts, _) => self.parts(body, scope, parts, false, known),
            Expr::FnCall(call, _) => self.call(body, scope, call, known),
            Expr::Dot(dot, ..) => {
                self.expression(body, scope, &dot.lhs, known);
                self.methods(body, scope, expr, known);
            }
            Expr::Stmt(block) => {
                self.statements(body, scope, block.statements(), &mut known.clone());
            }
            Expr::InterpolatedString(parts, _) | Expr::Array(parts, _) => {
                parts.iter().for_each(|e| self.expression(body, scope, e, known));
            }
            Expr::Map(map, _) => map.0.iter().for_each(|(_, e)| self.expression(body, scope, e, known)),
            Expr::Index(pair, ..) => {
                self.expression(body, scope, &pair.lhs, known);
                self.expression(body, scope, &pair.rhs, known);
            }
            _ => {}
        }
    }

    /// Goes through the parts of an `&&` or `||`: each is reached when those before it came to `outcome`.
    fn parts(&mut self, body: &Body<'a>, scope: &Scope<'a>, parts: &[Expr], outcome: bool, known: &Known) {
        let mut known = known.clone();
        for part in parts {
            self.expression(body, scope, part, &mut known);
            self.learn(scope, part, outcome, &mut known);
        }
    }

    fn methods(&mut self, body: &Body<'a>, scope: &Scope<'a>, expr: &Expr, known: &mut Known) {
        for (receiver, step) in scope.steps(expr) {
            let Expr::MethodCall(call, _) = step else { continue };
            match scope.closure(&receiver, call) {
                Some((inner, statements)) => {
                    self.statements(body, &inner, &statements, &mut known.clone());
                }
                None => call.args.iter().for_each(|e| self.expression(body, scope, e, known)),
            }
        }
    }

    fn call(&mut self, body: &Body<'a>, scope: &Scope<'a>, call: &FnCallExpr, known: &mut Known) {
        if call.name == "curry" {
            return;
        }
        call.args.iter().for_each(|e| self.expression(body, scope, e, known));
        match (&call.op_token, &call.args[..]) {
            (Some(token), [left, right]) if is_order(token) => {
                self.needed(body, scope, left, known);
                self.needed(body, scope, right, known);
            }
            (Some(Token::Plus | Token::Minus), [left, right])
                if scope.kind(right).family() == Family::Span =>
            {
                self.needed(body, scope, left, known);
            }
            (None, arguments) => {
                self.enter(&call.name, scope.place, known);
                let form = words::find(&call.name).and_then(|word| word.form(arguments.len()));
                let taken = form.map_or(&[][..], |form| form.takes);
                for (argument, _) in arguments.iter().zip(taken).filter(|(_, taken)| taken.kind == Kind::Day)
                {
                    self.needed(body, scope, argument, known);
                }
            }
            _ => {}
        }
    }

    /// Goes through a function with what is known where it is called.
    fn enter(&mut self, name: &str, place: Place, known: &Known) {
        let Some(body) = self.functions.get(&(name, place)).copied().filter(|_| self.depth > 0) else {
            return;
        };
        let Text::Statements(statements) = &body.text else { return };
        self.depth -= 1;
        self.statements(body, &body.scope, statements, &mut known.without(&body.given));
        self.depth += 1;
    }

    fn needed(&mut self, body: &Body<'a>, scope: &Scope<'a>, expr: &Expr, known: &mut Known) {
        let Some(what) = Known::may_be_empty(scope, expr).filter(|what| !known.is_filled(what)) else {
            return;
        };
        let is_seen = scope.place == Place::Condition || !what.starts_with("complaint.");
        if is_seen {
            self.found.push(body.finding(start(expr), Wrong::MayBeEmpty { what: what.clone() }));
        }
        known.fill(what);
    }

    fn statements(
        &mut self,
        body: &Body<'a>,
        scope: &Scope<'a>,
        statements: &[Stmt],
        known: &mut Known,
    ) -> Flow {
        for statement in statements {
            if self.statement(body, scope, statement, known) == Flow::Ends {
                return Flow::Ends;
            }
        }
        Flow::GoesOn
    }

    fn statement(&mut self, body: &Body<'a>, scope: &Scope<'a>, statement: &Stmt, known: &mut Known) -> Flow {
        match statement {
            Stmt::Var(var, ..) => self.expression(body, scope, &var.1, known),
            Stmt::Assignment(assignment) => {
                self.expression(body, scope, &assignment.1.rhs, known);
                known.assign(scope, &assignment.1.lhs, &assignment.1.rhs);
            }
            Stmt::FnCall(call, _) => return self.step(body, scope, call, known),
            Stmt::Expr(expr) => match &**expr {
                Expr::FnCall(call, _) => return self.step(body, scope, call, known),
                Expr::Stmt(block) => return self.statements(body, scope, block.statements(), known),
                other => self.expression(body, scope, other, known),
            },
            Stmt::Block(block) => return self.statements(body, scope, block.statements(), known),
            Stmt::If(flow, _) => return self.branches(body, scope, flow, known),
            Stmt::For(each, _) => {
                self.expression(body, scope, &each.2.expr, known);
                self.statements(body, scope, each.2.body.statements(), &mut known.clone());
            }
            Stmt::Return(value, ..) => {
                value.iter().for_each(|e| self.expression(body, scope, e, known));
                return Flow::Ends;
            }
            _ => {}
        }
        Flow::GoesOn
    }

    /// Goes through a call that stands as a statement.
    fn step(&mut self, body: &Body<'a>, scope: &Scope<'a>, call: &FnCallExpr, known: &mut Known) -> Flow {
        self.call(body, scope, call, known);
        if call.name == "refuse" { Flow::Ends } else { Flow::GoesOn }
    }

    fn branches(
        &mut self,
        body: &Body<'a>,
        scope: &Scope<'a>,
        flow: &FlowControl,
        known: &mut Known,
    ) -> Flow {
        self.expression(body, scope, &flow.expr, known);
        let (mut yes, mut no) = (known.clone(), known.clone());
        self.learn(scope, &flow.expr, true, &mut yes);
        self.learn(scope, &flow.expr, false, &mut no);
        let then = self.statements(body, scope, flow.body.statements(), &mut yes);
        let otherwise = self.statements(body, scope, flow.branch.statements(), &mut no);
        match (then, otherwise) {
            (Flow::Ends, Flow::Ends) => return Flow::Ends,
            (Flow::Ends, Flow::GoesOn) => *known = no,
            (Flow::GoesOn, Flow::Ends) => *known = yes,
            (Flow::GoesOn, Flow::GoesOn) => *known = yes.both(&no),
        }
        Flow::GoesOn
    }

    /// Learns what follows from a condition that came to `outcome`; of a function that is one expression, from
    /// that.
    fn learn(&self, scope: &Scope<'a>, condition: &Expr, outcome: bool, known: &mut Known) {
        known.learn(scope, condition, outcome, &|name| {
            let body = self.functions.get(&(name, scope.place)).filter(|body| body.given.is_empty())?;
            match &body.text {
                Text::Statements(statements) => match &statements[..] {
                    [Stmt::Expr(expr)] => Some((**expr).clone()),
                    _ => None,
                },
                Text::Expression(_) => None,
            }
        });
    }
}
