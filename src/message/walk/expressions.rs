//! Expressions: what each is, whether it is there, and of how many values it is put together.

use super::learned::is_not;
use super::names::{any_part, of_constant, start, within_reach, written};
use super::seen::Seen;
use super::{PARTS, Use, Walk};
use crate::message::mistake::{Barred, MistakeKind, TooMuch};
use crate::message::sandbox::{FUNCTIONS, TESTS};
use crate::message::shape::{Presence, Shape};
use crate::message::takes::Takes;
use minijinja::machinery::Span;
use minijinja::machinery::ast::{BinOp, BinOpKind, Call, CallArg, Expr, Filter, GetItem, IfExpr, Test};
use std::collections::BTreeMap;

impl Walk<'_> {
    /// Goes through an expression; what is known of it.
    pub(super) fn expr(&mut self, expr: &Expr<'_>, how: Use) -> Seen {
        let mut seen = self.known(expr, how);
        if seen.parts > PARTS {
            self.report(start(expr), MistakeKind::TooMuch(TooMuch::Parts));
            seen.parts = 1;
        }
        if written(expr).is_some_and(|path| self.tested.contains(&path)) {
            seen.presence = Presence::Certain;
        }
        seen
    }

    fn known(&mut self, expr: &Expr<'_>, how: Use) -> Seen {
        match expr {
            Expr::Var(var) => self.variable(var.id, var.span()),
            Expr::Const(value) => Seen::certain(of_constant(&value.value), 0),
            Expr::GetAttr(attr) => {
                let base = self.expr(&attr.expr, Use::Asked);
                self.base(&attr.expr, &base, how);
                self.part(&base, attr.name, &attr.expr, attr.span())
            }
            Expr::GetItem(item) => self.item(item),
            Expr::Slice(slice) => {
                let base = self.expr(&slice.expr, Use::Asked);
                self.each_of(slice.start.iter().chain(&slice.stop).chain(&slice.step));
                self.base(&slice.expr, &base, how);
                let shape = match base.shape {
                    list @ Shape::List(_) => list,
                    Shape::Any => Shape::Any,
                    _ => Shape::Text,
                };
                Seen::certain(shape, base.parts)
            }
            Expr::Filter(filter) => self.filter(filter, filter.span()),
            Expr::UnaryOp(unary) => {
                let parts = self.expr(&unary.expr, Use::Asked).parts;
                let shape = if is_not(&unary.op) { Shape::YesNo } else { Shape::Number };
                Seen::certain(shape, parts)
            }
            Expr::BinOp(both) => self.both(expr, both, how),
            Expr::Compare(compared) => {
                self.expr(&compared.expr, Use::Asked);
                self.each_of(compared.ops.iter().map(|op| &op.expr));
                Seen::certain(Shape::YesNo, 0)
            }
            Expr::IfExpr(choice) => self.choice(choice, how),
            Expr::Test(test) => self.test(test, test.span()),
            Expr::Call(call) => self.call(expr, call),
            Expr::List(list) => Seen::certain(Shape::Any, self.each_of(&list.items)),
            Expr::Map(map) => Seen::certain(Shape::Any, self.each_of(map.keys.iter().chain(&map.values))),
        }
    }

    /// Goes through several expressions; of how many values they are put together in all.
    fn each_of<'e, 's: 'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr<'s>>) -> usize {
        expressions.into_iter().map(|e| self.expr(e, Use::Asked).parts).sum()
    }

    fn arguments(&mut self, arguments: &[CallArg<'_>]) -> usize {
        let values = arguments.iter().map(|argument| match argument {
            CallArg::Pos(e) | CallArg::Kwarg(_, e) | CallArg::PosSplat(e) | CallArg::KwargSplat(e) => e,
        });
        self.each_of(values)
    }

    fn variable(&mut self, name: &str, span: Span) -> Seen {
        if let Some(seen) = self.names.get(name) {
            return seen.clone();
        }
        let Shape::Group(root) = self.root else { return Seen::certain(Shape::Any, 1) };
        match root.get(name) {
            Some(part) => Seen { shape: part.shape.clone(), presence: part.presence, parts: 1 },
            None if name == "loop" || FUNCTIONS.contains(&name) => Seen::certain(Shape::Any, 1),
            None => {
                let known = within_reach(root);
                let kind = MistakeKind::UnknownName { name: name.to_owned(), of: None, known };
                self.report(span.start_offset as usize, kind);
                Seen::certain(Shape::Any, 1)
            }
        }
    }

    /// Checks that what a part is taken of is there itself.
    fn base(&mut self, expr: &Expr<'_>, base: &Seen, how: Use) {
        if how == Use::Shown && base.presence != Presence::Certain {
            let of = self.said(expr);
            self.report(start(expr), MistakeKind::MayBeEmpty { of });
        }
    }

    fn part(&mut self, base: &Seen, name: &str, of: &Expr<'_>, span: Span) -> Seen {
        let parts = match &base.shape {
            Shape::Any => return Seen::certain(Shape::Any, base.parts),
            Shape::Group(parts) => parts.clone(),
            _ => BTreeMap::new(),
        };
        match parts.get(name) {
            Some(part) => Seen { shape: part.shape.clone(), presence: part.presence, parts: base.parts },
            None => {
                let (of, known) = (written(of), parts.keys().cloned().collect());
                let offset = (span.end_offset as usize).saturating_sub(name.len());
                self.report(offset, MistakeKind::UnknownName { name: name.to_owned(), of, known });
                Seen::certain(Shape::Any, base.parts)
            }
        }
    }

    fn item(&mut self, item: &GetItem<'_>) -> Seen {
        let base = self.expr(&item.expr, Use::Asked);
        self.expr(&item.subscript_expr, Use::Asked);
        let (shape, presence) = match (base.shape, item.subscript_expr.as_const()) {
            (Shape::Group(parts), None) => (any_part(&parts), Presence::Certain),
            (Shape::Group(parts), Some(name)) => match name.as_str().and_then(|name| parts.get(name)) {
                Some(part) => (part.shape.clone(), part.presence),
                None => (Shape::Any, Presence::Certain),
            },
            (Shape::List(item), _) => (*item, Presence::Certain),
            _ => (Shape::Any, Presence::Certain),
        };
        Seen { shape, presence, parts: base.parts }
    }

    fn both(&mut self, expr: &Expr<'_>, both: &BinOp<'_>, how: Use) -> Seen {
        let (left, right) = (&both.left, &both.right);
        let a = self.expr(left, Use::Asked);
        match both.op {
            BinOpKind::ScAnd | BinOpKind::ScOr => {
                let is_and = matches!(both.op, BinOpKind::ScAnd);
                let mut b = Seen::certain(Shape::Any, 0);
                self.within(|walk| {
                    walk.learn(left, is_and);
                    b = walk.expr(right, how);
                });
                let parts = a.parts.max(b.parts);
                // What is empty gives way to what stands behind `or`.
                let shape = if is_and { Shape::YesNo } else { a.shape.or(b.shape) };
                let presence = if is_and { Presence::Certain } else { b.presence };
                Seen { shape, presence, parts }
            }
            BinOpKind::Concat => {
                let b = self.expr(right, how);
                Seen::certain(Shape::Text, a.parts + b.parts)
            }
            BinOpKind::Add | BinOpKind::Sub | BinOpKind::Mul | BinOpKind::Div => {
                let b = self.expr(right, how);
                let can_be = self.calculated(both, &a.shape, &b.shape);
                let is_certain = is_number(left) && is_number(right);
                if matches!(both.op, BinOpKind::Mul) && can_be && !is_certain {
                    self.bar(expr, Barred::Product);
                }
                Seen::certain(Shape::Any, a.parts + b.parts)
            }
            BinOpKind::FloorDiv | BinOpKind::Rem | BinOpKind::Pow => {
                let b = self.expr(right, how);
                self.calculated(both, &a.shape, &b.shape);
                if matches!(both.op, BinOpKind::Pow) {
                    self.bar(expr, Barred::Power);
                }
                Seen::certain(Shape::Any, a.parts + b.parts)
            }
            _ => {
                self.expr(right, Use::Asked);
                Seen::certain(Shape::YesNo, 0)
            }
        }
    }

    /// Checks that what is calculated with can be numbers; `+` also puts texts after each other. Returns whether it can.
    fn calculated(&mut self, both: &BinOp<'_>, left: &Shape, right: &Shape) -> bool {
        let is_sum = matches!(both.op, BinOpKind::Add);
        let is_known = |shape: &Shape| !matches!(shape, Shape::Any | Shape::Number);
        for (expr, shape, other) in [(&both.left, left, right), (&both.right, right, left)] {
            if is_known(shape) && (!is_sum || *other == Shape::Number) {
                let (of, given) = (self.said(expr), shape.clone());
                self.report(start(expr), MistakeKind::NoNumber { of, given });
                return false;
            }
        }
        true
    }

    fn choice(&mut self, choice: &IfExpr<'_>, how: Use) -> Seen {
        self.expr(&choice.test_expr, Use::Asked);
        let mut found = Seen::certain(Shape::Text, 0);
        self.within(|walk| {
            walk.learn(&choice.test_expr, true);
            found = walk.expr(&choice.true_expr, how);
        });
        let Some(no) = &choice.false_expr else { return found };
        self.within(|walk| {
            walk.learn(&choice.test_expr, false);
            let other = walk.expr(no, how);
            let (presence, parts) = (found.presence.max(other.presence), found.parts.max(other.parts));
            found = Seen { shape: found.shape.clone().or(other.shape), presence, parts };
        });
        found
    }

    fn test(&mut self, test: &Test<'_>, span: Span) -> Seen {
        self.expr(&test.expr, Use::Asked);
        self.arguments(&test.args);
        if !TESTS.contains(&test.name) {
            let offset = self.last(test.name, span);
            self.report(offset, MistakeKind::UnknownTest { name: test.name.to_owned() });
        }
        Seen::certain(Shape::YesNo, 0)
    }

    fn call(&mut self, expr: &Expr<'_>, call: &Call<'_>) -> Seen {
        let parts = self.arguments(&call.args).max(1);
        match &call.expr {
            Expr::Var(function) if FUNCTIONS.contains(&function.id) => {}
            Expr::GetAttr(method) if is_loop(&method.expr) => {}
            Expr::GetAttr(method) if Takes::of(method.name).is_some() => {
                self.bar(expr, Barred::Method(method.name.to_owned()))
            }
            called => {
                let name = written(called).unwrap_or_default();
                self.bar(expr, Barred::Function(name));
            }
        }
        Seen::certain(Shape::Any, parts)
    }

    fn filter(&mut self, filter: &Filter<'_>, span: Span) -> Seen {
        let arguments = self.arguments(&filter.args);
        let Some(of) = &filter.expr else { return Seen::certain(Shape::Any, arguments) };
        let Some(takes) = Takes::of(filter.name) else {
            let parts = self.expr(of, Use::Asked).parts + arguments;
            let offset = self.last(filter.name, span);
            self.report(offset, MistakeKind::UnknownFilter { name: filter.name.to_owned() });
            return Seen::certain(Shape::Any, parts);
        };
        if takes == Takes::Nothing {
            let parts = self.expr(of, Use::Asked).parts + arguments;
            return Seen::certain(Shape::Any, parts);
        }
        if !filter.args.is_empty() && matches!(takes, Takes::Day | Takes::Moment | Takes::Term) {
            let offset = self.last(filter.name, span);
            self.report(offset, MistakeKind::FilterArguments { filter: filter.name.to_owned() });
        }
        let seen = self.expr(of, Use::Shown);
        let (as_written, offset) = (self.said(of), start(of));
        if seen.presence != Presence::Certain {
            self.report(offset, MistakeKind::MayBeEmpty { of: as_written });
        } else if !takes.fits(&seen.shape) {
            let filter = filter.name.to_owned();
            self.report(offset, MistakeKind::WrongFilter { filter, of: as_written, given: seen.shape });
        }
        Seen::certain(takes.gives(), seen.parts + arguments)
    }

    /// Returns where a word stands that ends an expression.
    fn last(&self, word: &str, span: Span) -> usize {
        let written = self.text.get(..span.end_offset as usize).unwrap_or(self.text);
        written.rfind(word).unwrap_or(span.start_offset as usize)
    }
}

/// Returns whether an expression is a number, whatever the facts are.
fn is_number(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Const(constant) => constant.value.is_number(),
        Expr::UnaryOp(unary) => is_number(&unary.expr),
        Expr::BinOp(binary) => is_number(&binary.left) && is_number(&binary.right),
        Expr::Filter(filter) => {
            matches!(filter.name, "length" | "count" | "int" | "float" | "abs")
        }
        Expr::GetAttr(attribute) => is_loop(&attribute.expr) && attribute.name.starts_with("index"),
        _ => false,
    }
}

fn is_loop(expr: &Expr<'_>) -> bool {
    matches!(expr, Expr::Var(variable) if variable.id == "loop")
}
