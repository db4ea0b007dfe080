//! Names of functions, parameters and variables: unknown ones, and those that are taken.

use super::bodies::Body;
use super::place::Place;
use super::world::{Checked, is_closure};
use crate::rules::language::diagnostic::Diagnostic;
use crate::rules::words::VARIABLES;
use rhai::{ASTFlags, ASTNode, Expr, Stmt};
use std::collections::BTreeSet;

/// Checks what functions and their parameters are called.
pub(super) fn functions(checked: &Checked, found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for file in checked.files {
        // A closure's parameters include what it captures, `complaint` among them.
        for function in file.ast.iter_functions().filter(|f| !is_closure(f.name)) {
            let name = function.name;
            if checked.is_taken(name) {
                let text = format!("function `{name}` takes a name that Redress uses; choose another");
                found.push(Diagnostic::file(&file.name, text));
            }
            if !seen.insert(name) {
                found.push(Diagnostic::file(&file.name, format!("function `{name}` is defined twice")));
            }
            for parameter in function.params.iter().filter(|p| checked.is_taken(p)) {
                let text = format!("parameter `{parameter}` of `{name}` takes a name that Redress uses");
                found.push(Diagnostic::file(&file.name, text));
            }
        }
    }
}

/// Checks the variables of a body: each is known, and none takes a name that is in use.
pub(super) fn check(checked: &Checked, body: &Body, found: &mut Vec<Diagnostic>) {
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
            let known = body.scope.locals.contains_key(name)
                || VARIABLES.contains(&name)
                || checked.constants.contains_key(name)
                || checked.functions.contains_key(name);
            if !known {
                let diagnostic = Diagnostic::at(body.file, *position, format!("unknown name `{name}`"));
                let names = body.scope.locals.keys().map(String::as_str);
                let names = names
                    .chain(VARIABLES.iter().copied())
                    .chain(checked.constants.keys().map(String::as_str));
                found.push(diagnostic.suggest(name, names));
            }
        }
        _ => {}
    });
    for (name, position) in own.into_iter().filter(|(name, _)| checked.is_taken(name)) {
        found.push(Diagnostic::at(
            body.file,
            position,
            format!("variable `{name}` takes a name that is in use"),
        ));
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
            found.push(no_complaint(body.file, *position, &x.1));
        }
    });
}

/// Says that a schedule has nothing of the kind.
pub(super) fn no_complaint(file: &str, position: rhai::Position, name: &str) -> Diagnostic {
    let text = format!("a schedule has no complaint, so no `{name}`; it can only notify");
    Diagnostic::at(file, position, text)
}
