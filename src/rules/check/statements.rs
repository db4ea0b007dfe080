//! Statements: names that are given once, roles that exist, inputs that are asked.

use super::scope::names_asked;
use super::world::Checked;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::{nameless, questions_map, roles_list, same_name};
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
    let mut seen: BTreeMap<String, (StatementKind, String, String)> = BTreeMap::new();
    for file in checked.files {
        for s in &file.statements {
            let (name, kind) = (s.name(), s.kind.keyword());
            let at = || checked.source.at(&file.name, s.position);
            let place = format!("{}:{}", file.name, s.position.line().unwrap_or(0));
            if name.trim().is_empty() {
                found.push(nameless::report(at(), kind));
            }
            let as_heard = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            match seen.get(&as_heard) {
                Some((other, first, heard)) if *heard != name => {
                    let earlier = (other.keyword(), heard.as_str(), first.as_str());
                    found.push(same_name::report_alike(at(), kind, &name, earlier));
                }
                Some((other, first, _)) if *other == s.kind => {
                    found.push(same_name::report_twice(at(), kind, &name, first));
                }
                Some((other, first, _)) => {
                    found.push(same_name::report_shared(at(), kind, &name, (other.keyword(), first)));
                }
                None => {
                    seen.insert(as_heard, (s.kind, place, name));
                }
            }
        }
    }
}

fn action<'a>(checked: &Checked<'a>, file: &'a ScriptFile, s: &'a Statement, found: &mut Vec<Diagnostic>) {
    let Some(by) = s.by().and_then(literals) else {
        let role = checked.procedure.roles.keys().next().map_or("role", |r| r.as_str());
        return found.push(roles_list::report(checked.source.at(&file.name, s.position), role));
    };
    for (role, position) in by {
        found.extend(checked.unknown_name(&file.name, position, Vocabulary::Role, role));
    }
    if names_asked(checked, s.asks()).is_none() {
        found.push(questions_map::report(checked.source.at(&file.name, s.position)));
    }
}
