//! `now` and `today` where they are opaque: they are compared and nothing else (docs/semantics.md 2.2).

use super::bodies::Body;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::only_compared;
use crate::rules::words::kind::Kind;
use rhai::{ASTNode, Expr, Stmt};

/// Checks that a condition makes no text of them and calls no method on them.
pub(super) fn check(body: &Body, found: &mut Vec<Diagnostic>) {
    body.visit(&mut |node| match node {
        ASTNode::Expr(expr @ Expr::Dot(..)) => {
            for (receiver, step) in body.scope.steps(expr) {
                found.extend(
                    opaque(receiver.kind).map(|name| only_compared::report(body.at(step.position()), name)),
                );
            }
        }
        ASTNode::Expr(Expr::InterpolatedString(parts, _)) => {
            for part in parts.iter().map(written) {
                found.extend(
                    opaque(body.scope.kind(part))
                        .map(|name| only_compared::report(body.at(part.position()), name)),
                );
            }
        }
        _ => {}
    });
}

/// Returns what stands between the braces of `${…}`, which the parser makes a block of.
fn written(part: &Expr) -> &Expr {
    match part {
        Expr::Stmt(block) => match block.statements() {
            [Stmt::Expr(only)] => only,
            _ => part,
        },
        _ => part,
    }
}

fn opaque(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Now => Some("now"),
        Kind::Today => Some("today"),
        _ => None,
    }
}
