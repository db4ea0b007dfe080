//! Names of functions, parameters and variables: unknown ones, and those that are taken.

use super::bodies::Body;
use super::place::Place;
use super::world::{Checked, is_closure};
use crate::rules::diagnostics::kinds::{
    defined_twice, missing_quotes, name_in_use, no_complaint, other_word, unknown_variable,
};
use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::language::slips;
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
                || checked.functions.contains_key(name)
                || checked.unreadable.functions.contains(name);
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
