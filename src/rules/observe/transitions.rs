//! The states that a complaint can go to, from which, and by which rule or action, as the rules are written: conditions and
//! branches are followed for each state, into script functions and performed actions. What else a condition asks may be so.

use super::certain::calls;
use super::transitions_truth::{Bound, Question};
use crate::complaint::{ActionId, RuleName, Source, State};
use crate::rules::ruleset::loaded::Ruleset;
use rhai::{Expr, FlowControl, FnCallExpr, Stmt};
use std::collections::BTreeSet;

/// The calls within calls that are followed: in bodies, and in conditions.
const DEPTH: usize = 12;
const DEPTH_OF_TRUTH: usize = 3;
/// The calls of functions and performed actions that are followed in all.
const FOLLOWED: usize = 20_000;

/// Who moves a complaint to another state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mover {
    /// A rule.
    Rule(RuleName),
    /// An action.
    Action(ActionId),
}

impl Mover {
    /// Returns the rule or action that is the source of an event; none for anything else.
    pub fn of(source: &Source) -> Option<Self> {
        match source {
            Source::Rule(name) => Some(Self::Rule(name.clone())),
            Source::Action { id, .. } => Some(Self::Action(id.clone())),
            Source::Engine | Source::Person | Source::Schedule(_) => None,
        }
    }

    /// Returns the name of the rule, or the id of the action.
    pub fn name(&self) -> &str {
        match self {
            Self::Rule(name) => name.as_str(),
            Self::Action(id) => id.as_str(),
        }
    }
}

/// A step from a state to one that may be the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transition {
    /// The state before.
    pub from: State,
    /// The state after.
    pub to: State,
    /// Who takes it.
    pub by: Mover,
}

/// What the rules say of the steps between states.
#[derive(Clone, Debug, Default)]
pub(super) struct Transitions {
    pub found: BTreeSet<Transition>,
    /// Who enters a state that cannot be told from the text.
    pub untold: BTreeSet<Mover>,
}

type States = BTreeSet<State>;

impl Transitions {
    pub fn of(ruleset: &Ruleset) -> Self {
        let mut walk = Walk { ruleset, all: Self::default(), followed: 0 };
        let declared = || ruleset.procedure.states.keys();
        let alive: States =
            declared().filter(|state| !ruleset.procedure.is_terminal(state)).cloned().collect();
        for rule in &ruleset.rules {
            let mut here = Here::of(Mover::Rule(rule.name.clone()), alive.clone(), Bound::new());
            walk.keep(&rule.when, true, &mut here);
            walk.expression(&rule.then, &mut here, DEPTH);
        }
        for action in &ruleset.actions {
            let mut here =
                Here::of(Mover::Action(action.id.clone()), declared().cloned().collect(), Bound::new());
            walk.keep(&action.when.expr, true, &mut here);
            walk.expression(&action.then, &mut here, DEPTH);
        }
        walk.all
    }
}

/// A place in a body: the states in which a complaint can be there.
#[derive(Clone)]
struct Here {
    by: Mover,
    now: States,
    /// The states with which the function was left.
    left: States,
    bound: Bound,
}

impl Here {
    fn of(by: Mover, now: States, bound: Bound) -> Self {
        Self { by, now, left: States::new(), bound }
    }

    /// Goes on with what two ways here came to.
    fn join(&mut self, other: Self) {
        self.now.extend(other.now);
        self.left.extend(other.left);
        self.bound.retain(|name, text| other.bound.get(name) == Some(text));
    }
}

struct Walk<'r> {
    ruleset: &'r Ruleset,
    all: Transitions,
    followed: usize,
}

impl Walk<'_> {
    /// Keeps the states in which a condition can come to `outcome`.
    fn keep(&self, condition: &Expr, outcome: bool, here: &mut Here) {
        let bound = &here.bound;
        here.now.retain(|state| {
            let question = Question { ruleset: self.ruleset, state, bound };
            question.truth(condition, DEPTH_OF_TRUTH) != Some(!outcome)
        });
    }

    fn statements(&mut self, statements: &[Stmt], here: &mut Here, depth: usize) {
        statements.iter().for_each(|statement| self.statement(statement, here, depth));
    }

    fn statement(&mut self, statement: &Stmt, here: &mut Here, depth: usize) {
        match statement {
            Stmt::FnCall(call, _) => self.call(call, here, depth),
            Stmt::Expr(expr) => self.expression(expr, here, depth),
            Stmt::Block(block) => self.statements(block.statements(), here, depth),
            Stmt::Assignment(assignment) => {
                self.expression(&assignment.1.rhs, here, depth);
                if let Expr::Variable(x, ..) = &assignment.1.lhs {
                    self.bind(x.1.as_str(), &assignment.1.rhs, here);
                }
            }
            Stmt::Var(variable, ..) => {
                self.expression(&variable.1, here, depth);
                self.bind(&variable.0.name, &variable.1, here);
            }
            Stmt::If(flow, _) => self.branches(flow, here, depth),
            Stmt::For(each, _) => {
                self.expression(&each.2.expr, here, depth);
                self.repeat(each.2.body.statements(), here, depth);
            }
            Stmt::Return(value, ..) => {
                value.iter().for_each(|value| self.expression(value, here, depth));
                let now = std::mem::take(&mut here.now);
                here.left.extend(now);
            }
            _ => {}
        }
    }

    fn branches(&mut self, flow: &FlowControl, here: &mut Here, depth: usize) {
        self.expression(&flow.expr, here, depth);
        let mut otherwise = here.clone();
        self.keep(&flow.expr, true, here);
        self.keep(&flow.expr, false, &mut otherwise);
        self.statements(flow.body.statements(), here, depth);
        self.statements(flow.branch.statements(), &mut otherwise, depth);
        here.join(otherwise);
    }

    /// Follows statements that run never, once or again, until they lead nowhere else.
    fn repeat(&mut self, statements: &[Stmt], here: &mut Here, depth: usize) {
        loop {
            let before = here.now.len();
            let mut once = here.clone();
            self.statements(statements, &mut once, depth);
            here.join(once);
            if here.now.len() == before {
                return;
            }
        }
    }

    /// Returns whether a call is followed; of who calls where too much was, something is left untold.
    fn may_follow(&mut self, by: &Mover, depth: usize) -> bool {
        self.followed += 1;
        let is_followed = depth > 0 && self.followed <= FOLLOWED;
        if !is_followed {
            self.all.untold.insert(by.clone());
        }
        is_followed
    }

    fn bind(&self, name: &str, value: &Expr, here: &mut Here) {
        match Question::text(self.ruleset, &here.bound, value) {
            Some(text) => drop(here.bound.insert(name.to_owned(), text)),
            None => drop(here.bound.remove(name)),
        }
    }

    fn expression(&mut self, expr: &Expr, here: &mut Here, depth: usize) {
        match expr {
            Expr::Stmt(block) => self.statements(block.statements(), here, depth),
            Expr::FnCall(call, _) => self.call(call, here, depth),
            other => {
                // Calls within: each may happen.
                calls(other, &mut |call, _| {
                    let before = here.clone();
                    self.call(call, here, depth);
                    here.join(before);
                });
            }
        }
    }

    fn call(&mut self, call: &FnCallExpr, here: &mut Here, depth: usize) {
        for argument in call.args.iter().filter(|argument| !argument.is_constant()) {
            self.expression(argument, here, depth);
        }
        match (call.name.as_str(), &call.args[..]) {
            ("enter", [target]) => self.enter(target, here),
            ("refuse", _) => here.now.clear(),
            ("perform", [Expr::StringConstant(id, _), ..]) => self.perform(id, here, depth),
            (name, arguments) => self.function(name, arguments, here, depth),
        }
    }

    fn enter(&mut self, target: &Expr, here: &mut Here) {
        let by = &here.by;
        let declared = &self.ruleset.procedure.states;
        let target = Question::text(self.ruleset, &here.bound, target).map(|text| State::from(text.as_str()));
        let Some(to) = target.filter(|to| declared.contains_key(to)) else {
            if !here.now.is_empty() {
                self.all.untold.insert(by.clone());
                here.now = declared.keys().cloned().collect();
            }
            return;
        };
        let steps =
            here.now.iter().map(|from| Transition { from: from.clone(), to: to.clone(), by: by.clone() });
        self.all.found.extend(steps);
        if !here.now.is_empty() {
            here.now = [to].into();
        }
    }

    /// Follows an action that a rule performs, where it is offered.
    fn perform(&mut self, id: &str, here: &mut Here, depth: usize) {
        let rules = self.ruleset;
        let Some(action) = rules.actions.iter().find(|action| action.id.as_str() == id) else { return };
        if !self.may_follow(&here.by, depth) {
            return;
        }
        let mut inside = Here::of(Mover::Action(action.id.clone()), here.now.clone(), Bound::new());
        self.keep(&action.when.expr, true, &mut inside);
        self.expression(&action.then, &mut inside, depth - 1);
        here.now.extend(inside.now);
        here.now.extend(inside.left);
    }

    fn function(&mut self, name: &str, arguments: &[Expr], here: &mut Here, depth: usize) {
        let rules = self.ruleset;
        let Some(function) = rules.functions.get(name) else { return };
        if !self.may_follow(&here.by, depth) {
            return;
        }
        let given = function.parameters.iter().zip(arguments);
        let text = |value: &Expr| Question::text(rules, &here.bound, value);
        let bound = given.filter_map(|(parameter, value)| Some((parameter.clone(), text(value)?))).collect();
        let mut inside = Here::of(here.by.clone(), std::mem::take(&mut here.now), bound);
        self.statements(&function.body, &mut inside, depth - 1);
        here.now = inside.now;
        here.now.extend(inside.left);
    }
}
