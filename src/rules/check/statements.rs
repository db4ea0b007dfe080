//! Statements: names that are given once, roles that exist, inputs that are asked.

use super::world::Checked;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::{nameless, not_asked, questions_map, roles_list, same_name};
use crate::rules::language::grammar::{Statement, StatementKind};
use crate::rules::language::tree::{literals, walk};
use crate::rules::statements::script::ScriptFile;
use crate::rules::words::vocabulary::Vocabulary;
use rhai::{ASTNode, Expr};
use std::collections::{BTreeMap, BTreeSet};

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

fn action(checked: &Checked, file: &ScriptFile, s: &Statement, found: &mut Vec<Diagnostic>) {
    let Some(by) = s.by().and_then(literals) else {
        let role = checked.procedure.roles.keys().next().map_or("role", |r| r.as_str());
        return found.push(roles_list::report(checked.source.at(&file.name, s.position), role));
    };
    for (role, position) in by {
        found.extend(checked.unknown_name(&file.name, position, Vocabulary::Role, role));
    }
    let Some(asked) = asked(checked, s) else {
        return found.push(questions_map::report(checked.source.at(&file.name, s.position)));
    };
    let mut used = Vec::new();
    if let Some(then) = s.body() {
        walk(then, &mut |node| {
            if let ASTNode::Expr(Expr::Dot(dot, ..)) = node
                && let Expr::Variable(x, ..) = &dot.lhs
                && x.1 == "input"
            {
                match &dot.rhs {
                    Expr::Property(p, position) => used.push((p.2.to_string(), *position)),
                    Expr::Dot(rest, ..) => {
                        if let Expr::Property(p, position) = &rest.lhs {
                            used.push((p.2.to_string(), *position));
                        }
                    }
                    _ => {}
                }
            }
        });
    }
    for (name, position) in used.into_iter().filter(|(n, _)| !asked.contains(n.as_str())) {
        let at = checked.source.at(&file.name, position);
        found.push(not_asked::report(at, &name, asked.iter().copied()));
    }
}

/// Returns the names that an action asks for; none when `asks` is no map.
fn asked<'s>(checked: &'s Checked, s: &'s Statement) -> Option<BTreeSet<&'s str>> {
    let names = |expr: &'s Expr| match expr {
        Expr::Map(map, _) => Some(map.0.iter().map(|(name, _)| name.name.as_str()).collect()),
        _ => None,
    };
    match s.asks() {
        None => Some(BTreeSet::new()),
        Some(Expr::FnCall(call, _)) if call.name == "+" => match &call.args[..] {
            [map, Expr::FnCall(own, _)] if own.name == "own_fields" => {
                let mut asked: BTreeSet<&str> = names(map)?;
                asked.extend(Vocabulary::ExtraField.names(&checked.declared));
                Some(asked)
            }
            _ => None,
        },
        Some(expr) => names(expr),
    }
}
