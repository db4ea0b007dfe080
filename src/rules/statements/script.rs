//! `ScriptFile`: a file of rules as parsed, and the parameters that its constants are.

use crate::rules::language::diagnostic::Diagnostic;
use crate::rules::language::grammar::{self, Statement};
use crate::rules::language::source::RulesetSource;
use crate::rules::language::tokens::Tokens;
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
    let mut machine = Machine::new(|_| None);
    let tokens = Tokens::kept_by(machine.engine_mut());
    let mut files = Vec::new();
    let mut found = Vec::new();
    for (name, text) in source.scripts() {
        tokens.clear();
        match machine.engine().compile(text) {
            Ok(ast) => {
                let (mut statements, others) = grammar::statements(&ast);
                for s in &mut statements {
                    s.tokens = tokens.of_statement(s.position);
                }
                found.extend(others.iter().filter(|s| !is_constant(s)).map(|s| {
                    let text =
                        "only const, fn, rule, action and schedule stand at the top level of a rule file";
                    Diagnostic::at(name, s.position(), text)
                }));
                files.push(ScriptFile { name: name.to_owned(), statements, ast });
            }
            Err(e) => found.push(Diagnostic::at(name, e.1, e.0.to_string())),
        }
    }
    if found.is_empty() { Ok(files) } else { Err(found) }
}

fn is_constant(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Var(_, flags, _) if flags.contains(ASTFlags::CONSTANT))
}

/// Evaluates the constants in file order; each sees those before it.
pub(in crate::rules) fn constants(
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
                found.push(Diagnostic::at(
                    &file.name,
                    *position,
                    format!("constant `{name}` is defined twice"),
                ));
            }
            match value {
                Ok(value) => {
                    known.insert(name, value);
                }
                Err(e) => {
                    found.push(Diagnostic::at(&file.name, *position, format!("constant `{name}`: {e}")))
                }
            }
        }
    }
    let known = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if found.is_empty() { Ok(known) } else { Err(found) }
}

fn evaluate(machine: &Machine, expr: Expr) -> Result<Dynamic, String> {
    let value = machine.run(move |interpreter| interpreter.evaluate(&expr).map_err(|e| e.to_string()));
    value.unwrap_or_else(|| Err("it was not evaluated".to_owned()))
}
