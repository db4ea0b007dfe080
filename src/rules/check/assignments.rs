//! Assignments: to what may be assigned, of a kind that fits.

use super::bodies::Body;
use super::comparisons;
use super::world::Checked;
use crate::rules::language::diagnostic::Diagnostic;
use crate::rules::words::fields;
use crate::rules::words::kind::{Family, Kind};
use rhai::{ASTNode, Expr, Position, Stmt};

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
    let mut report = |position: Position, text: String| {
        found.push(Diagnostic::at(body.file, position, text));
    };
    match to {
        Expr::Variable(x, _, position) if checked.is_taken(&x.1) => {
            report(*position, format!("`{}` cannot be assigned to", x.1));
        }
        // Rhai does not check what a new key makes of a map's size.
        Expr::Index(.., position) => {
            report(
                *position,
                "an element cannot be assigned; make a new list or map: [ … ], #{ … }".to_owned(),
            );
        }
        Expr::Dot(..) => {
            let steps = body.scope.steps(to);
            if let [(receiver, Expr::Property(p, _))] = &steps[..]
                && receiver.kind == Kind::ThisComplaint
                && fields::find(&p.2).is_some_and(|f| !f.is_writable())
            {
                let text = format!("complaint.{} is set by Redress and cannot be assigned", p.2);
                report(to.position(), text);
            }
        }
        _ => {}
    }
}

fn value(body: &Body, to: &Expr, value: &Expr, found: &mut Vec<Diagnostic>) {
    if !matches!(to, Expr::Dot(..)) {
        return;
    }
    comparisons::names(body, &body.scope.texts(value), to, found);
    let (held, given) = (body.scope.kind(to), body.scope.kind(value));
    if !can_hold(held, given) {
        let what = body.scope.steps(to).last().and_then(|(_, step)| match step {
            Expr::Property(p, _) => Some(p.2.to_string()),
            _ => None,
        });
        let what = what.unwrap_or_default();
        let text = format!("{what} is {} and is given {}", held.described(), given.described());
        found.push(Diagnostic::at(body.file, value.start_position(), text));
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
