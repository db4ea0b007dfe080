//! Handed: what scripts hand along with their messages, by the place of the call.

use super::bodies::Body;
use crate::rules::words::kind::{Kind, ValueKind};
use rhai::{ASTNode, Expr, FnCallExpr, Position, Stmt};
use std::collections::BTreeMap;

/// The kinds of what calls of `notify` hand along, by file, place and name.
#[derive(Debug, Default)]
pub(in crate::rules) struct Handed(BTreeMap<(String, Position), BTreeMap<String, ValueKind>>);

impl Handed {
    /// Gathers what all calls hand along. A function is called from several places, and hands along what is the
    /// same kind at each.
    pub fn of(bodies: &[Body]) -> Self {
        let mut handed = Self::default();
        for body in bodies {
            body.visit(&mut |node| match node {
                ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position)) => {
                    handed.call(body, call, *position);
                }
                _ => {}
            });
        }
        handed
    }

    fn call(&mut self, body: &Body, call: &FnCallExpr, position: Position) {
        let ("notify", [_, _, Expr::Map(map, _)]) = (call.name.as_str(), &call.args[..]) else { return };
        let known = self.0.entry((body.file.to_owned(), position)).or_default();
        for (key, value) in &map.0 {
            let kind = match body.scope.kind(value) {
                // What may be another measure or complaint has parts that differ.
                Kind::Measure | Kind::Complaint | Kind::Member => ValueKind::Unknown,
                kind => kind.in_messages(),
            };
            let held = known.entry(key.name.to_string()).or_insert(kind);
            if *held != kind {
                *held = ValueKind::Unknown;
            }
        }
    }

    /// Returns what a call hands along.
    pub fn at(&self, file: &str, position: Position) -> BTreeMap<String, ValueKind> {
        self.0.get(&(file.to_owned(), position)).cloned().unwrap_or_default()
    }
}
