//! `Body`: a piece of script with what is known about the names in it: a part of a statement, a function, a
//! closure.

use super::place::Place;
use super::scope::{Local, Scope};
use super::world::{Checked, is_closure};
use crate::rules::diagnostics::Location;
use crate::rules::language::grammar::{Statement, StatementKind};
use crate::rules::language::tree::{closures, walk};
use crate::rules::statements::script::ScriptFile;
use crate::rules::words::kind::Kind;
use rhai::{AST, ASTFlags, ASTNode, Expr, Position, Stmt};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The text that a body is made of.
enum Text<'a> {
    Expression(&'a Expr),
    /// A script with nothing but one function in it.
    Function(Rc<AST>),
}

/// A function of the scripts, or a closure that the parser made one of.
struct Function<'a> {
    parameters: Vec<&'a str>,
    text: Rc<AST>,
}

/// A piece of script to be checked.
pub(super) struct Body<'a> {
    pub file: &'a str,
    pub place: Place,
    pub scope: Scope<'a>,
    text: Text<'a>,
}

impl<'a> Body<'a> {
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
            Self::Function(script) => {
                script.walk(&mut |path: &[ASTNode]| {
                    if let Some(node) = path.last() {
                        visit(*node);
                    }
                    true
                });
            }
        }
    }
}

/// Returns every piece of script of a ruleset, closures after what they stand in.
pub(super) fn bodies<'a>(checked: &'a Checked<'a>) -> Vec<Body<'a>> {
    checked.files.iter().flat_map(|file| of_file(checked, file)).collect()
}

fn of_file<'a>(checked: &'a Checked<'a>, file: &'a ScriptFile) -> Vec<Body<'a>> {
    let functions = functions(file);
    let mut found = Vec::new();
    // A scenario has words of its own; here it is a mistake as a whole.
    for s in file.statements.iter().filter(|s| s.kind != StatementKind::Scenario) {
        of_statement(checked, file, s, &functions, &mut found);
    }
    for (_, function) in functions.iter().filter(|(name, _)| !is_closure(name)) {
        let mut scope = Scope::of(checked, Place::Function);
        scope.locals.extend(function.parameters.iter().map(|p| ((*p).to_owned(), Local::unknown())));
        let text = Text::Function(Rc::clone(&function.text));
        add(checked, file, Place::Function, text, scope, &functions, &mut found);
    }
    found
}

fn functions(file: &ScriptFile) -> BTreeMap<&str, Function<'_>> {
    // Rhai's own filter for clones lets everything through into an empty script; retaining works.
    let alone = |name: &str| {
        let mut script = file.ast.clone_functions_only();
        script.retain_functions(|_, _, function, _| function == name);
        script
    };
    let functions = file.ast.iter_functions();
    functions.map(|f| (f.name, Function { parameters: f.params, text: Rc::new(alone(f.name)) })).collect()
}

fn of_statement<'a>(
    checked: &'a Checked<'a>,
    file: &'a ScriptFile,
    s: &'a Statement,
    functions: &BTreeMap<&'a str, Function<'a>>,
    found: &mut Vec<Body<'a>>,
) {
    let body = match s.kind {
        StatementKind::Action => Place::ActionBody,
        StatementKind::Schedule => Place::Schedule,
        StatementKind::Rule | StatementKind::Scenario => Place::RuleBody,
    };
    let list = s.list().map_or(Kind::Any, |list| Scope::of(checked, Place::Condition).kind(list).item());
    let parts = [
        (s.list(), Place::Condition),
        (s.condition(), Place::Condition),
        (s.every(), Place::Condition),
        (s.asks(), Place::Asks),
        (s.body(), body),
    ];
    for (part, place) in parts {
        let Some(expr) = part else { continue };
        let mut scope = Scope::of(checked, place);
        scope.element = list;
        scope.asks = s.asks();
        add(checked, file, place, Text::Expression(expr), scope, functions, found);
    }
}

/// Adds a body with what it names itself, then the closures in it.
fn add<'a>(
    checked: &'a Checked<'a>,
    file: &'a ScriptFile,
    place: Place,
    text: Text<'a>,
    mut scope: Scope<'a>,
    functions: &BTreeMap<&'a str, Function<'a>>,
    found: &mut Vec<Body<'a>>,
) {
    name_locals(&text, &mut scope);
    let mut closures: BTreeMap<String, Local> = BTreeMap::new();
    text.visit(&mut |node| {
        for (name, item) in closures_of(node, &scope) {
            let seen = closures.entry(name).or_insert_with(Local::unknown);
            if item.is_known() {
                *seen = item;
            }
        }
    });
    for (name, item) in closures {
        let Some(function) = functions.get(name.as_str()) else { continue };
        let mut inner = scope.clone();
        let own = function.parameters.len().saturating_sub(1);
        for (i, parameter) in function.parameters.iter().enumerate() {
            // What a closure captures comes first, under its own name; the item of the list comes last.
            if i == own {
                inner.locals.insert((*parameter).to_owned(), item.clone());
            } else if !inner.locals.contains_key(*parameter) && !checked.is_taken(parameter) {
                inner.locals.insert((*parameter).to_owned(), Local::unknown());
            }
        }
        add(checked, file, place, Text::Function(Rc::clone(&function.text)), inner, functions, found);
    }
    found.push(Body { file: &file.name, place, scope, text });
}

/// Notes what `let` and `for` name; a name that is given twice and differently is not known.
fn name_locals(text: &Text, scope: &mut Scope) {
    let mut given: Vec<(String, Local)> = Vec::new();
    text.visit(&mut |node| match node {
        ASTNode::Stmt(Stmt::Var(var, flags, _)) if !flags.contains(ASTFlags::CONSTANT) => {
            given.push((var.0.name.to_string(), scope.local(&var.1)));
        }
        ASTNode::Stmt(Stmt::For(x, _)) => {
            given.push((x.0.name.to_string(), scope.local(&x.2.expr).item()));
            given.extend(x.1.iter().map(|counter| (counter.name.to_string(), Local::of(Kind::Number))));
        }
        _ => {}
    });
    let mut own: BTreeMap<String, Local> = BTreeMap::new();
    for (name, local) in given {
        let both = own.get(&name).is_some_and(|other| *other != local);
        own.insert(name, if both { Local::unknown() } else { local });
    }
    scope.locals.extend(own);
}

/// Returns the closures in a node, each with the item of the list whose method it is handed to.
fn closures_of(node: ASTNode, scope: &Scope) -> Vec<(String, Local)> {
    let ASTNode::Expr(expr) = node else { return Vec::new() };
    match expr {
        Expr::Dot(..) => {
            let methods = scope.steps(expr).into_iter().filter_map(|(receiver, step)| match step {
                Expr::MethodCall(call, _) => Some((receiver.item(), call)),
                _ => None,
            });
            methods
                .flat_map(|(item, call)| {
                    let names: Vec<String> = call.args.iter().flat_map(closures).collect();
                    names.into_iter().map(move |name| (name, item.clone()))
                })
                .collect()
        }
        Expr::DynamicConstant(..) => {
            closures(expr).into_iter().map(|name| (name, Local::unknown())).collect()
        }
        _ => Vec::new(),
    }
}
