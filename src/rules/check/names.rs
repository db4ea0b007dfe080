//! Names of functions, parameters and variables: unknown ones, and those that are taken.

use super::bodies::Body;
use super::place::Place;
use super::reach::out_of_reach;
use super::world::{Checked, is_closure};
use super::wrong::{Finding, Wrong};
use crate::rules::diagnostics::kinds::{
    defined_twice, missing_quotes, name_in_use, no_complaint, other_word, unknown_variable,
};
use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::language::slips;
use crate::rules::language::tree::walk;
use crate::rules::statements::script::ScriptFile;
use crate::rules::words::{self, VARIABLES};
use rhai::{ASTFlags, ASTNode, Expr, Position, Stmt};
use std::collections::{BTreeMap, BTreeSet};

/// Checks what functions and their parameters are called.
pub(super) fn functions(checked: &Checked, found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for file in checked.files {
        // A closure's parameters include what it captures, `complaint` among them.
        for function in file.ast.iter_functions().filter(|f| !is_closure(f.name)) {
            let name = function.name;
            let text = checked.source.text(&file.name);
            let at = || Location::first(&file.name, text, &format!("fn {name}"));
            if checked.is_taken(name) {
                found.push(name_in_use::report_function(at(), name));
            }
            if !seen.insert(name) {
                found.push(defined_twice::report_function(at(), name));
            }
            for parameter in function.params.iter().filter(|p| checked.is_taken(p)) {
                found.push(name_in_use::report_parameter(at(), parameter, name));
            }
        }
    }
}

/// Checks what constants are called, and the parameters of closures.
pub(super) fn of_files(checked: &Checked, found: &mut Vec<Diagnostic>) {
    for file in checked.files {
        for statement in file.ast.statements() {
            let Stmt::Var(var, _, position) = statement else { continue };
            let name = var.0.name.as_str();
            let is_word = VARIABLES.contains(&name) || words::find(name).is_some();
            if is_word || checked.functions.contains_key(name) {
                found.push(name_in_use::report_constant(checked.source.at(&file.name, *position), name));
            }
        }
        let captured = captured(file);
        for function in file.ast.iter_functions().filter(|f| is_closure(f.name)) {
            // What a closure captures comes first among its parameters, under its own name.
            let (own, place) = captured.get(function.name).copied().unwrap_or((0, Position::NONE));
            for parameter in function.params.iter().skip(own).filter(|p| checked.is_taken(p)) {
                let at = checked.source.at(&file.name, place);
                found.push(name_in_use::report_closure_parameter(at, parameter));
            }
        }
    }
}

/// Returns how many variables each closure of a file captures, and where it stands.
fn captured(file: &ScriptFile) -> BTreeMap<String, (usize, Position)> {
    let mut found: BTreeMap<String, (usize, Position)> = BTreeMap::new();
    let mut visit = |node: ASTNode| {
        let (closure, count) = match node {
            ASTNode::Expr(expr @ Expr::DynamicConstant(..)) => (expr, 0),
            ASTNode::Expr(Expr::FnCall(call, _)) if call.name == "curry" => match call.args.split_first() {
                Some((closure, captured)) => (closure, captured.len()),
                None => return,
            },
            _ => return,
        };
        if let Expr::DynamicConstant(value, position) = closure
            && let Some(function) = value.read_lock::<rhai::FnPtr>()
        {
            let known = found.entry(function.fn_name().to_owned()).or_insert((0, *position));
            known.0 = known.0.max(count);
        }
    };
    for expr in file.statements.iter().flat_map(|s| s.expressions()) {
        walk(expr, &mut visit);
    }
    file.ast.walk(&mut |path: &[ASTNode]| {
        if let Some(node) = path.last() {
            visit(*node);
        }
        true
    });
    found
}

/// The variables of each statement and function, by which one that strayed is known.
pub(super) struct Elsewhere(BTreeMap<String, String>);

impl Elsewhere {
    /// Gathers the variables of all bodies.
    pub fn of(bodies: &[Body]) -> Self {
        let names =
            bodies.iter().flat_map(|b| b.scope.locals.keys().map(|name| (name.clone(), b.of.clone())));
        Self(names.collect())
    }
}

/// Checks that the variables of a body are known where they are used, and that `it` and `input` are there.
pub(super) fn reach(body: &Body, elsewhere: &Elsewhere, found: &mut Vec<Finding>) {
    for (name, position) in out_of_reach(body) {
        found.push(body.finding(position, Wrong::OutOfReach { name, of: None }));
    }
    body.visit(&mut |node| {
        let ASTNode::Expr(Expr::Variable(x, _, position)) = node else { return };
        let wrong = match (x.1.as_str(), body.place) {
            ("it", Place::Condition | Place::RuleBody | Place::ActionBody | Place::Asks)
                if body.scope.around.element.is_none() =>
            {
                Wrong::NoElement
            }
            ("input", Place::Condition | Place::RuleBody | Place::Asks) => Wrong::NoInput,
            (name, _) if is_known(body, name) => return,
            (name, _) => match elsewhere.0.get(name) {
                Some(of) => Wrong::OutOfReach { name: name.to_owned(), of: Some(of.clone()) },
                None => return,
            },
        };
        found.push(body.finding(*position, wrong));
    });
}

fn is_known(body: &Body, name: &str) -> bool {
    let checked = body.scope.checked;
    body.scope.locals.contains_key(name)
        || VARIABLES.contains(&name)
        || checked.constants.contains_key(name)
        || checked.functions.contains_key(name)
        || checked.unreadable.functions.contains(name)
}

/// Checks the variables of a body: each is known, and none takes a name that is in use.
pub(super) fn check(checked: &Checked, body: &Body, elsewhere: &Elsewhere, found: &mut Vec<Diagnostic>) {
    let mut own = Vec::new();
    body.visit(&mut |node| match node {
        ASTNode::Stmt(Stmt::Var(var, flags, position)) if !flags.contains(ASTFlags::CONSTANT) => {
            own.push((var.0.name.to_string(), *position));
        }
        ASTNode::Stmt(Stmt::For(x, position)) => {
            own.push((x.0.name.to_string(), *position));
            own.extend(x.1.iter().map(|counter| (counter.name.to_string(), *position)));
        }
        ASTNode::Expr(Expr::Variable(x, _, position)) => {
            let name = x.1.as_str();
            let known = is_known(body, name) || elsewhere.0.contains_key(name);
            if let (false, Some(meant)) = (known, slips::meant::value(name)) {
                found.push(other_word::report(body.at(*position), name, &meant).replaced_by(meant));
            } else if !known && checked.is_declared(name) {
                found.push(missing_quotes::report(body.at(*position), name));
            } else if !known {
                let names = body.scope.locals.keys().map(String::as_str);
                let names = names
                    .chain(VARIABLES.iter().copied())
                    .chain(checked.constants.keys().map(String::as_str));
                found.push(unknown_variable::report(body.at(*position), name, names));
            }
        }
        _ => {}
    });
    for (name, position) in own.into_iter().filter(|(name, _)| checked.is_taken(name)) {
        found.push(name_in_use::report_variable(body.at(position), &name));
    }
    if body.place == Place::Schedule {
        without_complaint(body, found);
    }
}

/// Checks that a schedule, which has no complaint, names nothing of one.
fn without_complaint(body: &Body, found: &mut Vec<Diagnostic>) {
    body.visit(&mut |node| {
        if let ASTNode::Expr(Expr::Variable(x, _, position)) = node
            && ["complaint", "it", "input"].contains(&x.1.as_str())
        {
            found.push(no_complaint::report(body.at(*position), &x.1));
        }
    });
}
