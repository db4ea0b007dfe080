//! `ScriptFile`: a file of rules as parsed, and the parameters that its constants are.

use crate::rules::diagnostics::kinds::{defined_twice, parameter_value, stray_statement, syntax};
use crate::rules::diagnostics::{Diagnostic, Text};
use crate::rules::language::grammar::{self, Statement};
use crate::rules::language::run_error;
use crate::rules::language::source::RulesetSource;
use crate::rules::machine::Machine;
use rhai::{AST, ASTFlags, ASTNode, Dynamic, Expr, Stmt};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A script file, parsed.
pub(in crate::rules) struct ScriptFile {
    pub name: String,
    pub ast: AST,
    pub statements: Vec<Statement>,
}

/// A function of a file, as its callers may look into it.
#[derive(Debug)]
pub(in crate::rules) struct ScriptFunction {
    pub file: String,
    pub body: Vec<Stmt>,
}

/// Returns the functions of a file by name.
pub(in crate::rules) fn functions(file: &ScriptFile) -> Vec<(String, ScriptFunction)> {
    let names = file.ast.iter_functions().map(|f| f.name.to_owned());
    let body = |name: &str| {
        let mut body = Vec::new();
        let mut alone = file.ast.clone_functions_only();
        alone.retain_functions(|_, _, other, _| other == name).walk(&mut |path| {
            if let [ASTNode::Stmt(statement)] = path {
                body.push((*statement).clone());
            }
            true
        });
        body
    };
    names.map(|name| (name.clone(), ScriptFunction { file: file.name.clone(), body: body(&name) })).collect()
}

/// Parses every script of a ruleset.
pub(in crate::rules) fn parse(source: &RulesetSource) -> Result<Vec<ScriptFile>, Vec<Diagnostic>> {
    let machine = Machine::new(|_| None);
    let mut files = Vec::new();
    let mut found = Vec::new();
    for (name, text) in source.scripts() {
        match machine.engine().compile(text) {
            Ok(ast) => {
                let (statements, others) = grammar::statements(&ast);
                let stray = others.iter().filter(|s| !is_constant(s));
                found.extend(stray.map(|s| stray_statement::report(source.at(name, s.position()))));
                files.push(ScriptFile { name: name.to_owned(), statements, ast });
            }
            Err(e) => found.push(syntax::report(source.at(name, e.1), &e.0)),
        }
    }
    if found.is_empty() { Ok(files) } else { Err(found) }
}

fn is_constant(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Var(_, flags, _) if flags.contains(ASTFlags::CONSTANT))
}

/// Evaluates the constants in file order; each sees those before it.
pub(in crate::rules) fn constants(
    source: &RulesetSource,
    files: &[ScriptFile],
) -> Result<BTreeMap<String, Dynamic>, Vec<Diagnostic>> {
    let known = Arc::new(Mutex::new(BTreeMap::<String, Dynamic>::new()));
    let seen = Arc::clone(&known);
    let machine =
        Machine::new(move |name| seen.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned());
    let mut found = Vec::new();
    for file in files {
        for statement in file.ast.statements() {
            let Stmt::Var(var, _, position) = statement else { continue };
            let name = var.0.name.to_string();
            let value = evaluate(&machine, var.1.clone());
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.contains_key(&name) {
                found.push(defined_twice::report_constant(source.at(&file.name, *position), &name));
            }
            match value {
                Ok(value) => {
                    known.insert(name, value);
                }
                Err(why) => {
                    found.push(parameter_value::report(source.at(&file.name, *position), &name, &why))
                }
            }
        }
    }
    let known = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if found.is_empty() { Ok(known) } else { Err(found) }
}

fn evaluate(machine: &Machine, expr: Expr) -> Result<Dynamic, Text> {
    let value =
        machine.run(move |interpreter| interpreter.evaluate(&expr).map_err(|e| run_error::worded(&e)));
    value.unwrap_or_else(|| Err(Text::new("de waarde is niet berekend", "it was not evaluated")))
}
