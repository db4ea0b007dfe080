//! Statements: names that are given once, roles that exist, inputs that are asked.

use super::scope::names_asked;
use super::world::Checked;
use crate::rules::language::diagnostic::Diagnostic;
use crate::rules::language::grammar::{Statement, StatementKind};
use crate::rules::language::tree::literals;
use crate::rules::statements::script::ScriptFile;
use crate::rules::words::vocabulary::Vocabulary;
use std::collections::BTreeMap;

/// Checks the names of statements, and what stands at the head of actions.
pub(super) fn check(checked: &Checked, found: &mut Vec<Diagnostic>) {
    unique_names(checked, found);
    for file in checked.files {
        for s in file.statements.iter().filter(|s| s.kind == StatementKind::Action) {
            action(checked, file, s, found);
        }
    }
}

/// Checks that no name is given twice: rules, actions and schedules share one set, because the record says
/// who did something by name.
fn unique_names(checked: &Checked, found: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<String, (StatementKind, String)> = BTreeMap::new();
    for file in checked.files {
        for s in &file.statements {
            let (name, kind) = (s.name(), s.kind.keyword());
            let place = format!("{}:{}", file.name, s.position.line().unwrap_or(0));
            if name.trim().is_empty() {
                found.push(Diagnostic::at(&file.name, s.position, format!("this {kind} needs a name")));
            }
            match seen.get(&name) {
                Some((first, at)) if *first == s.kind => {
                    let text = format!("{kind} \"{name}\" is defined twice; the first is at {at}");
                    found.push(Diagnostic::at(&file.name, s.position, text));
                }
                Some((first, at)) => {
                    let text = format!("{kind} \"{name}\" has the name of the {} at {at}", first.keyword());
                    let diagnostic = Diagnostic::at(&file.name, s.position, text);
                    found.push(diagnostic.help("give one of them another name"));
                }
                None => {
                    seen.insert(name, (s.kind, place));
                }
            }
        }
    }
}

fn action<'a>(checked: &Checked<'a>, file: &'a ScriptFile, s: &'a Statement, found: &mut Vec<Diagnostic>) {
    let Some(by) = s.by().and_then(literals) else {
        let role = checked.procedure.roles.keys().next().map_or("role", |r| r.as_str());
        let text = format!("`by` takes a list of role names: by [\"{role}\"]");
        return found.push(Diagnostic::at(&file.name, s.position, text));
    };
    for (role, position) in by {
        found.extend(checked.unknown_name(&file.name, position, Vocabulary::Role, role));
    }
    if names_asked(checked, s.asks()).is_none() {
        let text = "`asks` takes a map: asks #{ reason: text(\"…\") }, or such a map + own_fields()";
        found.push(Diagnostic::at(&file.name, s.position, text));
    }
}
