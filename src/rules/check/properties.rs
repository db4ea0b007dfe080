//! Properties: fields that exist, under the names that are declared.

use super::bodies::Body;
use super::place::Place;
use super::world::Checked;
use super::wrong::{Finding, Wrong};
use crate::rules::diagnostics::kinds::{not_asked, undeclared, unknown_field};
use crate::rules::diagnostics::{Diagnostic, Words};
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
            let known = PROPERTIES.iter().map(|known| known.name);
            found.push(unknown_field::report(body.at(*position), Words::new("`it`", "`it`"), &p.2, known));
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
    let group = |vocabulary: Vocabulary, section: &str, file: &str| {
        let known = vocabulary.names(&checked.declared);
        (!known.contains(&name)).then(|| undeclared::report(body.at(position), section, file, name, known))
    };
    let (owner, known): (Words, Vec<&str>) = match receiver {
        Kind::ThisComplaint => (
            Words::new("een klacht", "a complaint"),
            checked.declared.fields.iter().copied().chain(GROUPS).collect(),
        ),
        Kind::Flags => return group(Vocabulary::Flag, "flags", "procedure.toml"),
        Kind::Counters => return group(Vocabulary::Counter, "counters", "procedure.toml"),
        Kind::OwnFields => return group(Vocabulary::ExtraField, "extra", "redress.toml"),
        Kind::Measure => (Words::new("een maatregel", "a measure"), properties_of(receiver)),
        Kind::Complaint => (Words::new("een andere klacht", "another complaint"), properties_of(receiver)),
        Kind::Member => {
            (Words::new("een klacht van een groep", "a complaint of a group"), properties_of(receiver))
        }
        Kind::Period => (Words::new("een periode", "a period"), vec!["from", "to"]),
        Kind::Input => {
            let asked = body.scope.asked_names().filter(|asked| !asked.contains(name))?;
            return Some(not_asked::report(body.at(position), name, asked));
        }
        _ => return None,
    };
    (!known.contains(&name)).then(|| unknown_field::report(body.at(position), owner, name, known))
}

fn properties_of(element: Kind) -> Vec<&'static str> {
    PROPERTIES.iter().filter(|p| p.kind(element).is_some()).map(|p| p.name).collect()
}
