//! `Grouping`: by which fields the scripts of a ruleset group complaints, and what they read of the complaints of a
//! group. From it follows which complaints look again when one changes (docs/semantics.md 7.2).

use super::world::Checked;
use crate::complaint::{Complaint, ComplaintId, GroupBy, GroupKey, Member};
use crate::rules::language::tree::{literals, walk};
use crate::rules::mutants::{Mutant, mutated};
use crate::rules::words::members::is_shown_otherwise;
use rhai::{ASTNode, Expr, FnCallExpr, Stmt};
use std::collections::BTreeSet;

/// The use that a ruleset makes of groups.
#[derive(Clone, Debug, Default)]
pub struct Grouping {
    by: BTreeSet<GroupBy>,
    /// Every property that is read anywhere: more than is read of the complaints of a group, and never less.
    read: BTreeSet<String>,
}

impl Grouping {
    /// Looks through every script.
    pub(in crate::rules) fn of(checked: &Checked) -> Self {
        let mut grouping = Self::default();
        for file in checked.files {
            let mut visit = |node: ASTNode| match node {
                ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _)) => {
                    grouping.call(call);
                }
                ASTNode::Expr(Expr::Property(p, _)) => {
                    grouping.read.insert(p.2.to_string());
                }
                _ => {}
            };
            for expr in file.statements.iter().flat_map(|s| s.expressions()) {
                walk(expr, &mut visit);
            }
            file.ast.walk(&mut |path: &[ASTNode]| {
                if let Some(node) = path.last() {
                    visit(*node);
                }
                true
            });
        }
        if grouping.by.is_empty() {
            grouping.read.clear();
        }
        grouping
    }

    fn call(&mut self, call: &FnCallExpr) {
        if call.name == "group" {
            let fields = call.args.first().and_then(literals).unwrap_or_default();
            self.by.extend(fields.into_iter().map(|(name, _)| GroupBy::named(name)));
        }
    }

    /// Returns whether no rule looks at groups.
    pub fn is_empty(&self) -> bool {
        self.by.is_empty()
    }

    /// Returns the groups of a complaint that its rules may ask for.
    pub fn keys(&self, complaint: &Complaint) -> Vec<GroupKey> {
        self.by.iter().filter_map(|by| GroupKey::of(by, complaint)).collect()
    }

    /// Returns the groups whose complaints must look again after a decision: those that the complaint joined or left, and
    /// all of its own where it shows itself otherwise in what is read. `before` is none where it was in no group yet.
    pub fn concerned(&self, id: ComplaintId, before: Option<&Complaint>, after: &Complaint) -> Vec<GroupKey> {
        if self.by.is_empty() {
            return Vec::new();
        }
        let left = before.map(|before| self.keys(before)).unwrap_or_default();
        let joined = self.keys(after);
        let is_other = before.is_some_and(|before| {
            let (before, after) = (Member::of(id, before), Member::of(id, after));
            !mutated(Mutant::ShownUnnoticed) && is_shown_otherwise(&self.read, &before, &after)
        });
        let mut concerned: Vec<GroupKey> = Vec::new();
        if !mutated(Mutant::LeavesUnnoticed) {
            concerned.extend(left.iter().filter(|key| !joined.contains(key)).cloned());
        }
        let is_new = |key: &GroupKey| !left.contains(key) && !mutated(Mutant::JoinsUnnoticed);
        concerned.extend(joined.into_iter().filter(|key| is_other || is_new(key)));
        concerned
    }
}
