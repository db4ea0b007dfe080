//! `Functions`: the functions and closures of the scripts: from where each is called, what it is given there,
//! and what it gives.

use super::local::Local;
use super::place::Place;
use super::world::is_closure;
use crate::rules::language::grammar::{Statement, StatementKind};
use crate::rules::language::tree::closures;
use crate::rules::statements::script::ScriptFile;
use crate::rules::words::kind::Kind;
use rhai::{ASTNode, Expr, Stmt};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What an action asks.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Asked<'a> {
    /// The file of the action.
    pub file: &'a str,
    /// What stands after `asks`; none for an action that asks nothing.
    pub written: Option<&'a Expr>,
}

/// The surroundings of a piece of script: what `it` and `input` are there.
#[derive(Clone, Debug, Default)]
pub(in crate::rules) struct Surroundings<'a> {
    /// The kind of `it`; none where a rule has no `for`.
    pub element: Option<Kind>,
    /// What each of the actions asks that lead here.
    pub asks: Vec<Asked<'a>>,
}

impl<'a> Surroundings<'a> {
    /// Returns the surroundings of a statement of a file; `element` is the kind of what its `for` ranges over.
    pub fn of(file: &'a str, s: &'a Statement, element: Option<Kind>) -> Self {
        let is_action = s.kind == StatementKind::Action;
        let asks = is_action.then(|| Asked { file, written: s.asks() }).into_iter().collect();
        Self { element, asks }
    }

    /// Takes in that other surroundings lead here as well; whether that is news.
    fn meet(&mut self, other: &Self) -> bool {
        let element = self.element.zip(other.element).map(|(a, b)| a.or(b));
        let same = |a: &Asked, b: &Asked| match (a.written, b.written) {
            (Some(a), Some(b)) => std::ptr::eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        let news: Vec<Asked> =
            other.asks.iter().filter(|a| !self.asks.iter().any(|b| same(a, b))).copied().collect();
        let is_news = element != self.element || !news.is_empty();
        self.element = element;
        self.asks.extend(news);
        is_news
    }
}

/// A function of the scripts, or a closure that the parser made one of.
#[derive(Clone)]
pub(in crate::rules) struct Function<'a> {
    pub file: &'a str,
    pub parameters: Vec<&'a str>,
    pub body: Rc<Vec<Stmt>>,
    /// The places from which it is called, directly or not.
    pub called_from: BTreeMap<Place, Surroundings<'a>>,
    /// What is known of each parameter, over all calls.
    pub takes: Vec<Local<'a>>,
    /// The kind of what it gives.
    pub gives: Kind,
}

/// The functions and closures of all files by name.
#[derive(Clone, Default)]
pub(in crate::rules) struct Functions<'a>(BTreeMap<&'a str, Function<'a>>);

impl<'a> Functions<'a> {
    /// Gathers them, with nothing known of what they take and give.
    pub fn of(files: &'a [ScriptFile]) -> Self {
        let mut known = BTreeMap::new();
        for file in files {
            for function in file.ast.iter_functions() {
                let takes = vec![Local::unknown(); function.params.len()];
                let found = Function {
                    file: &file.name,
                    parameters: function.params,
                    body: Rc::new(file.function(function.name)),
                    called_from: BTreeMap::new(),
                    takes,
                    gives: Kind::Any,
                };
                known.insert(function.name, found);
            }
        }
        Self(known)
    }

    /// Returns the function, or closure, of a name.
    pub fn get(&self, name: &str) -> Option<&Function<'a>> {
        self.0.get(name)
    }

    /// Returns the functions that people wrote, without closures.
    pub fn named(&self) -> impl Iterator<Item = (&'a str, &Function<'a>)> {
        self.0.iter().filter(|(name, _)| !is_closure(name)).map(|(name, function)| (*name, function))
    }

    /// Notes that an expression at a place may call what it calls.
    pub fn called_in(&mut self, expr: &Expr, place: Place, surroundings: &Surroundings<'a>) {
        let mut names = BTreeSet::new();
        expr.walk(&mut Vec::new(), &mut |path: &[ASTNode]| called(path, &mut names));
        for name in names {
            self.called(&name, place, surroundings);
        }
    }

    fn called(&mut self, name: &str, place: Place, surroundings: &Surroundings<'a>) {
        let Some(function) = self.0.get_mut(name) else { return };
        let is_news = match function.called_from.get_mut(&place) {
            Some(known) => known.meet(surroundings),
            None => {
                function.called_from.insert(place, surroundings.clone());
                true
            }
        };
        if !is_news {
            return;
        }
        let (body, here) = (Rc::clone(&function.body), function.called_from[&place].clone());
        let mut names = BTreeSet::new();
        for statement in body.iter() {
            statement.walk(&mut Vec::new(), &mut |path: &[ASTNode]| called(path, &mut names));
        }
        for name in names {
            self.called(&name, place, &here);
        }
    }

    /// Takes over what is known of a function's parameters and of what it gives; whether that is news.
    pub fn learn(&mut self, name: &str, takes: Option<Vec<Local<'a>>>, gives: Option<Kind>) -> bool {
        let Some(function) = self.0.get_mut(name) else { return false };
        let takes = takes.unwrap_or_else(|| vec![Local::unknown(); function.parameters.len()]);
        let gives = gives.unwrap_or(Kind::Any);
        let is_news = function.takes != takes || function.gives != gives;
        (function.takes, function.gives) = (takes, gives);
        is_news
    }
}

/// Notes the functions that a node calls, and the closures that it makes.
fn called(path: &[ASTNode], names: &mut BTreeSet<String>) -> bool {
    match path.last() {
        Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) => {
            names.insert(call.name.to_string());
        }
        Some(ASTNode::Expr(closure @ Expr::DynamicConstant(..))) => names.extend(closures(closure)),
        _ => {}
    }
    true
}
