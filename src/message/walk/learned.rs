//! What a condition tells: which values are there when it came to one outcome or the other.

use super::Walk;
use super::names::written;
use minijinja::machinery::ast::{BinOpKind, Expr, UnaryOpKind};

impl Walk<'_> {
    /// Learns what is there when a condition came to `outcome`.
    pub(super) fn learn(&mut self, condition: &Expr<'_>, outcome: bool) {
        match condition {
            Expr::UnaryOp(unary) if is_not(&unary.op) => self.learn(&unary.expr, !outcome),
            Expr::BinOp(both) if matches!(both.op, BinOpKind::ScAnd) && outcome => {
                self.learn(&both.left, true);
                self.learn(&both.right, true);
            }
            Expr::BinOp(both) if matches!(both.op, BinOpKind::ScOr) && !outcome => {
                self.learn(&both.left, false);
                self.learn(&both.right, false);
            }
            Expr::BinOp(both) if is_order_or_equality(both.op) => {
                self.learn_compared(both.op, &both.left, &both.right, outcome)
            }
            Expr::Test(test) => match test.name {
                "defined" | "true" if outcome => self.there(&test.expr),
                "undefined" | "none" | "false" if !outcome => self.there(&test.expr),
                "string" | "number" | "mapping" | "iterable" | "sequence" if outcome => {
                    self.there(&test.expr)
                }
                _ => {}
            },
            other if outcome => self.there(other),
            _ => {}
        }
    }

    fn learn_compared(&mut self, op: BinOpKind, left: &Expr<'_>, right: &Expr<'_>, outcome: bool) {
        for (one, other) in [(left, right), (right, left)] {
            let Some(value) = other.as_const() else { continue };
            let is_there = match op {
                BinOpKind::Eq => outcome != value.is_none(),
                BinOpKind::Ne => outcome == value.is_none(),
                _ => outcome,
            };
            if is_there {
                self.there(one);
            }
        }
    }

    /// Takes in that a value is there, and what it is a part of.
    fn there(&mut self, expr: &Expr<'_>) {
        if let Expr::Filter(filter) = expr
            && let Some(of) = &filter.expr
        {
            return self.there(of);
        }
        let Some(path) = written(expr) else { return };
        let ends = path.match_indices('.').map(|(i, _)| i).chain([path.len()]);
        let paths: Vec<String> = ends.map(|end| path[..end].to_owned()).collect();
        self.tested.extend(paths);
    }
}

pub(super) fn is_not(op: &UnaryOpKind) -> bool {
    matches!(op, UnaryOpKind::Not)
}

fn is_order_or_equality(op: BinOpKind) -> bool {
    use BinOpKind::{Eq, Gt, Gte, Lt, Lte, Ne};
    matches!(op, Eq | Ne | Lt | Lte | Gt | Gte)
}
