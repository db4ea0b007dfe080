//! `Known`: what is certain to be filled in at one place of a script.

use super::scope::{Scope, asked_as, is_with};
use crate::rules::procedure::extra::ExtraKind;
use crate::rules::words::field::Presence;
use crate::rules::words::fields;
use crate::rules::words::kind::Kind;
use rhai::{Expr, FnCallExpr, Token};
use std::collections::BTreeSet;

/// Conditions are followed through functions this deep.
const DEPTH: usize = 8;

/// The values that are filled, as scripts write them: `complaint.promised_by`, `it.due`, `input.day`.
#[derive(Clone, Debug, Default)]
pub(super) struct Known(BTreeSet<String>);

/// Gives the expression that a function is.
type FunctionAsExpression<'f> = &'f dyn Fn(&str) -> Option<Expr>;

impl Known {
    pub fn is_filled(&self, what: &str) -> bool {
        self.0.contains(what)
    }

    pub fn fill(&mut self, what: impl Into<String>) {
        self.0.insert(what.into());
    }

    /// Returns what is known where these names mean something else.
    pub fn without(&self, names: &BTreeSet<String>) -> Self {
        let is_ours = |what: &&String| what.split('.').next().is_some_and(|root| !names.contains(root));
        Self(self.0.iter().filter(is_ours).cloned().collect())
    }

    /// Returns what is known on both ways.
    pub fn both(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).cloned().collect())
    }

    /// Returns a day or moment as it is written, when it may be empty.
    pub fn may_be_empty(scope: &Scope, expr: &Expr) -> Option<String> {
        let what = written(expr)?;
        let steps = scope.steps(expr);
        let (receiver, last) = steps.last()?;
        let may = match (receiver.kind, last) {
            (Kind::ThisComplaint, Expr::MethodCall(call, _)) => call.name == "last",
            (Kind::ThisComplaint, Expr::Property(p, _)) => fields::find(&p.2).is_some_and(|f| {
                f.presence == Presence::Sometimes && matches!(f.kind, Kind::Date | Kind::Moment)
            }),
            (Kind::OwnFields, Expr::Property(p, _)) => {
                let field = scope.checked.procedure.extra.get(p.2.as_str());
                field.is_some_and(|field| field.kind == ExtraKind::Date)
            }
            (Kind::Measure | Kind::Complaint, Expr::Property(..)) => scope.kind(expr) == Kind::Date,
            (Kind::Member, Expr::Property(p, _)) => scope.kind(expr) == Kind::Date && p.2 != "received_on",
            (Kind::Input, Expr::Property(p, _)) => scope.kind(expr) == Kind::Date && is_optional(scope, &p.2),
            _ => false,
        };
        may.then_some(what)
    }

    /// Learns what an assignment leaves.
    pub fn assign(&mut self, scope: &Scope, to: &Expr, value: &Expr) {
        let Some(what) = written(to) else { return };
        let is_empty = matches!(value, Expr::Unit(_))
            || Self::may_be_empty(scope, value).is_some_and(|value| !self.is_filled(&value));
        if is_empty {
            self.0.remove(&what);
        } else {
            self.fill(what);
        }
    }

    /// Learns what follows from a condition that came to `outcome`.
    pub fn learn(&mut self, scope: &Scope, condition: &Expr, outcome: bool, function: FunctionAsExpression) {
        self.learn_within(scope, condition, outcome, function, DEPTH);
    }

    fn learn_within(
        &mut self,
        scope: &Scope,
        condition: &Expr,
        outcome: bool,
        function: FunctionAsExpression,
        depth: usize,
    ) {
        match condition {
            Expr::And(parts, _) if outcome => {
                parts.iter().for_each(|p| self.learn_within(scope, p, true, function, depth));
            }
            Expr::Or(parts, _) if !outcome => {
                parts.iter().for_each(|p| self.learn_within(scope, p, false, function, depth));
            }
            Expr::FnCall(call, _) if call.op_token == Some(Token::Bang) => {
                call.args.iter().for_each(|p| self.learn_within(scope, p, !outcome, function, depth));
            }
            Expr::FnCall(call, _) if call.op_token.is_some() => self.learn_comparison(scope, call, outcome),
            Expr::FnCall(call, _) => {
                if outcome {
                    self.learn_word(call);
                }
                if let Some(expr) = function(&call.name).filter(|_| depth > 0) {
                    self.learn_within(scope, &expr, outcome, function, depth - 1);
                }
            }
            _ => {}
        }
    }

    fn learn_word(&mut self, call: &FnCallExpr) {
        let [Expr::StringConstant(name, _)] = &call.args[..] else { return };
        match call.name.as_str() {
            "known" => self.fill_field(name),
            "happened" => self.fill(happening(name)),
            _ => {}
        }
    }

    fn learn_comparison(&mut self, scope: &Scope, call: &FnCallExpr, outcome: bool) {
        let [left, right] = &call.args[..] else { return };
        let is_equal = match call.op_token {
            Some(Token::EqualsTo) => outcome,
            Some(Token::NotEqualsTo) => !outcome,
            _ => return,
        };
        for (one, other) in [(left, right), (right, left)] {
            let Some(what) = written(one) else { continue };
            match other {
                Expr::Unit(_) if !is_equal => self.fill_as_written(&what),
                Expr::StringConstant(name, _) if is_equal => {
                    self.fill_as_written(&what);
                    // Whoever is somewhere came there; but for where everybody begins.
                    let initial = scope.checked.procedure.initial.as_str();
                    if ["complaint.state", "complaint.escalation"].contains(&what.as_str()) && name != initial
                    {
                        self.fill(happening(name));
                    }
                }
                Expr::IntegerConstant(..) | Expr::BoolConstant(..) if is_equal => self.fill_as_written(&what),
                _ => {}
            }
        }
    }

    fn fill_as_written(&mut self, what: &str) {
        match what.strip_prefix("complaint.") {
            Some(field) => self.fill_field(field),
            None => self.fill(what),
        }
    }

    fn fill_field(&mut self, field: &str) {
        self.fill(format!("complaint.{field}"));
        match field {
            // The first promise is kept beside the newest.
            "promised_by" => self.fill("complaint.promised_by_original"),
            "meeting_status" => self.fill("complaint.meeting_on"),
            _ => {}
        }
    }
}

fn happening(name: &str) -> String {
    format!("complaint.last(\"{name}\")")
}

fn is_optional(scope: &Scope, name: &str) -> bool {
    let is_own = scope.checked.procedure.extra.contains_key(name);
    let asks = || scope.around.asks.iter().filter_map(|asked| asked.written);
    if is_own && asks().any(|asks| asked_as(asks, name).is_none()) {
        return true;
    }
    let mut asked = asks().filter_map(|asks| asked_as(asks, name));
    asked.any(|question| is_with(question, "optional"))
}

/// Returns a chain of fields as it is written; none for anything else.
fn written(expr: &Expr) -> Option<String> {
    let Expr::Dot(dot, ..) = expr else { return None };
    let Expr::Variable(x, ..) = &dot.lhs else { return None };
    let mut text = x.1.to_string();
    let mut rest = &dot.rhs;
    loop {
        let (step, next) = match rest {
            Expr::Dot(dot, ..) => (&dot.lhs, Some(&dot.rhs)),
            last => (last, None),
        };
        match step {
            Expr::Property(p, _) => text = format!("{text}.{}", p.2),
            Expr::MethodCall(call, _) => match &call.args[..] {
                [Expr::StringConstant(name, _)] => text = format!("{text}.{}(\"{name}\")", call.name),
                _ => return None,
            },
            _ => return None,
        }
        match next {
            Some(next) => rest = next,
            None => return Some(text),
        }
    }
}
