//! Statements: names that are given once, roles that exist, inputs that are asked.

use super::world::Checked;
use crate::rules::language::diagnostic::Diagnostic;
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
            let place = format!("{}:{}", file.name, s.position.line().unwrap_or(0));
            if name.trim().is_empty() {
                found.push(Diagnostic::at(&file.name, s.position, format!("this {kind} needs a name")));
            }
            let as_heard = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            match seen.get(&as_heard) {
                Some((first, at, other)) if *other != name => {
                    let text = format!(
                        "{kind} \"{name}\" differs from {} \"{other}\" at {at} in capitals or spaces only",
                        first.keyword()
                    );
                    let diagnostic = Diagnostic::at(&file.name, s.position, text);
                    found.push(diagnostic.help("give one of them another name"));
                }
                Some((first, at, _)) if *first == s.kind => {
                    let text = format!("{kind} \"{name}\" is defined twice; the first is at {at}");
                    found.push(Diagnostic::at(&file.name, s.position, text));
                }
                Some((first, at, _)) => {
                    let text = format!("{kind} \"{name}\" has the name of the {} at {at}", first.keyword());
                    let diagnostic = Diagnostic::at(&file.name, s.position, text);
                    found.push(diagnostic.help("give one of them another name"));
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
        let text = format!("`by` takes a list of role names: by [\"{role}\"]");
        return found.push(Diagnostic::at(&file.name, s.position, text));
    };
    for (role, position) in by {
        found.extend(checked.unknown_name(&file.name, position, Vocabulary::Role, role));
    }
    let Some(asked) = asked(checked, s) else {
        let text = "`asks` takes a map: asks #{ reason: text(\"…\") }, or such a map + own_fields()";
        return found.push(Diagnostic::at(&file.name, s.position, text));
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
        let text = format!("`input.{name}` is not asked by this action");
        let diagnostic = Diagnostic::at(&file.name, position, text).suggest(&name, asked.iter().copied());
        found.push(diagnostic);
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
