//! Analysis: what loads and cannot be meant so: names that nobody uses, terms that nobody meets, rules that
//! can never hold. Each is a warning with its place.

use super::conditions::unarmed;
use super::unseen::unseen;
use super::uses::Uses;
use super::world::Checked;
use crate::complaint::State;
use crate::rules::language::diagnostic::Diagnostic;
use crate::rules::procedure::declared::Procedure;
use crate::rules::statements::guard::Guard;
use crate::rules::statements::rule::Rule;
use crate::rules::words::word::{Does, Reads};
use rhai::Stmt;

/// Returns a warning for everything that looks wrong although it loads.
pub(in crate::rules) fn analyse(checked: &Checked, rules: &[Rule]) -> Vec<Diagnostic> {
    let uses = Uses::of(checked);
    let mut found = states(checked.procedure, &uses);
    found.extend(unarmed(checked));
    found.extend(unseen(checked));
    found.extend(deadlines(checked.procedure, &uses));
    found.extend(messages(checked, &uses));
    found.extend(constants(checked, &uses));
    found.extend(flags(checked.procedure, &uses));
    found.extend(rules.iter().filter_map(|r| never(r, checked.procedure, &uses)));
    found.sort();
    found
}

fn declared(what: &str, name: &str, why: &str) -> Diagnostic {
    Diagnostic::file(crate::rules::procedure::declared::FILE, format!("{what} `{name}` {why}"))
}

fn states(procedure: &Procedure, uses: &Uses) -> Vec<Diagnostic> {
    let unreached = procedure.states.keys().filter(|s| **s != procedure.initial);
    let unreached = unreached.filter(|s| uses.done(Does::Enters, s.as_str()).is_none());
    unreached
        .map(|s| {
            declared("state", s.as_str(), "is never entered")
                .help(format!("enter(\"{s}\") in a rule or action, or leave it out"))
        })
        .collect()
}

fn deadlines(procedure: &Procedure, uses: &Uses) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for name in procedure.deadlines.keys().map(|d| d.as_str()) {
        let Some((file, position)) = uses.done(Does::ArmsTerm, name) else {
            found.push(
                declared("deadline", name, "is never armed").help("leave it out, or arm it with deadline(…)"),
            );
            continue;
        };
        let is_closed = uses.done(Does::EndsTerm, name).is_some();
        let is_read = uses.read(Reads::TermEnd, name).is_some();
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

fn messages(checked: &Checked, uses: &Uses) -> Vec<Diagnostic> {
    let unsent = checked.source.messages().filter(|(_, m, _)| uses.done(Does::Sends, m).is_none());
    unsent
        .map(|(language, message, _)| {
            Diagnostic::file(&format!("messages/{language}/{message}.md"), "nobody sends this message")
        })
        .collect()
}

/// Warns of parameters that nothing uses: one counts as used when a script reads it, another parameter is
/// made of it, or a message states it.
fn constants(checked: &Checked, uses: &Uses) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for file in checked.files {
        for statement in file.ast.statements() {
            let Stmt::Var(var, _, position) = statement else { continue };
            let name = var.0.name.as_str();
            let in_message =
                checked.source.messages().any(|(_, _, text)| text.contains(&format!("terms.{name}")));
            // Texts with ${NAME} are expressions of their own and are walked like any other.
            if !in_message && !uses.words.contains(name) {
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

fn flags(procedure: &Procedure, uses: &Uses) -> Vec<Diagnostic> {
    let unused =
        procedure.flags.keys().chain(procedure.counters.keys()).filter(|f| !uses.words.contains(f.as_str()));
    unused.map(|f| declared("flag or counter", f.as_str(), "is never read or set")).collect()
}

/// Warns of a rule that can never hold, as far as its plain parts tell.
fn never(rule: &Rule, procedure: &Procedure, uses: &Uses) -> Option<Diagnostic> {
    let why = rule.guards.iter().find_map(|guard| match guard {
        Guard::Constant { name, value: false } => Some(format!("{name} is false")),
        Guard::Armed(name) if uses.done(Does::ArmsTerm, name).is_none() => {
            Some(format!("deadline `{name}` is never armed"))
        }
        Guard::Letter { message, .. } if uses.done(Does::Sends, message).is_none() => {
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
