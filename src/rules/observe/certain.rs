//! `Certain`: the facts that a body leaves no doubt about at one place: fields that are filled, deadlines
//! that have been armed.
//!
//! It follows the statements in order, into branches and script functions. What it cannot follow is not
//! certain.

use rhai::{ASTNode, Expr, FnCallExpr, Position, Stmt, Token};
use std::collections::BTreeSet;

/// Names that are certain to be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certain {
    /// Fields of the complaint that are filled, as scripts name them: `promised_by`, `extra.training`;
    /// `meeting` for its meeting.
    pub fields: BTreeSet<String>,
    /// Deadlines that are armed, or have been.
    pub deadlines: BTreeSet<String>,
    /// Inputs of the action that are given.
    pub(super) inputs: BTreeSet<String>,
}

impl Certain {
    /// Learns what follows from a condition that came to `outcome`.
    pub(super) fn learn(&mut self, condition: &Expr, outcome: bool) {
        match condition {
            Expr::And(parts, _) if outcome => parts.iter().for_each(|part| self.learn(part, true)),
            Expr::Or(parts, _) if !outcome => parts.iter().for_each(|part| self.learn(part, false)),
            Expr::Dot(..) if outcome => {
                // A field that is true is filled.
                self.fill(field(condition).as_deref());
            }
            Expr::FnCall(call, _) if call.op_token.is_none() && outcome => self.learn_call(call),
            Expr::FnCall(call, _) => self.learn_operator(call, outcome),
            _ => {}
        }
    }

    fn learn_call(&mut self, call: &FnCallExpr) {
        let [Expr::StringConstant(name, _)] = &call.args[..] else { return };
        match call.name.as_str() {
            "known" => self.fill(Some(name)),
            "armed" | "overdue" => {
                self.deadlines.insert(name.to_string());
            }
            _ => {}
        }
    }

    fn learn_operator(&mut self, call: &FnCallExpr, outcome: bool) {
        if call.name == "!" && call.args.len() == 1 {
            return self.learn(&call.args[0], !outcome);
        }
        let ([left, right], Some(token)) = (&call.args[..], &call.op_token) else { return };
        let is_nothing = matches!(right, Expr::Unit(_));
        match token {
            Token::EqualsTo if is_nothing && !outcome => self.is_there(left),
            Token::NotEqualsTo if is_nothing && outcome => self.is_there(left),
            Token::EqualsTo if outcome && is_literal(right) => self.is_there(left),
            // Nothing comes after the end of a deadline that is not armed: that is never.
            Token::GreaterThan | Token::GreaterThanEqualsTo if outcome => self.has_come(right),
            Token::LessThan | Token::LessThanEqualsTo if outcome => self.has_come(left),
            _ => {}
        }
    }

    fn is_there(&mut self, expr: &Expr) {
        self.fill(field(expr).as_deref());
        self.inputs.extend(input(expr).map(str::to_owned));
    }

    /// Learns from a moment that has come: when it is counted from the end of a deadline, the deadline was
    /// armed.
    fn has_come(&mut self, moment: &Expr) {
        let mut found = Vec::new();
        calls(moment, &mut |call, _| {
            if let ("due" | "alarm_at", [Expr::StringConstant(name, _)]) =
                (call.name.as_str(), &call.args[..])
            {
                found.push(name.to_string());
            }
        });
        self.deadlines.extend(found);
    }

    pub(super) fn fill(&mut self, field: Option<&str>) {
        let Some(field) = field else { return };
        self.fields.insert(field.to_owned());
        match field {
            // The first promise is kept beside the newest.
            "promised_by" => self.fields.insert("promised_by_original".to_owned()),
            "meeting_status" => self.fields.insert("meeting".to_owned()),
            _ => false,
        };
    }

    /// Learns what an assignment leaves in a field.
    pub(super) fn assign(&mut self, field: &str, value: &Expr) {
        if self.is_filled(value) {
            self.fill(Some(field));
        } else {
            self.fields.remove(field);
        }
    }

    /// Returns whether the value of an expression is certain to be something.
    pub(super) fn is_filled(&self, value: &Expr) -> bool {
        match value {
            Expr::Unit(_) | Expr::Stmt(_) => false,
            Expr::Dot(..) => match (field(value), input(value)) {
                (Some(field), _) => ALWAYS.contains(&field.as_str()) || self.fields.contains(&field),
                (_, Some(input)) => self.inputs.contains(input),
                // A property of an element, or a method's result.
                (None, None) => true,
            },
            _ => true,
        }
    }

    /// Keeps what is certain both here and there.
    pub(super) fn intersect(&mut self, other: &Self) {
        self.fields.retain(|name| other.fields.contains(name));
        self.deadlines.retain(|name| other.deadlines.contains(name));
        self.inputs.retain(|name| other.inputs.contains(name));
    }
}

/// Fields that every complaint has from the first moment.
const ALWAYS: &[&str] = &[
    "intake_id",
    "state",
    "subject",
    "received_at",
    "channel",
    "complainant_kind",
    "language",
    "flags",
    "counters",
];

/// Returns `name` of `complaint.name`, and `extra.name` of `complaint.extra.name`; none for anything else.
pub(super) fn field(expr: &Expr) -> Option<String> {
    let Expr::Dot(dot, ..) = expr else { return None };
    let (Expr::Variable(x, ..), field) = (&dot.lhs, &dot.rhs) else { return None };
    if x.1 != "complaint" {
        return None;
    }
    match field {
        Expr::Property(property, _) => Some(property.2.to_string()),
        Expr::Dot(own, ..) => match (&own.lhs, &own.rhs) {
            (Expr::Property(group, _), Expr::Property(name, _)) => Some(format!("{}.{}", group.2, name.2)),
            _ => None,
        },
        _ => None,
    }
}

/// Returns `name` of `input.name`; none for anything else.
fn input(expr: &Expr) -> Option<&str> {
    let Expr::Dot(dot, ..) = expr else { return None };
    match (&dot.lhs, &dot.rhs) {
        (Expr::Variable(x, ..), Expr::Property(property, _)) if x.1 == "input" => Some(property.2.as_str()),
        _ => None,
    }
}

/// Visits every call in an expression, with its place.
pub(super) fn calls(expr: &Expr, visit: &mut dyn FnMut(&FnCallExpr, Position)) {
    expr.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
        if let Some(
            ASTNode::Expr(Expr::FnCall(call, position) | Expr::MethodCall(call, position))
            | ASTNode::Stmt(Stmt::FnCall(call, position)),
        ) = path.last()
        {
            visit(call, *position);
        }
        true
    });
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::StringConstant(..) | Expr::IntegerConstant(..) | Expr::BoolConstant(..))
}
