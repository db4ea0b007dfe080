//! Analysis: what loads and cannot be meant so: names that nobody uses, terms that nobody meets, rules that can never
//! hold. Each is a warning with its place.

use crate::complaint::State;
use crate::rules::check::lint::Checked;
use crate::rules::language::diagnostic::Diagnostic;
use crate::rules::language::tree::walk;
use crate::rules::procedure::declared::Procedure;
use crate::rules::statements::guard::Guard;
use crate::rules::statements::rule::Rule;
use rhai::{ASTNode, Expr, FnCallExpr, Position, Stmt};
use std::collections::{BTreeMap, BTreeSet};

/// The names that calls in scripts hand to a function, by function.
#[derive(Default)]
struct Calls {
    names: BTreeMap<String, BTreeMap<String, (String, Position)>>,
    /// Variables and properties that are read anywhere.
    words: BTreeSet<String>,
}

impl Calls {
    fn of(checked: &Checked) -> Self {
        let mut calls = Self::default();
        for file in checked.files {
            let mut visit = |node: ASTNode| match node {
                ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position)) => {
                    calls.call(&file.name, call, *position);
                }
                ASTNode::Expr(Expr::Variable(x, ..)) => {
                    calls.words.insert(x.1.to_string());
                }
                ASTNode::Expr(Expr::Property(p, _)) => {
                    calls.words.insert(p.2.to_string());
                }
                _ => {}
            };
            for s in &file.statements {
                for part in ["list", "when", "every", "by", "asks", "then"] {
                    if let Some(expr) = s.part(part) {
                        walk(expr, &mut visit);
                    }
                }
            }
            file.ast.walk(&mut |path: &[ASTNode]| {
                if let Some(node) = path.last() {
                    visit(*node);
                }
                true
            });
        }
        calls
    }

    fn call(&mut self, file: &str, call: &FnCallExpr, position: Position) {
        let mut note = |expr: &Expr| {
            if let Expr::StringConstant(text, _) = expr {
                let places = self.names.entry(call.name.to_string()).or_default();
                places.entry(text.to_string()).or_insert_with(|| (file.to_owned(), position));
            }
        };
        for argument in &call.args {
            match argument {
                Expr::Array(items, _) => items.iter().for_each(&mut note),
                single => note(single),
            }
        }
    }

    fn given(&self, function: &str, name: &str) -> Option<&(String, Position)> {
        self.names.get(function)?.get(name)
    }
}

/// Everything that looks wrong although it loads.
pub(in crate::rules) fn analyse(checked: &Checked, rules: &[Rule]) -> Vec<Diagnostic> {
    let calls = Calls::of(checked);
    let mut found = states(checked.procedure, &calls);
    found.extend(deadlines(checked.procedure, &calls));
    found.extend(messages(checked, &calls));
    found.extend(constants(checked, &calls));
    found.extend(flags(checked.procedure, &calls));
    found.extend(rules.iter().filter_map(|r| never(r, checked.procedure, &calls)));
    found.sort();
    found
}

fn declared(what: &str, name: &str, why: &str) -> Diagnostic {
    Diagnostic::file(crate::rules::procedure::declared::FILE, format!("{what} `{name}` {why}"))
}

fn states(procedure: &Procedure, calls: &Calls) -> Vec<Diagnostic> {
    let unreached = procedure.states.keys().filter(|s| **s != procedure.initial);
    let unreached = unreached.filter(|s| calls.given("enter", s.as_str()).is_none());
    unreached
        .map(|s| {
            declared("state", s.as_str(), "is never entered")
                .help(format!("enter(\"{s}\") in a rule or action, or leave it out"))
        })
        .collect()
}

fn deadlines(procedure: &Procedure, calls: &Calls) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for name in procedure.deadlines.keys().map(|d| d.as_str()) {
        let Some((file, position)) = calls.given("deadline", name) else {
            found.push(
                declared("deadline", name, "is never armed").help("leave it out, or arm it with deadline(…)"),
            );
            continue;
        };
        let is_closed = ["met", "cancel"].iter().any(|f| calls.given(f, name).is_some());
        let is_read = ["overdue", "due"].iter().any(|f| calls.given(f, name).is_some());
        if !is_closed && !is_read {
            let text =
                format!("deadline `{name}` is armed, and nothing meets it, cancels it or looks at its end");
            found.push(
                Diagnostic::at(file, *position, text).help(format!("met(\"{name}\") where the duty is done")),
            );
        }
    }
    found
}

fn messages(checked: &Checked, calls: &Calls) -> Vec<Diagnostic> {
    let unsent = checked.source.messages().filter(|(_, m, _)| calls.given("notify", m).is_none());
    unsent
        .map(|(language, message, _)| {
            Diagnostic::file(&format!("messages/{language}/{message}.md"), "nobody sends this message")
        })
        .collect()
}

/// A parameter counts as used when a script reads it, another parameter is made of it, or a message states it.
fn constants(checked: &Checked, calls: &Calls) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in checked.files {
        for statement in file.ast.statements() {
            let Stmt::Var(var, _, position) = statement else { continue };
            let name = var.0.name.as_str();
            let in_message =
                checked.source.messages().any(|(_, _, text)| text.contains(&format!("terms.{name}")));
            // Texts with ${NAME} are expressions of their own and are walked like any other.
            if !in_message && !calls.words.contains(name) {
                let text = format!("parameter `{name}` is not used");
                found.push(
                    Diagnostic::at(&file.name, *position, text)
                        .help("leave it out; changing it changes nothing"),
                );
            }
        }
    }
    found
}

fn flags(procedure: &Procedure, calls: &Calls) -> Vec<Diagnostic> {
    let unused =
        procedure.flags.keys().chain(procedure.counters.keys()).filter(|f| !calls.words.contains(f.as_str()));
    unused.map(|f| declared("flag or counter", f.as_str(), "is never read or set")).collect()
}

/// Why a rule can never hold, as far as its plain parts tell.
fn never(rule: &Rule, procedure: &Procedure, calls: &Calls) -> Option<Diagnostic> {
    let why = rule.guards.iter().find_map(|guard| match guard {
        Guard::Constant { name, value: false } => Some(format!("{name} is false")),
        Guard::Armed(name) if calls.given("deadline", name).is_none() => {
            Some(format!("deadline `{name}` is never armed"))
        }
        Guard::Letter { message, .. } if calls.given("notify", message).is_none() => {
            Some(format!("message `{message}` is never sent"))
        }
        _ => None,
    });
    let states: Vec<&State> = procedure.states.keys().collect();
    let fits = |s: &&&State| rule.guards.iter().all(|g| g.holds_in(s, procedure));
    let by_switch = rule.guards.iter().any(|g| matches!(g, Guard::Constant { value: false, .. }));
    let why = why.or_else(|| {
        (!by_switch && !states.iter().any(|s| fits(&s))).then(|| "no state fits all its parts".to_owned())
    })?;
    // A parameter that is off is how a rule is switched off; that is no mistake.
    (!by_switch).then(|| {
        Diagnostic::at(&rule.file, rule.position, format!("rule \"{}\" can never hold: {why}", rule.name))
    })
}
