//! `Reader`: reads the plain parts of a condition as statements about one thing each.

use super::moments;
use super::statement::{Atom, Subject, half, number, text, turned};
use super::values::Values;
use crate::rules::check::operators::is_order;
use crate::rules::check::scope::Scope;
use crate::rules::check::uses::Uses;
use crate::rules::words::field::Presence;
use crate::rules::words::fields;
use crate::rules::words::kind::{Family, Kind};
use crate::rules::words::vocabulary::{NO_LETTER, Vocabulary};
use crate::rules::words::word::Does;
use rhai::{Expr, FnCallExpr, Token};
use std::collections::BTreeSet;

/// The way in which a value is empty, among names.
const EMPTY: &str = "()";

/// Reads parts of conditions as statements about one thing.
#[derive(Clone, Copy)]
pub(super) struct Reader<'r, 'a> {
    pub scope: &'r Scope<'a>,
    pub uses: &'r Uses,
}

impl Reader<'_, '_> {
    /// Returns what a part of a condition says; of anything that is not understood, that it is true.
    pub fn atom(&self, expr: &Expr) -> Atom {
        match expr {
            Expr::FnCall(call, _) if call.op_token == Some(Token::Bang) => {
                let inner = call.args.first().map(|inner| self.atom(inner));
                inner.map_or_else(
                    || self.itself(expr),
                    |a| Atom { values: within(a.values.others(), &a.possible), ..a },
                )
            }
            Expr::BoolConstant(value, _) => {
                let subject = Subject { what: "true".to_owned(), unit: None };
                Atom {
                    subject,
                    values: Values::name("true"),
                    possible: Some(Values::name(value.to_string())),
                }
            }
            Expr::Or(parts, _) => self.either(parts).unwrap_or_else(|| self.itself(expr)),
            Expr::FnCall(call, _) => self.call(call).unwrap_or_else(|| self.itself(expr)),
            Expr::Dot(..) => self.open(expr).unwrap_or_else(|| self.itself(expr)),
            _ => self.itself(expr),
        }
    }

    /// Returns several statements about the same thing as one.
    fn either(&self, parts: &[Expr]) -> Option<Atom> {
        let mut atoms = parts.iter().map(|part| self.atom(part));
        let first = atoms.next()?;
        atoms.try_fold(first, |known, next| {
            (known.subject == next.subject).then(|| Atom { values: known.values.or(&next.values), ..known })
        })
    }

    fn itself(&self, expr: &Expr) -> Atom {
        let possible = self.yes_or_no(expr);
        let subject = Subject { what: text(expr), unit: None };
        Atom { subject, values: Values::name("true"), possible: Some(possible) }
    }

    /// Returns whether something can be true at all: a term that nothing arms, an event that nothing brings.
    fn yes_or_no(&self, expr: &Expr) -> Values {
        let both = Values::Names(["true", "false"].map(str::to_owned).into());
        let Expr::FnCall(call, _) = expr else { return both };
        let [Expr::StringConstant(name, _)] = &call.args[..] else { return both };
        let is_possible = match call.name.as_str() {
            "armed" | "overdue" => self.uses.done(Does::ArmsTerm, name).is_some(),
            "happened" => self.happens(name),
            _ => true,
        };
        if is_possible { both } else { Values::name("false") }
    }

    fn happens(&self, what: &str) -> bool {
        let declared = &self.scope.checked.declared;
        let is_state = Vocabulary::State.names(declared).contains(&what);
        let is_step = Vocabulary::Escalation.names(declared).contains(&what);
        let is_other = !is_state && !is_step || declared.actions.contains(what);
        is_other || is_state && self.is_reached(what) || self.uses.done(Does::Escalates, what).is_some()
    }

    fn is_reached(&self, state: &str) -> bool {
        state == self.scope.checked.procedure.initial.as_str()
            || self.uses.done(Does::Enters, state).is_some()
    }

    /// Reads `complaint.is_open` as what it says of the state.
    fn open(&self, expr: &Expr) -> Option<Atom> {
        let Expr::Dot(dot, ..) = expr else { return None };
        let (Expr::Variable(x, ..), Expr::Property(p, _)) = (&dot.lhs, &dot.rhs) else { return None };
        if x.1 != "complaint" || p.2 != "is_open" {
            return None;
        }
        let states = &self.scope.checked.procedure.states;
        let open = states.iter().filter(|(_, s)| s.open).map(|(name, _)| name.to_string()).collect();
        let subject = Subject { what: "complaint.state".to_owned(), unit: None };
        let values = self.reached(Values::Names(open));
        Some(Atom { subject, values, possible: Some(self.states(|_| true)) })
    }

    fn states(&self, which: impl Fn(&str) -> bool) -> Values {
        let states = self.scope.checked.procedure.states.keys().map(|s| s.as_str());
        Values::Names(states.filter(|s| which(s)).map(str::to_owned).collect())
    }

    /// Returns the states as they are, or none where none of them is ever entered.
    fn reached(&self, states: Values) -> Values {
        let reached = states.and(&self.states(|s| self.is_reached(s)));
        if reached.is_empty() { reached } else { states }
    }

    fn call(&self, call: &FnCallExpr) -> Option<Atom> {
        let [left, right] = &call.args[..] else { return None };
        if call.name == "contains" {
            let texts = self.written(left)?;
            return Some(self.about(right, Values::Names(texts)));
        }
        let token = call.op_token.as_ref()?;
        match token {
            Token::EqualsTo | Token::NotEqualsTo => {
                let (of, values) =
                    self.value(right).map(|v| (left, v)).or_else(|| self.value(left).map(|v| (right, v)))?;
                let atom = self.about(of, values);
                Some(if *token == Token::EqualsTo {
                    atom
                } else {
                    Atom { values: within(atom.values.others(), &atom.possible), ..atom }
                })
            }
            token if is_order(token) => {
                self.ordered(left, token, right).or_else(|| moments::compared(self.scope, left, token, right))
            }
            _ => None,
        }
    }

    /// Reads a comparison of a number with a limit.
    fn ordered(&self, left: &Expr, token: &Token, right: &Expr) -> Option<Atom> {
        let (of, token, limit) = match (number(self.scope, left), number(self.scope, right)) {
            (None, Some(limit)) => (left, token.clone(), limit),
            (Some(limit), None) => (right, turned(token)?, limit),
            _ => return None,
        };
        if self.scope.kind(of).family() != Family::Number {
            return None;
        }
        Some(self.about(of, half(&token, limit)?))
    }

    /// Makes a statement about an expression.
    fn about(&self, of: &Expr, values: Values) -> Atom {
        let possible = match values {
            Values::Numbers(_) => counts(of).then(|| Values::range(0, i64::MAX)),
            _ => self.possible(of),
        };
        let what = if is_state(of) { "complaint.state".to_owned() } else { text(of) };
        let values = within(values, &possible);
        let values = if is_state(of) { self.reached(values) } else { values };
        Atom { subject: Subject { what, unit: None }, values, possible }
    }

    /// Returns the names that an expression can come to; none where they are not known.
    fn possible(&self, of: &Expr) -> Option<Values> {
        if is_state(of) {
            return Some(self.states(|_| true));
        }
        if let Expr::FnCall(call, _) = of
            && call.name == "letter"
            && let [Expr::StringConstant(message, _)] = &call.args[..]
            && self.uses.done(Does::Sends, message).is_none()
        {
            return Some(Values::name(NO_LETTER));
        }
        if self.scope.kind(of) == Kind::YesNo {
            return self.is_never_empty(of).then(|| self.yes_or_no(of));
        }
        let allowed = self.scope.allowed(of)?;
        let mut names: BTreeSet<String> = allowed.names.into_iter().collect();
        if !self.is_always_filled(of) {
            names.insert(EMPTY.to_owned());
        }
        Some(Values::Names(names))
    }

    /// Returns whether what is true or false is nothing else: an answer and an own field may be empty.
    fn is_never_empty(&self, of: &Expr) -> bool {
        let steps = self.scope.steps(of);
        steps.last().is_none_or(|(receiver, _)| !matches!(receiver.kind, Kind::Input | Kind::OwnFields))
    }

    fn is_always_filled(&self, of: &Expr) -> bool {
        let steps = self.scope.steps(of);
        match steps.last() {
            Some((receiver, Expr::Property(p, _))) => match receiver.kind {
                Kind::ThisComplaint => fields::find(&p.2).is_some_and(|f| f.presence == Presence::Always),
                Kind::Measure | Kind::Complaint => p.2 == "state",
                Kind::Member => ["state", "channel"].contains(&p.2.as_str()),
                _ => false,
            },
            Some(_) => false,
            // A word that gives a name gives one.
            None => matches!(of, Expr::FnCall(..)),
        }
    }

    /// Returns a value that is written out.
    fn value(&self, expr: &Expr) -> Option<Values> {
        match expr {
            Expr::StringConstant(text, _) => Some(Values::name(text.as_str())),
            Expr::BoolConstant(value, _) => Some(Values::name(value.to_string())),
            Expr::Unit(_) => Some(Values::name(EMPTY)),
            other => number(self.scope, other).map(|n| Values::range(n, n)),
        }
    }

    /// Returns the texts of a list that is written out; none where it holds anything else.
    fn written(&self, list: &Expr) -> Option<BTreeSet<String>> {
        let Expr::Array(items, _) = list else { return None };
        let text = |item: &Expr| match item {
            Expr::StringConstant(text, _) => Some(text.to_string()),
            _ => None,
        };
        items.iter().map(text).collect()
    }
}

/// Keeps what is possible; what everything else is, is known then.
fn within(values: Values, possible: &Option<Values>) -> Values {
    match possible {
        Some(possible) => possible.and(&values),
        None => values,
    }
}

/// Returns whether an expression counts something, and is never below nothing.
fn counts(of: &Expr) -> bool {
    const COUNTS: &[&str] = &["letters", "overdue_terms", "text_length", "recommendations_by", "len"];
    match of {
        Expr::FnCall(call, _) => COUNTS.contains(&call.name.as_str()),
        Expr::Dot(dot, ..) => {
            let mut last = &dot.rhs;
            while let Expr::Dot(dot, ..) = last {
                last = &dot.rhs;
            }
            matches!(last, Expr::MethodCall(call, _) if COUNTS.contains(&call.name.as_str()))
        }
        _ => false,
    }
}

fn is_state(of: &Expr) -> bool {
    crate::rules::language::tree::field_of_complaint(of) == Some("state")
}
