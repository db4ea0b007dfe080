//! Properties: fields that exist, under the names that are declared.

use super::bodies::Body;
use super::place::Place;
use super::wrong::{Finding, Wrong};
use super::world::Checked;
use crate::rules::language::diagnostic::Diagnostic;
use crate::rules::procedure::extra::ExtraKind;
use crate::rules::words::element::PROPERTIES;
use crate::rules::words::fields;
use crate::rules::words::kind::{Family, Kind};
use crate::rules::words::vocabulary::Vocabulary;
use rhai::{ASTNode, Expr, Position};

/// The groups of fields under `complaint` whose names the procedure or the organisation declares.
const GROUPS: [&str; 3] = ["flags", "counters", "extra"];

/// Checks every `a.b` in a body.
pub(super) fn check(checked: &Checked, body: &Body, found: &mut Vec<Diagnostic>) {
    body.visit(&mut |node| {
        let ASTNode::Expr(expr @ Expr::Dot(..)) = node else { return };
        for (receiver, step) in body.scope.steps(expr) {
            let Expr::Property(p, position) = step else { continue };
            found.extend(property(checked, body, receiver.kind, &p.2, *position));
        }
        if let Expr::Dot(dot, ..) = expr
            && let (Expr::Variable(x, ..), Expr::Property(p, position)) = (&dot.lhs, &dot.rhs)
            && x.1 == "it"
            && body.scope.around.element == Some(Kind::Any)
            && !PROPERTIES.iter().any(|known| known.name == p.2)
        {
            let diagnostic = Diagnostic::at(body.file, *position, format!("`it` has no field `{}`", p.2));
            found.push(diagnostic.suggest(&p.2, PROPERTIES.iter().map(|known| known.name)));
        }
    });
}

/// Checks that no condition reads free text, and that what has no fields is asked for none.
pub(super) fn kinds(body: &Body, found: &mut Vec<Finding>) {
    body.visit(&mut |node| {
        let ASTNode::Expr(expr @ Expr::Dot(..)) = node else { return };
        for (receiver, step) in body.scope.steps(expr) {
            let Expr::Property(p, position) = step else { continue };
            let name = p.2.as_str();
            let wrong = match receiver.kind {
                Kind::ThisComplaint | Kind::OwnFields if body.place == Place::Condition => {
                    let Some(field) = free_text(body, receiver.kind, name) else { continue };
                    Wrong::FreeText { field }
                }
                kind if has_no_fields(kind) => Wrong::NoFields { kind, name: name.to_owned() },
                _ => continue,
            };
            found.push(body.finding(*position, wrong));
        }
    });
}

fn free_text(body: &Body, of: Kind, name: &str) -> Option<String> {
    if of == Kind::ThisComplaint {
        return fields::find(name).filter(|f| f.is_free_text()).map(|f| f.name.to_owned());
    }
    let field = body.scope.checked.procedure.extra.get(name)?;
    (field.kind == ExtraKind::Text).then(|| format!("extra.{name}"))
}

fn has_no_fields(kind: Kind) -> bool {
    match kind.family() {
        Family::Unknown | Family::Nothing => false,
        Family::Compound => matches!(kind, Kind::List(_)),
        _ => true,
    }
}

fn property(
    checked: &Checked,
    body: &Body,
    receiver: Kind,
    name: &str,
    position: Position,
) -> Option<Diagnostic> {
    let (text, known): (String, Vec<&str>) = match receiver {
        Kind::ThisComplaint => {
            let known = checked.declared.fields.iter().copied().chain(GROUPS).collect();
            (format!("a complaint has no field `{name}`"), known)
        }
        Kind::Flags => group(checked, Vocabulary::Flag, "flags", "procedure.toml", name),
        Kind::Counters => group(checked, Vocabulary::Counter, "counters", "procedure.toml", name),
        Kind::OwnFields => group(checked, Vocabulary::ExtraField, "extra", "redress.toml", name),
        Kind::Measure | Kind::Complaint => {
            let of = if receiver == Kind::Measure { "a measure" } else { "another complaint" };
            let known = PROPERTIES.iter().filter(|p| p.kind(receiver).is_some()).map(|p| p.name).collect();
            (format!("{of} has no field `{name}`"), known)
        }
        Kind::Input => {
            let asked = body.scope.asked_names()?;
            if asked.contains(name) {
                return None;
            }
            let diagnostic =
                Diagnostic::at(body.file, position, format!("`input.{name}` is not asked by this action"));
            return Some(diagnostic.suggest(name, asked));
        }
        Kind::Period => (format!("a period has no field `{name}`"), vec!["from", "to"]),
        _ => return None,
    };
    if known.contains(&name) {
        return None;
    }
    Some(Diagnostic::at(body.file, position, text).suggest(name, known))
}

fn group<'a>(
    checked: &'a Checked,
    vocabulary: Vocabulary,
    section: &str,
    file: &str,
    name: &str,
) -> (String, Vec<&'a str>) {
    let text = format!("`{name}` is not declared under [{section}] in {file}");
    (text, vocabulary.names(&checked.declared))
}
