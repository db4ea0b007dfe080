//! Guards: the plain conjuncts at the start of a condition, answered without running a script.
//!
//! A rule's leading conjuncts of the form `complaint.state == "…"`, `complaint.is_open`, `armed("…")`,
//! `letter("…") == "…"` or a constant are compiled here. Most rules are decided by them, and the rules
//! that can hold in a state are indexed by it.

use crate::complaint::{LetterStatus, State};
use crate::rules::language::tree::field_of_complaint;
use crate::rules::procedure::declared::Procedure;
use crate::rules::words::context::Working;
use rhai::{Dynamic, Expr, FnCallExpr, Token};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
pub(in crate::rules) enum Guard {
    Constant { name: String, value: bool },
    StateIs(BTreeSet<String>),
    StateIsNot(String),
    IsOpen,
    Armed(String),
    Letter { message: String, status: String },
}

impl Guard {
    pub fn holds(&self, working: &Working, procedure: &Procedure) -> bool {
        match self {
            Self::Armed(name) => working.case.armed(name).is_some(),
            Self::Letter { message, status } => {
                let letter = working.case.complaint.letters.get(message.as_str());
                letter.map_or("none", |l| LetterStatus::as_str(l.status)) == status
            }
            other => other.holds_in(&working.case.complaint.state, procedure),
        }
    }

    /// Returns whether the guard can hold in a state, whatever else is true.
    pub fn holds_in(&self, state: &State, procedure: &Procedure) -> bool {
        match self {
            Self::Constant { value, .. } => *value,
            Self::StateIs(states) => states.contains(state.as_str()),
            Self::StateIsNot(other) => state.as_str() != other,
            Self::IsOpen => procedure.is_open(state),
            Self::Armed(_) | Self::Letter { .. } => true,
        }
    }

    /// Returns what the guard read, in the words of a firing's reason.
    pub fn reason(&self, working: &Working) -> String {
        match self {
            Self::Constant { name, value } => format!("{name} is {value}"),
            Self::StateIs(_) | Self::StateIsNot(_) => {
                format!("complaint.state is {}", working.case.complaint.state)
            }
            Self::IsOpen => "complaint.is_open is true".to_owned(),
            Self::Armed(name) => format!("armed(\"{name}\") is true"),
            Self::Letter { message, status } => format!("letter(\"{message}\") is {status}"),
        }
    }
}

/// Splits a condition into its leading guards and the conjuncts that need the interpreter.
pub(in crate::rules) fn split(
    condition: &Expr,
    constants: &BTreeMap<String, Dynamic>,
) -> (Vec<Guard>, Vec<Expr>) {
    let conjuncts: &[Expr] = match condition {
        Expr::And(conjuncts, _) => conjuncts,
        single => std::slice::from_ref(single),
    };
    let guards: Vec<Guard> = conjuncts.iter().map_while(|c| guard(c, constants)).collect();
    let rest = conjuncts[guards.len()..].to_vec();
    (guards, rest)
}

fn guard(expr: &Expr, constants: &BTreeMap<String, Dynamic>) -> Option<Guard> {
    match expr {
        Expr::Variable(x, ..) => {
            let value = constants.get(x.1.as_str())?.as_bool().ok()?;
            Some(Guard::Constant { name: x.1.to_string(), value })
        }
        Expr::Dot(..) if field_of_complaint(expr) == Some("is_open") => Some(Guard::IsOpen),
        Expr::Or(choices, _) => {
            let states = choices.iter().map(|c| match guard(c, constants) {
                Some(Guard::StateIs(states)) => Some(states),
                _ => None,
            });
            let states: Option<Vec<_>> = states.collect();
            Some(Guard::StateIs(states?.into_iter().flatten().collect()))
        }
        Expr::FnCall(call, _) => call_guard(call),
        _ => None,
    }
}

fn call_guard(call: &FnCallExpr) -> Option<Guard> {
    if call.op_token.is_none() {
        return match (call.name.as_str(), &call.args[..]) {
            ("armed", [Expr::StringConstant(name, _)]) => Some(Guard::Armed(name.to_string())),
            _ => None,
        };
    }
    let [left, Expr::StringConstant(text, _)] = &call.args[..] else { return None };
    let is_state = field_of_complaint(left) == Some("state");
    match call.op_token.as_ref()? {
        Token::EqualsTo if is_state => Some(Guard::StateIs([text.to_string()].into())),
        Token::NotEqualsTo if is_state => Some(Guard::StateIsNot(text.to_string())),
        Token::EqualsTo => {
            let Expr::FnCall(inner, _) = left else { return None };
            let [Expr::StringConstant(message, _)] = &inner.args[..] else { return None };
            (inner.name == "letter")
                .then(|| Guard::Letter { message: message.to_string(), status: text.to_string() })
        }
        _ => None,
    }
}
