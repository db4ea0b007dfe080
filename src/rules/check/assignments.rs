//! Assignments: to what may be assigned, of a kind that fits.

use super::bodies::Body;
use super::world::Checked;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::{
    assigned_kind, element_assigned, fixed_field, fixed_name, unknown_name,
};
use crate::rules::words::fields;
use crate::rules::words::kind::{Family, Kind};
use rhai::{ASTNode, Expr, Stmt};

/// Checks every assignment in a body.
pub(super) fn check(checked: &Checked, body: &Body, found: &mut Vec<Diagnostic>) {
    body.visit(&mut |node| {
        if let ASTNode::Stmt(Stmt::Assignment(assignment)) = node {
            target(checked, body, &assignment.1.lhs, found);
            value(body, &assignment.1.lhs, &assignment.1.rhs, found);
        }
    });
}

fn target(checked: &Checked, body: &Body, to: &Expr, found: &mut Vec<Diagnostic>) {
    match to {
        Expr::Variable(x, _, position) if checked.is_taken(&x.1) => {
            found.push(fixed_name::report(body.at(*position), &x.1));
        }
        // Rhai does not check what a new key makes of a map's size.
        Expr::Index(.., position) => {
            found.push(element_assigned::report(body.at(*position)));
        }
        Expr::Dot(..) => {
            let steps = body.scope.steps(to);
            if let [(receiver, Expr::Property(p, _))] = &steps[..]
                && receiver.kind == Kind::ThisComplaint
                && fields::find(&p.2).is_some_and(|f| !f.is_writable())
            {
                found.push(fixed_field::report(body.at(to.position()), &p.2));
            }
        }
        _ => {}
    }
}

fn value(body: &Body, to: &Expr, value: &Expr, found: &mut Vec<Diagnostic>) {
    if !matches!(to, Expr::Dot(..)) {
        return;
    }
    if let Some(allowed) = body.scope.allowed(to) {
        for (text, position) in body.scope.texts(value) {
            if !allowed.names.contains(&text.as_str()) {
                let (at, names) = (body.at(position), allowed.names.iter().copied());
                found.push(unknown_name::report(at, allowed.what.clone(), &text, names));
            }
        }
    }
    let (held, given) = (body.scope.kind(to), body.scope.kind(value));
    if !can_hold(held, given) {
        let what = body.scope.steps(to).last().and_then(|(_, step)| match step {
            Expr::Property(p, _) => Some(p.2.to_string()),
            _ => None,
        });
        let what = what.unwrap_or_default();
        let at = body.at(value.start_position());
        found.push(assigned_kind::report(at, &what, held.described(), given.described()));
    }
}

fn can_hold(held: Kind, given: Kind) -> bool {
    match (held.family(), given.family()) {
        (Family::Unknown, _) | (_, Family::Unknown) => true,
        // A flag is set or cleared, a counter counts; every other field can be emptied.
        (Family::YesNo | Family::Number, Family::Nothing) => false,
        (_, Family::Nothing) => true,
        // The day of a receipt is enough.
        (Family::Moment, Family::Date) => true,
        (a, b) => a == b,
    }
}
