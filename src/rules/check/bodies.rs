//! `Body`: a piece of script with what is known about the names in it: a part of a statement, a function, a
//! closure.

use super::closures::{Made, made};
use super::functions::{Function, Functions, Surroundings};
use super::local::Local;
use super::place::{Part, Place};
use super::results;
use super::scope::Scope;
use super::world::Checked;
use crate::rules::diagnostics::Location;
use crate::rules::language::grammar::{Statement, StatementKind};
use crate::rules::language::tree::{closures, walk};
use crate::rules::statements::script::ScriptFile;
use crate::rules::words::kind::{Items, Kind};
use rhai::{ASTFlags, ASTNode, Expr, Position, Stmt};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// As often as what functions take and give is worked out anew from what was learned: a function that calls a
/// function that calls a function.
const ROUNDS: usize = 4;

/// The text that a body is made of.
#[derive(Clone)]
pub(super) enum Text<'a> {
    Expression(&'a Expr),
    /// The statements of a function.
    Statements(Rc<Vec<Stmt>>),
}

/// A piece of script to be checked.
pub(in crate::rules) struct Body<'a> {
    pub(super) file: &'a str,
    pub(super) place: Place,
    pub(super) part: Part,
    /// The statement or function in which it stands, as people would call it.
    pub(super) of: String,
    pub(super) scope: Scope<'a>,
    /// The names that were given to it: parameters, and what a closure captures.
    pub(super) given: BTreeSet<String>,
    pub(super) text: Text<'a>,
}

impl Body<'_> {
    /// Returns the location of what stands at a position of it.
    pub fn at(&self, position: Position) -> Location {
        self.scope.checked.source.at(self.file, position)
    }

    /// Visits every part of it; closures are bodies of their own.
    pub fn visit(&self, visit: &mut dyn FnMut(ASTNode)) {
        self.text.visit(visit);
    }
}

impl Text<'_> {
    fn visit(&self, visit: &mut dyn FnMut(ASTNode)) {
        match self {
            Self::Expression(expr) => walk(expr, visit),
            Self::Statements(statements) => {
                for statement in statements.iter() {
                    statement.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
                        if let Some(node) = path.last() {
                            visit(*node);
                        }
                        true
                    });
                }
            }
        }
    }
}

/// Returns every piece of script of a ruleset, closures before what they stand in. A function is there once for
/// each place from which it is called.
pub(in crate::rules) fn bodies<'a>(checked: &'a Checked<'a>) -> Vec<Body<'a>> {
    let mut functions = Functions::of(checked.files);
    for file in checked.files {
        for s in rules_of(file) {
            let surroundings = surroundings(checked, &Functions::default(), file, s);
            for (expr, _, place) in parts(s) {
                functions.called_in(expr, place, &surroundings);
            }
        }
    }
    let mut found = with(checked, &functions);
    for _ in 0..ROUNDS {
        if !learn(&mut functions, &found) {
            break;
        }
        found = with(checked, &functions);
    }
    found
}

fn with<'a>(checked: &'a Checked<'a>, functions: &Functions<'a>) -> Vec<Body<'a>> {
    let all = Rc::new(functions.clone());
    let mut maker = Maker { checked, functions: all, found: Vec::new() };
    for file in checked.files {
        maker.constants(file);
        for s in rules_of(file) {
            maker.statement(file, s);
        }
    }
    for (name, function) in functions.named() {
        maker.function(name, function);
    }
    maker.found
}

/// Learns what functions take from their calls, and what they give from their bodies.
fn learn<'a>(functions: &mut Functions<'a>, bodies: &[Body<'a>]) -> bool {
    let mut takes: BTreeMap<String, Vec<Local<'a>>> = BTreeMap::new();
    let mut gives: BTreeMap<&str, Kind> = BTreeMap::new();
    for body in bodies {
        body.visit(&mut |node| {
            let (ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) = node else {
                return;
            };
            if call.op_token.is_none()
                && functions.get(&call.name).is_some_and(|f| f.parameters.len() == call.args.len())
            {
                let given: Vec<Local> = call.args.iter().map(|a| body.scope.local(a).handed()).collect();
                match takes.get_mut(call.name.as_str()) {
                    Some(known) => {
                        for (known, given) in known.iter_mut().zip(given) {
                            known.join(given);
                        }
                    }
                    None => {
                        takes.insert(call.name.to_string(), given);
                    }
                }
            }
        });
        if let (Part::Function, Text::Statements(statements)) = (body.part, &body.text) {
            let given = results::of_function(&body.scope, statements);
            gives.entry(&body.of).and_modify(|kind| *kind = kind.or(given)).or_insert(given);
        }
    }
    let names: Vec<&str> = functions.named().map(|(name, _)| name).collect();
    let mut is_news = false;
    for name in names {
        is_news |= functions.learn(name, takes.remove(name), gives.get(name).copied());
    }
    is_news
}

/// Returns the statements of a file that belong there: a scenario has words of its own, and is a mistake as a whole.
fn rules_of(file: &ScriptFile) -> impl Iterator<Item = &Statement> {
    file.statements.iter().filter(|s| s.kind != StatementKind::Scenario)
}

/// Returns what may hold expressions of a statement, with the place of each.
fn parts(s: &Statement) -> impl Iterator<Item = (&Expr, Part, Place)> {
    let then = match s.kind {
        StatementKind::Action => Place::ActionBody,
        StatementKind::Schedule => Place::Schedule,
        StatementKind::Rule | StatementKind::Scenario => Place::RuleBody,
    };
    let parts = [
        (s.list(), Part::List, Place::Condition),
        (s.condition(), Part::When, Place::Condition),
        (s.every(), Part::Every, Place::Condition),
        (s.asks(), Part::Asks, Place::Asks),
        (s.body(), Part::Then, then),
    ];
    parts.into_iter().filter_map(|(expr, part, place)| Some((expr?, part, place)))
}

/// Returns what `it` and `input` are in a statement.
fn surroundings<'a>(
    checked: &'a Checked<'a>,
    functions: &Functions<'a>,
    file: &'a ScriptFile,
    s: &'a Statement,
) -> Surroundings<'a> {
    let functions = Rc::new(functions.clone());
    let scope = Scope::of(checked, functions, &file.name, Place::Condition, Surroundings::default());
    Surroundings::of(&file.name, s, s.list().map(|list| scope.kind(list).item()))
}

struct Maker<'a> {
    checked: &'a Checked<'a>,
    functions: Rc<Functions<'a>>,
    found: Vec<Body<'a>>,
}

impl<'a> Maker<'a> {
    fn constants(&mut self, file: &'a ScriptFile) {
        for statement in file.ast.statements() {
            let Stmt::Var(var, ..) = statement else { continue };
            let scope = self.scope(&file.name, Place::Function, Surroundings::default());
            let of = format!("const {}", var.0.name);
            self.add(Part::Constant, of, Text::Expression(&var.1), scope, BTreeSet::new());
        }
    }

    fn statement(&mut self, file: &'a ScriptFile, s: &'a Statement) {
        let surroundings = surroundings(self.checked, &self.functions, file, s);
        for (expr, part, place) in parts(s) {
            let scope = self.scope(&file.name, place, surroundings.clone());
            let of = format!("{} \"{}\"", s.kind.keyword(), s.name());
            self.add(part, of, Text::Expression(expr), scope, BTreeSet::new());
        }
    }

    fn function(&mut self, name: &'a str, function: &Function<'a>) {
        let nowhere = [(Place::Function, Surroundings { element: Some(Kind::Any), asks: Vec::new() })];
        let places: Vec<_> = if function.called_from.is_empty() {
            nowhere.into()
        } else {
            function.called_from.iter().map(|(place, here)| (*place, here.clone())).collect()
        };
        for (place, surroundings) in places {
            let mut scope = self.scope(function.file, place, surroundings);
            let given: BTreeSet<String> = function.parameters.iter().map(|p| (*p).to_owned()).collect();
            scope.locals.extend(given.iter().cloned().zip(function.takes.iter().cloned()));
            for (parameter, known) in function.parameters.iter().zip(&function.takes) {
                scope.locals.insert((*parameter).to_owned(), known.clone());
            }
            let text = Text::Statements(Rc::clone(&function.body));
            self.add(Part::Function, name.to_owned(), text, scope, given);
        }
    }

    fn scope(&self, file: &'a str, place: Place, surroundings: Surroundings<'a>) -> Scope<'a> {
        Scope::of(self.checked, Rc::clone(&self.functions), file, place, surroundings)
    }

    /// Adds a body with what it names itself, and the closures in it.
    fn add(&mut self, part: Part, of: String, text: Text<'a>, mut scope: Scope<'a>, given: BTreeSet<String>) {
        name_locals(&text, &mut scope);
        let mut closures: BTreeMap<String, Made<'a>> = BTreeMap::new();
        text.visit(&mut |node| {
            for (name, made) in closures_of(node, &scope) {
                let seen = closures.entry(name).or_default();
                if made.item.is_known() {
                    seen.item = made.item;
                }
                seen.captured = seen.captured.max(made.captured);
            }
        });
        for (name, made) in closures {
            let Some(function) = self.functions.get(&name).cloned() else { continue };
            let inner = scope.of_closure(&function, &made);
            let given = function.parameters.iter().map(|p| (*p).to_owned()).collect();
            let text = Text::Statements(Rc::clone(&function.body));
            self.add(Part::Closure, of.clone(), text, inner, given);
        }
        self.found.push(Body { file: scope.file, place: scope.place, part, of, scope, given, text });
    }
}

/// Notes what `let` and `for` name and what is assigned to it; a name that is given twice and differently is
/// not known.
fn name_locals<'a>(text: &Text<'a>, scope: &mut Scope<'a>) {
    let before = scope.locals.clone();
    // What a name is may depend on a name before it.
    for _ in 0..ROUNDS {
        let mut locals = before.clone();
        for (name, local) in own_locals(text, scope) {
            match locals.get_mut(&name) {
                Some(given) => given.join(local),
                None => {
                    locals.insert(name, local);
                }
            }
        }
        if locals == scope.locals {
            return;
        }
        scope.locals = locals;
    }
}

fn own_locals<'a>(text: &Text<'a>, scope: &Scope<'a>) -> BTreeMap<String, Local<'a>> {
    let mut given: Vec<(String, Local)> = Vec::new();
    text.visit(&mut |node| match node {
        ASTNode::Stmt(Stmt::Var(var, flags, _)) if !flags.contains(ASTFlags::CONSTANT) => {
            given.push((var.0.name.to_string(), scope.local(&var.1).named()));
        }
        ASTNode::Stmt(Stmt::For(x, _)) => {
            given.push((x.0.name.to_string(), scope.local(&x.2.expr).item().named()));
            given.extend(x.1.iter().map(|counter| (counter.name.to_string(), Local::of(Kind::Number))));
        }
        ASTNode::Stmt(Stmt::Assignment(assignment)) => {
            if let Expr::Variable(x, ..) = &assignment.1.lhs {
                let value = if assignment.0.is_op_assignment() {
                    Local::of(scope.kind(&assignment.1.lhs))
                } else {
                    scope.local(&assignment.1.rhs).named()
                };
                given.push((x.1.to_string(), value));
            }
        }
        // A list that grows may come to hold anything.
        ASTNode::Expr(Expr::Dot(dot, ..)) => {
            if let (Expr::Variable(x, ..), Expr::MethodCall(call, _)) = (&dot.lhs, &dot.rhs)
                && ["push", "insert", "append"].contains(&call.name.as_str())
            {
                given.push((x.1.to_string(), Local::of(Kind::List(Items::Anything))));
            }
        }
        _ => {}
    });
    let mut own: BTreeMap<String, Local> = BTreeMap::new();
    for (name, local) in given {
        match own.get_mut(&name) {
            Some(known) => known.join(local),
            None => {
                own.insert(name, local);
            }
        }
    }
    own
}

/// Returns the closures in a node, each with the item of the list whose method it is handed to.
fn closures_of<'a>(node: ASTNode, scope: &Scope<'a>) -> Vec<(String, Made<'a>)> {
    let ASTNode::Expr(expr) = node else { return Vec::new() };
    match expr {
        Expr::Dot(..) => {
            let methods = scope.steps(expr).into_iter().filter_map(|(receiver, step)| match step {
                Expr::MethodCall(call, _) => Some((receiver.item(), call)),
                _ => None,
            });
            methods
                .flat_map(|(item, call)| {
                    let made: Vec<_> = call.args.iter().filter_map(made).collect();
                    made.into_iter()
                        .map(move |(name, captured)| (name, Made { item: item.clone(), captured }))
                })
                .collect()
        }
        Expr::DynamicConstant(..) => closures(expr).into_iter().map(|name| (name, Made::default())).collect(),
        _ => Vec::new(),
    }
}
