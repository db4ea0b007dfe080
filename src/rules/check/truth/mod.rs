//! Truth: parts of conditions that are always or never so, that follow from what stands before them, or that
//! another alternative includes.
//!
//! Each plain part says which values one thing must have; what stands before it says which it still can. What is
//! not understood is something that may be true or false.

mod facts;
mod moments;
mod reader;
mod statement;
mod values;

use super::bodies::{Body, Text};
use super::place::Part;
use super::results;
use super::uses::Uses;
use super::wrong::{Finding, Wrong};
use crate::rules::language::tree::start;
use facts::{Facts, Outcome};
use reader::Reader;
use rhai::{ASTNode, Expr, Stmt, Token};

/// Returns what is wrong with the conditions of all bodies.
pub(super) fn check(bodies: &[Body], uses: &Uses) -> Vec<Finding> {
    let mut found = Vec::new();
    for body in bodies {
        let judge = Judge { reader: Reader { scope: &body.scope, uses } };
        let mut whole = |expr: &Expr| {
            found.extend(judge.whole(expr).into_iter().map(|(part, wrong)| body.finding(start(part), wrong)));
        };
        match (&body.text, body.part) {
            (Text::Expression(expr), Part::When) => whole(expr),
            (Text::Statements(statements), _) => {
                let ends = results::ends(statements).into_iter();
                ends.filter(|end| is_compound(end)).for_each(&mut whole);
            }
            _ => {}
        }
        body.visit(&mut |node| {
            if let ASTNode::Stmt(Stmt::If(flow, _)) = node {
                whole(&flow.expr);
            }
        });
    }
    found
}

fn is_compound(expr: &Expr) -> bool {
    matches!(expr, Expr::And(..) | Expr::Or(..))
}

/// Parts of a condition with what is wrong with each.
type Parts<'e> = Vec<(&'e Expr, Wrong)>;

struct Judge<'r, 'a> {
    reader: Reader<'r, 'a>,
}

impl Judge<'_, '_> {
    fn whole<'e>(&self, expr: &'e Expr) -> Parts<'e> {
        let (outcome, mut parts) = self.judge(expr, &Facts::default());
        // `when true` is how one says that nothing is asked, and `when false` how a rule is switched off.
        if parts.is_empty() && !matches!(expr, Expr::BoolConstant(..)) {
            parts.extend(said_of(outcome).map(|wrong| (expr, wrong)));
        }
        parts
    }

    /// Returns how often a condition is so where this is known, and which of its parts are wrong.
    fn judge<'e>(&self, expr: &'e Expr, facts: &Facts) -> (Outcome, Parts<'e>) {
        match expr {
            Expr::And(parts, _) => self.all(parts, facts),
            Expr::Or(parts, _) => self.any(expr, parts, facts),
            Expr::FnCall(call, _) if call.op_token == Some(Token::Bang) => match call.args.first() {
                Some(inner) if is_compound(inner) => (self.judge(inner, facts).0.turned(), Vec::new()),
                _ => (facts.outcome(&self.reader.atom(expr)), Vec::new()),
            },
            _ => (facts.outcome(&self.reader.atom(expr)), Vec::new()),
        }
    }

    fn all<'e>(&self, parts: &'e [Expr], facts: &Facts) -> (Outcome, Parts<'e>) {
        let mut here = facts.clone();
        let mut found = Vec::new();
        let mut all = Outcome::Always;
        for part in parts {
            let (outcome, inner) = self.judge(part, &here);
            let (alone, within) = self.judge(part, &Facts::default());
            match outcome {
                Outcome::Sometimes => found.extend(inner),
                // What is so by itself is told of its own parts.
                same if same == alone && !within.is_empty() => found.extend(within),
                Outcome::Always if alone != Outcome::Always => found.push((part, Wrong::Follows)),
                same => found.extend(said_of(same).map(|wrong| (part, wrong))),
            }
            match outcome {
                Outcome::Never => return (Outcome::Never, found),
                Outcome::Sometimes => all = Outcome::Sometimes,
                Outcome::Always => {}
            }
            self.assume(part, Outcome::Always, &mut here);
        }
        (all, found)
    }

    fn any<'e>(&self, whole: &'e Expr, parts: &'e [Expr], facts: &Facts) -> (Outcome, Parts<'e>) {
        let mut here = facts.clone();
        let mut found = Vec::new();
        let mut all = Outcome::Never;
        for part in parts {
            match self.judge(part, &here) {
                (Outcome::Sometimes, inner) => {
                    found.extend(inner);
                    all = Outcome::Sometimes;
                }
                (Outcome::Always, _) => return (Outcome::Always, vec![(whole, Wrong::Always)]),
                (Outcome::Never, _) => match self.judge(part, facts) {
                    (Outcome::Never, within) if within.is_empty() => found.push((part, Wrong::Never)),
                    (Outcome::Never, within) => found.extend(within),
                    _ => found.push((part, Wrong::Included)),
                },
            }
            self.assume(part, Outcome::Never, &mut here);
        }
        (all, found)
    }

    /// Takes in that a condition is so, or is not.
    fn assume(&self, expr: &Expr, outcome: Outcome, facts: &mut Facts) {
        match (expr, outcome) {
            (Expr::And(parts, _), Outcome::Always) | (Expr::Or(parts, _), Outcome::Never) => {
                parts.iter().for_each(|part| self.assume(part, outcome, facts));
            }
            (Expr::FnCall(call, _), _) if call.op_token == Some(Token::Bang) => {
                call.args.iter().for_each(|part| self.assume(part, outcome.turned(), facts));
            }
            (_, Outcome::Always) => facts.assume(&self.reader.atom(expr)),
            (_, Outcome::Never) => facts.assume_not(&self.reader.atom(expr)),
            (_, Outcome::Sometimes) => {}
        }
    }
}

/// Returns what is wrong with a part that is always or never so.
fn said_of(outcome: Outcome) -> Option<Wrong> {
    match outcome {
        Outcome::Always => Some(Wrong::Always),
        Outcome::Never => Some(Wrong::Never),
        Outcome::Sometimes => None,
    }
}
