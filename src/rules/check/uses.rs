//! `Uses`: which names the scripts hand to which words, and which variables and properties they read.

use super::world::Checked;
use crate::rules::language::tree::{literals, walk};
use crate::rules::words;
use crate::rules::words::word::{Does, Reads, Word};
use rhai::{ASTNode, Expr, FnCallExpr, Position, Stmt};
use std::collections::{BTreeMap, BTreeSet};

/// The file and position at which a name was handed over first.
pub(super) type FirstUse = (String, Position);

/// The uses that the scripts of a ruleset make of names.
#[derive(Default)]
pub(super) struct Uses {
    done: BTreeMap<(Does, String), FirstUse>,
    read: BTreeMap<(Reads, String), FirstUse>,
    /// Variables and properties that are read anywhere.
    pub words: BTreeSet<String>,
}

impl Uses {
    /// Looks through every script.
    pub fn of(checked: &Checked) -> Self {
        let mut uses = Self::default();
        for file in checked.files {
            let mut visit = |node: ASTNode| match node {
                ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position)) => {
                    uses.call(&file.name, call, 0, *position);
                }
                ASTNode::Expr(Expr::MethodCall(call, position)) => {
                    uses.call(&file.name, call, 1, *position);
                }
                ASTNode::Expr(Expr::Variable(x, ..)) => {
                    uses.words.insert(x.1.to_string());
                }
                ASTNode::Expr(Expr::Property(p, _)) => {
                    uses.words.insert(p.2.to_string());
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
        uses
    }

    fn call(&mut self, file: &str, call: &FnCallExpr, receivers: usize, position: Position) {
        let Some(word) = words::find(&call.name) else { return };
        for name in names(word, call, receivers) {
            let first = || (file.to_owned(), position);
            if word.does != Does::Nothing {
                self.done.entry((word.does, name.clone())).or_insert_with(first);
            }
            self.read.entry((word.reads, name)).or_insert_with(first);
        }
    }

    /// Returns where something is done about a name first.
    pub fn done(&self, what: Does, name: &str) -> Option<&FirstUse> {
        self.done.get(&(what, name.to_owned()))
    }

    /// Returns where a name is looked at first.
    pub fn read(&self, what: Reads, name: &str) -> Option<&FirstUse> {
        self.read.get(&(what, name.to_owned()))
    }
}

/// Returns the names that a call hands to a word, as the kinds of its parameters tell.
fn names(word: &Word, call: &FnCallExpr, receivers: usize) -> Vec<String> {
    let Some(form) = word.form(call.args.len() + receivers) else { return Vec::new() };
    let arguments = call.args.iter().zip(&form.takes[receivers..]);
    let named = arguments.filter(|(_, parameter)| parameter.kind.vocabulary().is_some());
    let found = named.flat_map(|(argument, _)| literals(argument).unwrap_or_default());
    found.map(|(name, _)| name.to_owned()).collect()
}
