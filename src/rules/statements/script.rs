//! `ScriptFile`: a file of rules as parsed, and the parameters that its constants are.

use crate::rules::diagnostics::kinds::{defined_twice, parameter_value, stray_statement};
use crate::rules::diagnostics::{Diagnostic, Lines, Location, Text};
use crate::rules::language::draft::Draft;
use crate::rules::language::grammar::{self, Statement};
use crate::rules::language::limits::RULE_STEPS;
use crate::rules::language::recovery::{self, Unreadable};
use crate::rules::language::run_error;
use crate::rules::language::source::RulesetSource;
use crate::rules::language::statement_text::without_name;
use crate::rules::language::tokens::Tokens;
use crate::rules::language::tree::walk;
use crate::rules::machine::Machine;
use rhai::{AST, ASTFlags, ASTNode, Dynamic, Expr, Stmt};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
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
    pub parameters: Vec<String>,
    pub body: Vec<Stmt>,
}

impl ScriptFile {
    /// Returns the statements of one of its functions, or of a closure that the parser made one of.
    pub fn function(&self, name: &str) -> Vec<Stmt> {
        let mut body = Vec::new();
        // Rhai's own filter for clones lets everything through into an empty script; retaining works.
        let mut alone = self.ast.clone_functions_only();
        alone.retain_functions(|_, _, other, _| other == name).walk(&mut |path| {
            if let [ASTNode::Stmt(statement)] = path {
                body.push((*statement).clone());
            }
            true
        });
        body
    }
}

/// Returns the functions of a file by name.
pub(in crate::rules) fn functions(file: &ScriptFile) -> Vec<(String, ScriptFunction)> {
    let function = |f: rhai::ScriptFnMetadata| {
        let parameters = f.params.iter().map(|&parameter| parameter.to_owned()).collect();
        (
            f.name.to_owned(),
            ScriptFunction { file: file.name.clone(), parameters, body: file.function(f.name) },
        )
    };
    file.ast.iter_functions().map(function).collect()
}

/// Returns the functions without parameters that are one expression.
pub(in crate::rules) fn expressions(functions: &BTreeMap<String, ScriptFunction>) -> BTreeMap<String, Expr> {
    let without = functions.iter().filter(|(_, function)| function.parameters.is_empty());
    let one = |(name, function): (&String, &ScriptFunction)| match &function.body[..] {
        [Stmt::Expr(expr)] => Some((name.clone(), (**expr).clone())),
        [Stmt::FnCall(call, position)] => Some((name.clone(), Expr::FnCall(call.clone(), *position))),
        _ => None,
    };
    without.filter_map(one).collect()
}

/// The scripts of a ruleset, as far as they can be read.
pub(in crate::rules) struct Scripts {
    pub files: Vec<ScriptFile>,
    /// The mistakes of how they are written.
    pub found: Vec<Diagnostic>,
    /// The names that are given where nothing could be read.
    pub unreadable: Unreadable,
    /// The texts of the files that were not read as they stand.
    drafts: BTreeMap<String, Draft>,
}

impl Scripts {
    /// Returns the source as it was read: what the places in the files are places of.
    pub fn source<'s>(&self, source: &'s RulesetSource) -> Cow<'s, RulesetSource> {
        if self.drafts.is_empty() {
            return Cow::Borrowed(source);
        }
        let mut files = source.files().clone();
        files.extend(self.drafts.iter().map(|(name, draft)| (name.clone(), draft.text.clone())));
        Cow::Owned(RulesetSource::new(files))
    }

    /// Moves diagnostics of the source as it was read to their places in the source.
    pub fn moved(&self, source: &RulesetSource, found: &mut [Diagnostic]) {
        for (name, draft) in &self.drafts {
            let of_file = found.iter_mut().filter(|diagnostic| diagnostic.at.file == *name);
            recovery::moved(of_file, draft, source.text(name));
        }
    }
}

/// Parses every script of a ruleset: every statement by itself where a file cannot be read as a whole.
pub(in crate::rules) fn parse(source: &RulesetSource) -> Scripts {
    let machine = Machine::new(|_| None);
    let parser = |text: &str| machine.engine().compile(text);
    let (mut files, mut found) = (Vec::new(), Vec::new());
    let (mut unreadable, mut drafts) = (Unreadable::default(), BTreeMap::new());
    for (name, text) in source.scripts() {
        let readable = recovery::read(name, text, &parser);
        let (mut statements, others) = grammar::statements(&readable.ast);
        let tokens = Tokens::of(&readable.draft.text);
        let lines = Lines::from(&readable.draft.text);
        statements.iter_mut().for_each(|s| s.text = without_name(&tokens, &lines, s.position));
        let stray = others.iter().filter(|s| !is_constant(s));
        let mut stray: Vec<Diagnostic> =
            stray.map(|s| stray_statement::report(Location::token(name, &lines, s.position()))).collect();
        if !readable.found.is_empty() {
            recovery::moved(&mut stray, &readable.draft, text);
            drafts.insert(name.to_owned(), readable.draft);
        }
        found.extend(stray);
        found.extend(readable.found);
        unreadable.extend(readable.unreadable);
        files.push(ScriptFile { name: name.to_owned(), statements, ast: readable.ast });
    }
    Scripts { files, found, unreadable, drafts }
}

fn is_constant(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Var(_, flags, _) if flags.contains(ASTFlags::CONSTANT))
}

/// Evaluates the constants in file order; each sees those before it. One that cannot be evaluated, or that is
/// made of one, is there and nothing is known of it.
pub(in crate::rules) fn constants(
    source: &RulesetSource,
    scripts: &Scripts,
) -> (BTreeMap<String, Dynamic>, Vec<Diagnostic>) {
    let known = Arc::new(Mutex::new(BTreeMap::<String, Dynamic>::new()));
    let seen = Arc::clone(&known);
    let machine =
        Machine::new(move |name| seen.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned());
    let mut unknown: BTreeSet<String> = scripts.unreadable.constants.clone();
    let mut found = Vec::new();
    for file in &scripts.files {
        for statement in file.ast.statements() {
            let Stmt::Var(var, _, position) = statement else { continue };
            let name = var.0.name.to_string();
            let is_open = mentions(&var.1, &unknown) || mentions(&var.1, &scripts.unreadable.functions);
            let value = if is_open { Ok(Dynamic::UNIT) } else { evaluate(&machine, var.1.clone()) };
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.contains_key(&name) {
                found.push(defined_twice::report_constant(source.at(&file.name, *position), &name));
            }
            if is_open || value.is_err() {
                unknown.insert(name.clone());
            }
            if let Err(why) = &value {
                found.push(parameter_value::report(source.at(&file.name, *position), &name, why));
            }
            known.insert(name, value.unwrap_or_default());
        }
    }
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
    known.extend(scripts.unreadable.constants.iter().map(|name| (name.clone(), Dynamic::UNIT)));
    (known, found)
}

/// Returns whether an expression reads or calls one of these names.
fn mentions(expr: &Expr, names: &BTreeSet<String>) -> bool {
    let mut found = false;
    walk(expr, &mut |node| {
        found |= match node {
            ASTNode::Expr(Expr::Variable(x, ..)) => names.contains(x.1.as_str()),
            ASTNode::Expr(Expr::FnCall(call, _)) => names.contains(call.name.as_str()),
            _ => false,
        };
    });
    found
}

fn evaluate(machine: &Machine, expr: Expr) -> Result<Dynamic, Text> {
    let value = machine.run(move |interpreter| {
        interpreter.evaluate(&expr, RULE_STEPS).outcome.map_err(|e| run_error::worded(&e))
    });
    value.unwrap_or_else(|| Err(Text::new("de waarde is niet berekend", "it was not evaluated")))
}
