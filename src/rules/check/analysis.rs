//! Analysis: what loads and cannot be meant so: names that nobody uses, terms that nobody meets, rules that
//! can never hold. Each is a warning with its place.

use super::bodies::Body;
use super::conditions::unarmed;
use super::unseen::unseen;
use super::uses::Uses;
use super::world::Checked;
use super::{presence, truth};
use crate::complaint::State;
use crate::rules::diagnostics::kinds::{
    never_armed, never_entered, never_met, never_sent, unused_flag, unused_parameter, unused_part,
};
use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::procedure::declared::FILE;
use crate::rules::words::word::{Does, Reads};
use rhai::Stmt;

/// Returns a warning for everything that looks wrong although it loads.
pub(in crate::rules) fn analyse(checked: &Checked, bodies: &[Body]) -> Vec<Diagnostic> {
    let uses = Uses::of(checked);
    let mut found = states(checked, &uses);
    found.extend(unarmed(checked));
    found.extend(unseen(checked));
    found.extend(deadlines(checked, &uses));
    found.extend(messages(checked, &uses));
    found.extend(constants(checked, &uses));
    found.extend(flags(checked, &uses));
    found.extend(presence::check(bodies).into_iter().map(|f| f.told(checked)));
    found.extend(truth::check(bodies, &uses).into_iter().map(|f| f.told(checked)));
    found.sort();
    found.dedup();
    found
}

/// Returns where a name of one of these sections is declared.
fn declaration(checked: &Checked, sections: &[&str], name: &str) -> Location {
    let places =
        sections.iter().map(|s| Location::first(FILE, checked.source.text(FILE), &format!("{s}.{name}")));
    places.into_iter().find(|at| at.span.is_some()).unwrap_or_else(|| Location::file(FILE))
}

fn states(checked: &Checked, uses: &Uses) -> Vec<Diagnostic> {
    let procedure = checked.procedure;
    let unreached = procedure.states.keys().filter(|s| **s != procedure.initial);
    let imported = procedure.imports.iter().flat_map(|i| [&i.handled, &i.unhandled, &i.undone]);
    let imported: Vec<&State> = imported.collect();
    let unreached = unreached.filter(|s| !imported.contains(s));
    let unreached = unreached.filter(|s| uses.done(Does::Enters, s.as_str()).is_none());
    unreached
        .map(|s| never_entered::report(declaration(checked, &["states"], s.as_str()), s.as_str()))
        .collect()
}

fn deadlines(checked: &Checked, uses: &Uses) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for name in checked.procedure.deadlines.keys().map(|d| d.as_str()) {
        let Some((file, position)) = uses.done(Does::ArmsTerm, name) else {
            found.push(never_armed::report(declaration(checked, &["deadlines"], name), name));
            continue;
        };
        let is_closed = uses.done(Does::EndsTerm, name).is_some();
        let is_read = uses.read(Reads::TermEnd, name).is_some();
        if !is_closed && !is_read {
            found.push(never_met::report(checked.source.at(file, *position), name));
        }
    }
    found
}

fn messages(checked: &Checked, uses: &Uses) -> Vec<Diagnostic> {
    let unsent = checked.source.messages().filter(|(_, m, _)| uses.done(Does::Sends, m).is_none());
    let unsent =
        unsent.map(|(language, message, _)| never_sent::report(&format!("messages/{language}/{message}.md")));
    unsent.chain(checked.source.unused_parts().map(unused_part::report)).collect()
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
            let digest = &checked.procedure.digest;
            let is_time = digest.working_hours.iter().chain([&digest.at]).any(|time| time == name);
            if !in_message && !is_time && !uses.words.contains(name) {
                found.push(unused_parameter::report(checked.source.at(&file.name, *position), name));
            }
        }
    }
    found
}

fn flags(checked: &Checked, uses: &Uses) -> Vec<Diagnostic> {
    let procedure = checked.procedure;
    let unused =
        procedure.flags.keys().chain(procedure.counters.keys()).filter(|f| !uses.words.contains(f.as_str()));
    let place = |name: &str| declaration(checked, &["flags", "counters"], name);
    unused.map(|f| unused_flag::report(place(f.as_str()), f.as_str())).collect()
}
