//! Names of functions, parameters and variables: unknown ones, and those that are taken.

use super::bodies::Body;
use super::place::Place;
use super::world::{Checked, is_closure};
use crate::rules::language::diagnostic::Diagnostic;
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

/// Checks what constants are called, and the parameters of closures.
pub(super) fn of_files(checked: &Checked, found: &mut Vec<Diagnostic>) {
    for file in checked.files {
        for statement in file.ast.statements() {
            let Stmt::Var(var, _, position) = statement else { continue };
            let name = var.0.name.as_str();
            let is_word = VARIABLES.contains(&name) || words::find(name).is_some();
            if is_word || checked.functions.contains_key(name) {
                let text = format!("constant `{name}` takes a name that is in use");
                found.push(Diagnostic::at(&file.name, *position, text).help("give it another name"));
            }
        }
        let captured = captured(file);
        for function in file.ast.iter_functions().filter(|f| is_closure(f.name)) {
            // What a closure captures comes first among its parameters, under its own name.
            let (own, place) = captured.get(function.name).copied().unwrap_or((0, Position::NONE));
            for parameter in function.params.iter().skip(own).filter(|p| checked.is_taken(p)) {
                let text = format!("parameter `|{parameter}|` takes a name that is in use");
                found.push(Diagnostic::at(&file.name, place, text).help("give it another name, such as |m|"));
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
