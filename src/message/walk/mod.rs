//! `Walk`: the one way through a template. It knows at each place what every value is, whether it is certain to be
//! there, and of how many others it is put together, and finds what messages do not have. Nothing in what it lets pass
//! repeats itself without end, and nothing makes a text that grows by itself; what remains is counted while it is
//! rendered (`sandbox.rs`).

mod expressions;
mod learned;
mod names;
mod seen;

use super::mistake::{Barred, Mistake, MistakeKind, TooMuch, at};
use super::shape::{Presence, Shape};
use minijinja::machinery::ast::{Expr, ForLoop, Stmt};
use names::{paths, start, written};
use seen::{Names, Seen, either};
use std::collections::BTreeSet;

/// The most values that an expression may put together into one.
const PARTS: usize = 10;
/// The most values that all names of a template may be put together from.
const NAMED_PARTS: usize = 100;

/// Whether an expression is shown, or only asked whether it is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Shown,
    Asked,
}

pub(super) struct Walk<'t> {
    text: &'t str,
    root: &'t Shape,
    /// Names that the template itself gives.
    names: Names,
    /// How many values have been given names.
    named_parts: usize,
    /// What was tested, as it is written.
    tested: BTreeSet<String>,
    found: Vec<Mistake>,
    /// The paths that are shown, each with where it begins.
    shown: Vec<(String, usize)>,
}

impl<'t> Walk<'t> {
    /// Goes through a template that sees values of a shape; what is wrong with it.
    pub fn through(text: &'t str, parsed: &Stmt<'_>, root: &'t Shape) -> Vec<Mistake> {
        let mut walk = Self::new(text, root);
        walk.statement(parsed);
        walk.found
    }

    /// Returns the paths that a template shows, each with where it begins; without those of names of its own.
    pub fn shown_in(text: &'t str, parsed: &Stmt<'_>) -> Vec<(String, usize)> {
        let mut walk = Self::new(text, &Shape::Any);
        walk.statement(parsed);
        walk.shown
    }

    fn new(text: &'t str, root: &'t Shape) -> Self {
        let (names, tested) = (Names::new(), BTreeSet::new());
        Self { text, root, names, named_parts: 0, tested, found: Vec::new(), shown: Vec::new() }
    }

    fn report(&mut self, offset: usize, kind: MistakeKind) {
        self.found.push(at(self.text, offset, kind));
    }

    fn bar(&mut self, expr: &Expr<'_>, barred: Barred) {
        self.report(start(expr), MistakeKind::NotInMessages(barred));
    }

    fn statements(&mut self, statements: &[Stmt<'_>]) {
        statements.iter().for_each(|s| self.statement(s));
    }

    fn statement(&mut self, statement: &Stmt<'_>) {
        match statement {
            Stmt::Template(template) => self.statements(&template.children),
            Stmt::EmitRaw(_) => {}
            Stmt::EmitExpr(emitted) => {
                let seen = self.expr(&emitted.expr, Use::Shown);
                self.check_shown(&emitted.expr, seen);
                let names = &self.names;
                let root = |path: &str| path.split('.').next().is_some_and(|root| names.contains_key(root));
                self.shown.extend(paths(&emitted.expr).into_iter().filter(|(path, _)| !root(path)));
            }
            Stmt::IfCond(branch) => {
                self.expr(&branch.expr, Use::Asked);
                let yes = self.within(|walk| {
                    walk.learn(&branch.expr, true);
                    walk.statements(&branch.true_body);
                });
                let no = self.within(|walk| {
                    walk.learn(&branch.expr, false);
                    walk.statements(&branch.false_body);
                });
                self.names = either(yes, no);
            }
            Stmt::ForLoop(each) => self.each(each, each.span().start_offset as usize),
            Stmt::Set(set) => {
                let seen = self.expr(&set.expr, Use::Asked);
                self.name(&set.target, seen);
            }
            Stmt::WithBlock(with) => {
                self.within(|walk| {
                    for (target, value) in &with.assignments {
                        let seen = walk.expr(value, Use::Asked);
                        walk.name(target, seen);
                    }
                    walk.statements(&with.body);
                });
            }
            Stmt::SetBlock(s) => self.barred("set … endset", s.span().start_offset as usize),
            Stmt::AutoEscape(s) => self.barred("autoescape", s.span().start_offset as usize),
            Stmt::FilterBlock(s) => self.barred("filter", s.span().start_offset as usize),
            Stmt::Do(s) => self.barred("do", s.span().start_offset as usize),
        }
    }

    fn barred(&mut self, statement: &'static str, offset: usize) {
        self.report(offset, MistakeKind::NotInMessages(Barred::Statement(statement)));
    }

    fn each(&mut self, each: &ForLoop<'_>, offset: usize) {
        if each.recursive {
            self.report(offset, MistakeKind::NotInMessages(Barred::Recursion));
        }
        let list = self.expr(&each.iter, Use::Asked);
        let item = match list.shape {
            Shape::List(item) => *item,
            // Whoever goes through a group gets the names of its parts.
            Shape::Group(_) => Shape::Text,
            _ => Shape::Any,
        };
        // What a round gives names to is gone in the next.
        self.within(|walk| {
            walk.name(&each.target, Seen::certain(item, list.parts));
            if let Some(filter) = &each.filter_expr {
                walk.expr(filter, Use::Asked);
                walk.learn(filter, true);
            }
            walk.statements(&each.body);
        });
        self.within(|walk| walk.statements(&each.else_body));
    }

    /// Goes through a block; returns the names as they are at its end. What was tested holds in it alone.
    fn within(&mut self, inner: impl FnOnce(&mut Self)) -> Names {
        let (names, tested) = (self.names.clone(), self.tested.clone());
        inner(self);
        self.tested = tested;
        std::mem::replace(&mut self.names, names)
    }

    /// Gives a value a name.
    fn name(&mut self, target: &Expr<'_>, seen: Seen) {
        match target {
            Expr::Var(var) => {
                let parts = seen.parts.max(1);
                let before = self.named_parts;
                self.named_parts = before.saturating_add(parts);
                if before <= NAMED_PARTS && self.named_parts > NAMED_PARTS {
                    self.report(start(target), MistakeKind::TooMuch(TooMuch::Names));
                }
                // What was tested of the name before is another value.
                let of_it = format!("{}.", var.id);
                self.tested.retain(|path| path != var.id && !path.starts_with(&of_it));
                self.names.insert(var.id.to_owned(), Seen { parts, ..seen });
            }
            Expr::List(list) => {
                list.items.iter().for_each(|item| self.name(item, Seen::certain(Shape::Any, seen.parts)));
            }
            other => self.bar(other, Barred::Target),
        }
    }

    /// Checks what a placeholder puts into the text.
    fn check_shown(&mut self, expr: &Expr<'_>, seen: Seen) {
        let (of, given) = (self.said(expr), seen.shape);
        let kind = match (seen.presence, &given) {
            (Presence::MaybeMissing, _) => MistakeKind::MayBeEmpty { of },
            (_, Shape::Group(_) | Shape::List(_)) => MistakeKind::Whole { of, given },
            (_, Shape::Moment | Shape::Term) => MistakeKind::Unworded { of, given },
            _ => return,
        };
        self.report(start(expr), kind);
    }

    /// Returns an expression as it is written.
    fn said(&self, expr: &Expr<'_>) -> String {
        let span = expr.span();
        let text = self.text.get(start(expr)..span.end_offset as usize);
        written(expr).or_else(|| text.map(str::to_owned)).unwrap_or_default()
    }
}
