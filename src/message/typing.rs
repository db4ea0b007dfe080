//! `Typing`: the walk through a template that knows at each place what every value is, and what is certain to be
//! there.

use super::mistake::{Mistake, MistakeKind, at};
use super::sandbox::FUNCTIONS;
use super::shape::{Part, Presence, Shape};
use super::takes::Takes;
use minijinja::machinery::Span;
use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Stmt, UnaryOpKind};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of an expression.
#[derive(Clone)]
struct Seen {
    shape: Shape,
    presence: Presence,
}

impl Seen {
    fn certain(shape: Shape) -> Self {
        Self { shape, presence: Presence::Certain }
    }
}

/// Whether an expression is shown, or only asked whether it is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Shown,
    Asked,
}

pub(super) struct Typing<'t> {
    text: &'t str,
    root: &'t Shape,
    /// Names that the template itself gives.
    names: BTreeMap<String, Part>,
    /// What was tested, as it is written.
    tested: BTreeSet<String>,
    found: Vec<Mistake>,
}

impl<'t> Typing<'t> {
    pub fn of(text: &'t str, root: &'t Shape) -> Self {
        Self { text, root, names: BTreeMap::new(), tested: BTreeSet::new(), found: Vec::new() }
    }

    /// Goes through a template; what is wrong with it.
    pub fn statement(mut self, statement: &Stmt<'_>) -> Vec<Mistake> {
        self.go(statement);
        self.found
    }

    fn report(&mut self, offset: usize, kind: MistakeKind) {
        self.found.push(at(self.text, offset, kind));
    }

    fn all(&mut self, statements: &[Stmt<'_>]) {
        statements.iter().for_each(|s| self.go(s));
    }

    fn go(&mut self, statement: &Stmt<'_>) {
        match statement {
            Stmt::Template(template) => self.all(&template.children),
            Stmt::EmitExpr(emitted) => {
                let seen = self.expr(&emitted.expr, Use::Shown);
                self.shown(&emitted.expr, &seen);
            }
            Stmt::IfCond(branch) => {
                self.expr(&branch.expr, Use::Asked);
                let yes = self.within(|t| {
                    t.learn(&branch.expr, true);
                    t.all(&branch.true_body);
                });
                let no = self.within(|t| {
                    t.learn(&branch.expr, false);
                    t.all(&branch.false_body);
                });
                self.names = either(yes, no);
            }
            Stmt::ForLoop(each) => {
                let list = self.expr(&each.iter, Use::Asked);
                let item = match list.shape {
                    Shape::List(item) => *item,
                    // Whoever goes through a group gets the names of its parts.
                    Shape::Group(_) => Shape::Text,
                    _ => Shape::Any,
                };
                self.within(|t| {
                    t.name(&each.target, Seen::certain(item));
                    if let Some(filter) = &each.filter_expr {
                        t.expr(filter, Use::Asked);
                        t.learn(filter, true);
                    }
                    t.all(&each.body);
                });
                self.within(|t| t.all(&each.else_body));
            }
            Stmt::Set(set) => {
                let seen = self.expr(&set.expr, Use::Asked);
                self.name(&set.target, seen);
            }
            Stmt::WithBlock(with) => {
                self.within(|t| {
                    for (target, value) in &with.assignments {
                        let seen = t.expr(value, Use::Asked);
                        t.name(target, seen);
                    }
                    t.all(&with.body);
                });
            }
            // Text, and what `grammar` refuses.
            _ => {}
        }
    }

    /// Goes through a block; returns the names as they are at its end. What was tested holds in it alone.
    fn within(&mut self, inner: impl FnOnce(&mut Self)) -> BTreeMap<String, Part> {
        let (names, tested) = (self.names.clone(), self.tested.clone());
        inner(self);
        self.tested = tested;
        std::mem::replace(&mut self.names, names)
    }

    fn name(&mut self, target: &Expr<'_>, seen: Seen) {
        match target {
            Expr::Var(var) => {
                // What was tested of the name before is another value.
                let of_it = format!("{}.", var.id);
                self.tested.retain(|path| path != var.id && !path.starts_with(&of_it));
                let part = Part { shape: seen.shape, presence: seen.presence };
                self.names.insert(var.id.to_owned(), part);
            }
            Expr::List(list) => {
                list.items.iter().for_each(|item| self.name(item, Seen::certain(Shape::Any)));
            }
            _ => {}
        }
    }

    /// Checks what a placeholder puts into the text.
    fn shown(&mut self, expr: &Expr<'_>, seen: &Seen) {
        let of = self.said(expr);
        let offset = start(expr);
        if seen.presence == Presence::MaybeMissing {
            self.report(offset, MistakeKind::MayBeEmpty { of });
        } else if matches!(seen.shape, Shape::Group(_) | Shape::List(_)) {
            self.report(offset, MistakeKind::Whole { of });
        }
    }

    fn expr(&mut self, expr: &Expr<'_>, how: Use) -> Seen {
        let seen = match expr {
            Expr::Var(var) => self.variable(var.id, var.span()),
            Expr::Const(value) => Seen::certain(of_constant(&value.value)),
            Expr::GetAttr(attr) => {
                let base = self.expr(&attr.expr, Use::Asked);
                self.base(&attr.expr, &base, how);
                self.part(&base, attr.name, &attr.expr, attr.span())
            }
            Expr::GetItem(item) => {
                let base = self.expr(&item.expr, Use::Asked);
                self.expr(&item.subscript_expr, Use::Asked);
                match (base.shape, item.subscript_expr.as_const()) {
                    (Shape::Group(parts), None) => Seen::certain(any_part(&parts)),
                    (Shape::Group(parts), Some(name)) => match name.as_str().and_then(|n| parts.get(n)) {
                        Some(part) => Seen { shape: part.shape.clone(), presence: part.presence },
                        None => Seen::certain(Shape::Any),
                    },
                    (Shape::List(item), _) => Seen::certain(*item),
                    _ => Seen::certain(Shape::Any),
                }
            }
            Expr::Slice(slice) => {
                let base = self.expr(&slice.expr, Use::Asked);
                self.base(&slice.expr, &base, how);
                Seen::certain(base.shape)
            }
            Expr::Filter(filter) => {
                self.filter(filter.name, filter.expr.as_ref(), &filter.args, filter.span())
            }
            Expr::UnaryOp(unary) => {
                self.expr(&unary.expr, Use::Asked);
                Seen::certain(if is_not(&unary.op) { Shape::YesNo } else { Shape::Number })
            }
            Expr::BinOp(both) => self.both(both.op, &both.left, &both.right, how),
            Expr::Compare(compared) => {
                self.expr(&compared.expr, Use::Asked);
                compared.ops.iter().for_each(|op| {
                    self.expr(&op.expr, Use::Asked);
                });
                Seen::certain(Shape::YesNo)
            }
            Expr::IfExpr(choice) => {
                self.choice(&choice.test_expr, &choice.true_expr, choice.false_expr.as_ref(), how)
            }
            Expr::Test(test) => {
                self.expr(&test.expr, Use::Asked);
                self.arguments(&test.args);
                Seen::certain(Shape::YesNo)
            }
            Expr::Call(call) => {
                self.expr(&call.expr, Use::Asked);
                self.arguments(&call.args);
                Seen::certain(Shape::Any)
            }
            Expr::List(list) => {
                list.items.iter().for_each(|item| {
                    self.expr(item, Use::Asked);
                });
                Seen::certain(Shape::Any)
            }
            Expr::Map(_) => Seen::certain(Shape::Any),
        };
        match written(expr).filter(|w| self.tested.contains(w)) {
            Some(_) => Seen { presence: Presence::Certain, ..seen },
            None => seen,
        }
    }

    fn arguments(&mut self, arguments: &[CallArg<'_>]) {
        for argument in arguments {
            let (CallArg::Pos(e) | CallArg::Kwarg(_, e) | CallArg::PosSplat(e) | CallArg::KwargSplat(e)) =
                argument;
            self.expr(e, Use::Asked);
        }
    }

    fn variable(&mut self, name: &str, span: Span) -> Seen {
        if let Some(part) = self.names.get(name) {
            return Seen { shape: part.shape.clone(), presence: part.presence };
        }
        let Shape::Group(root) = self.root else { return Seen::certain(Shape::Any) };
        match root.get(name) {
            Some(part) => Seen { shape: part.shape.clone(), presence: part.presence },
            None if name == "loop" || FUNCTIONS.contains(&name) => Seen::certain(Shape::Any),
            None => {
                let known = within_reach(root);
                let kind = MistakeKind::UnknownName { name: name.to_owned(), of: String::new(), known };
                self.report(span.start_offset as usize, kind);
                Seen::certain(Shape::Any)
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

    /// Returns an expression as it is written.
    fn said(&self, expr: &Expr<'_>) -> String {
        let span = expr.span();
        let text = self.text.get(start(expr)..span.end_offset as usize);
        written(expr).or_else(|| text.map(str::to_owned)).unwrap_or_default()
    }

    fn part(&mut self, base: &Seen, name: &str, of: &Expr<'_>, span: Span) -> Seen {
        let parts = match &base.shape {
            Shape::Any => return Seen::certain(Shape::Any),
            Shape::Group(parts) => parts.clone(),
            _ => BTreeMap::new(),
        };
        match parts.get(name) {
            Some(part) => Seen { shape: part.shape.clone(), presence: part.presence },
            None => {
                let (of, known) = (written(of).unwrap_or_default(), parts.keys().cloned().collect());
                let offset = (span.end_offset as usize).saturating_sub(name.len());
                self.report(offset, MistakeKind::UnknownName { name: name.to_owned(), of, known });
                Seen::certain(Shape::Any)
            }
        }
    }

    fn both(&mut self, op: BinOpKind, left: &Expr<'_>, right: &Expr<'_>, how: Use) -> Seen {
        let a = self.expr(left, Use::Asked);
        match op {
            BinOpKind::ScAnd => {
                self.within(|t| {
                    t.learn(left, true);
                    t.expr(right, how);
                });
                Seen::certain(Shape::YesNo)
            }
            BinOpKind::ScOr => {
                let mut b = Seen::certain(Shape::Any);
                self.within(|t| {
                    t.learn(left, false);
                    b = t.expr(right, how);
                });
                // What is empty gives way to what stands behind `or`.
                Seen { shape: a.shape.or(b.shape), presence: b.presence }
            }
            BinOpKind::Concat => {
                self.expr(right, how);
                Seen::certain(Shape::Text)
            }
            BinOpKind::Add | BinOpKind::Sub | BinOpKind::Mul | BinOpKind::Div => {
                self.expr(right, how);
                Seen::certain(Shape::Any)
            }
            _ => {
                self.expr(right, Use::Asked);
                Seen::certain(Shape::YesNo)
            }
        }
    }

    fn choice(&mut self, test: &Expr<'_>, yes: &Expr<'_>, no: Option<&Expr<'_>>, how: Use) -> Seen {
        self.expr(test, Use::Asked);
        let mut found = Seen::certain(Shape::Text);
        self.within(|t| {
            t.learn(test, true);
            found = t.expr(yes, how);
        });
        let Some(no) = no else { return found };
        self.within(|t| {
            t.learn(test, false);
            let other = t.expr(no, how);
            let presence = found.presence.max(other.presence);
            found = Seen { shape: found.shape.clone().or(other.shape), presence };
        });
        found
    }

    fn filter(&mut self, name: &str, of: Option<&Expr<'_>>, arguments: &[CallArg<'_>], span: Span) -> Seen {
        self.arguments(arguments);
        let Some(of) = of else { return Seen::certain(Shape::Any) };
        let Some(takes) = Takes::of(name) else {
            let offset =
                self.text[..span.end_offset as usize].rfind(name).unwrap_or(span.start_offset as usize);
            self.report(offset, MistakeKind::UnknownFilter { name: name.to_owned() });
            return Seen::certain(Shape::Any);
        };
        if takes == Takes::Nothing {
            self.expr(of, Use::Asked);
            return Seen::certain(Shape::Any);
        }
        let seen = self.expr(of, Use::Shown);
        let (as_written, offset) = (self.said(of), start(of));
        if seen.presence != Presence::Certain {
            self.report(offset, MistakeKind::MayBeEmpty { of: as_written });
        } else if !takes.fits(&seen.shape) {
            let filter = name.to_owned();
            self.report(offset, MistakeKind::WrongFilter { filter, of: as_written, given: seen.shape });
        }
        Seen::certain(takes.gives())
    }

    /// Learns what is there when a condition came to `outcome`.
    fn learn(&mut self, condition: &Expr<'_>, outcome: bool) {
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

fn is_not(op: &UnaryOpKind) -> bool {
    matches!(op, UnaryOpKind::Not)
}

fn is_order_or_equality(op: BinOpKind) -> bool {
    use BinOpKind::{Eq, Gt, Gte, Lt, Lte, Ne};
    matches!(op, Eq | Ne | Lt | Lte | Gt | Gte)
}

/// Returns what names are after one of two blocks: perhaps missing where only one of them gives a value.
fn either(yes: BTreeMap<String, Part>, mut no: BTreeMap<String, Part>) -> BTreeMap<String, Part> {
    let mut names = BTreeMap::new();
    for (name, a) in yes {
        let part = match no.remove(&name) {
            Some(b) => {
                let presence = a.presence.max(b.presence);
                Part { shape: a.shape.or(b.shape), presence }
            }
            None => Part { presence: Presence::MaybeMissing, ..a },
        };
        names.insert(name, part);
    }
    let missing = |(name, part)| (name, Part { presence: Presence::MaybeMissing, ..part });
    names.extend(no.into_iter().map(missing));
    names
}

fn any_part(parts: &BTreeMap<String, Part>) -> Shape {
    parts.values().map(|part| part.shape.clone()).reduce(Shape::or).unwrap_or(Shape::Any)
}

/// Returns every name at the top and one below, as somebody may have meant them.
fn within_reach(root: &BTreeMap<String, Part>) -> Vec<String> {
    let below = root.iter().flat_map(|(name, part)| match &part.shape {
        Shape::Group(parts) => parts.keys().map(|part| format!("{name}.{part}")).collect(),
        _ => Vec::new(),
    });
    root.keys().cloned().chain(below).collect()
}

/// Returns where an expression begins: the span of a part of something begins at the part.
fn start(expr: &Expr<'_>) -> usize {
    match expr {
        Expr::GetAttr(attr) => start(&attr.expr),
        Expr::GetItem(item) => start(&item.expr),
        Expr::Slice(slice) => start(&slice.expr),
        other => other.span().start_offset as usize,
    }
}

fn of_constant(value: &minijinja::Value) -> Shape {
    use minijinja::value::ValueKind;
    match value.kind() {
        ValueKind::String => Shape::Text,
        ValueKind::Number => Shape::Number,
        ValueKind::Bool => Shape::YesNo,
        _ => Shape::Any,
    }
}

/// Returns a path as it is written; none for anything else.
fn written(expr: &Expr<'_>) -> Option<String> {
    match expr {
        Expr::Var(var) => Some(var.id.to_owned()),
        Expr::GetAttr(attr) => Some(format!("{}.{}", written(&attr.expr)?, attr.name)),
        Expr::GetItem(item) => {
            let base = written(&item.expr)?;
            let part = match &item.subscript_expr {
                Expr::Const(value) => value.value.to_string(),
                other => format!("[{}]", written(other)?),
            };
            Some(format!("{base}.{part}"))
        }
        _ => None,
    }
}
