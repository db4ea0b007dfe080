//! Assignments: to what may be assigned, of a kind that fits.

use super::bodies::Body;
use super::world::Checked;
use super::wrong::{Finding, Role, Wrong};
use super::{comparisons, operators};
use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::{assigned_kind, element_assigned, fixed_field, fixed_name};
use crate::rules::language::tree::start;
use crate::rules::words::fields;
use crate::rules::words::kind::{Family, Kind};
use crate::rules::words::vocabulary::Vocabulary;
use rhai::{ASTNode, Expr, Stmt, Token};

/// Checks every assignment in a body.
pub(super) fn check(checked: &Checked, body: &Body, found: &mut Vec<Diagnostic>) {
    body.visit(&mut |node| {
        if let ASTNode::Stmt(Stmt::Assignment(assignment)) = node {
            target(checked, body, &assignment.1.lhs, found);
            let (to, by) = (&assignment.1.lhs, &assignment.1.rhs);
            match assignment.0.get_op_assignment_info() {
                Some((.., sign, _)) => added(body, to, (sign, by), found),
                None => value(body, to, by, found),
            }
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

/// Checks that no element is changed where it stands, and that people are named by their addresses.
pub(super) fn kinds(body: &Body, found: &mut Vec<Finding>) {
    body.visit(&mut |node| {
        let ASTNode::Stmt(Stmt::Assignment(assignment)) = node else { return };
        let (to, value) = (&assignment.1.lhs, &assignment.1.rhs);
        let steps = body.scope.steps(to);
        let Some((receiver, Expr::Property(p, _))) = steps.last() else { return };
        let is_member = steps.iter().any(|(of, _)| of.kind == Kind::Member);
        if is_member || matches!(receiver.kind, Kind::Measure | Kind::Complaint) {
            let wrong = Wrong::FixedElement { field: p.2.to_string() };
            found.push(body.finding(to.position(), wrong));
        }
        if body.scope.kind(to) == Kind::Address {
            for text in body.scope.texts(value).into_iter().filter(|t| !t.text.contains('@')) {
                let role = Vocabulary::Role.names(&body.scope.checked.declared);
                let role = if role.contains(&text.text.as_str()) { Role::Declared } else { Role::Unknown };
                let wrong = Wrong::NoAddress { text: text.text, role };
                found.push(Finding { file: text.file.to_owned(), position: text.position, wrong });
            }
        }
    });
}

fn value(body: &Body, to: &Expr, value: &Expr, found: &mut Vec<Diagnostic>) {
    if !matches!(to, Expr::Dot(..)) {
        return;
    }
    comparisons::names(body, &body.scope.texts(value), to, found);
    let (held, given) = (body.scope.kind(to), body.scope.kind(value));
    if !can_hold(held, given) {
        let at = body.at(start(value));
        found.push(assigned_kind::report(at, &name(body, to), held.described(), given.described()));
    }
}

/// Checks that what `+=` and its like make of a field fits into it.
fn added(body: &Body, to: &Expr, (sign, by): (&Token, &Expr), found: &mut Vec<Diagnostic>) {
    let (held, given) = (body.scope.kind(to), body.scope.kind(by));
    // What makes no sum at all is told where sums are looked at.
    let Some(sum) = operators::result(sign, &[held, given]).filter(|_| matches!(to, Expr::Dot(..))) else {
        return;
    };
    if !can_hold(held, sum) {
        let at = body.at(start(by));
        found.push(assigned_kind::report(at, &name(body, to), held.described(), sum.described()));
    }
}

/// Returns the name of the field that is assigned to.
fn name(body: &Body, to: &Expr) -> String {
    let steps = body.scope.steps(to);
    let name = steps.last().and_then(|(_, step)| match step {
        Expr::Property(p, _) => Some(p.2.to_string()),
        _ => None,
    });
    name.unwrap_or_default()
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
