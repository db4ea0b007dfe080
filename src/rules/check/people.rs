//! People: the addresses that parameters and statements name, to be held against who there is.

use super::bodies::Body;
use super::world::Checked;
use crate::rules::diagnostics::kinds::unknown_person;
use crate::rules::diagnostics::{Diagnostic, Location};
use rhai::{ASTNode, Expr, Position, Stmt};
use std::collections::BTreeMap;

/// An address that a script names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPerson {
    /// As it is written, such as `behandelaar@example.nl`.
    pub address: String,
    at: Location,
}

impl NamedPerson {
    /// Warns that nobody has this address; `known` are the addresses of the people there are.
    pub fn unknown<'a>(&self, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        unknown_person::report(self.at.clone(), &self.address, known)
    }
}

/// Returns every address that the scripts name, each once, by its first place.
pub(in crate::rules) fn named_people(checked: &Checked, bodies: &[Body]) -> Vec<NamedPerson> {
    let mut found: BTreeMap<String, NamedPerson> = BTreeMap::new();
    let mut note = |file: &str, text: &str, position: Position| {
        if is_address(text) {
            let person = || NamedPerson { address: text.to_owned(), at: checked.source.at(file, position) };
            found.entry(text.to_lowercase()).or_insert_with(person);
        }
    };
    for file in checked.files {
        for statement in file.ast.statements() {
            if let Stmt::Var(var, ..) = statement
                && let Expr::StringConstant(text, position) = &var.1
            {
                note(&file.name, text, *position);
            }
        }
    }
    for body in bodies {
        body.visit(&mut |node| {
            if let ASTNode::Expr(Expr::StringConstant(text, position)) = node {
                note(body.file, text, *position);
            }
        });
    }
    found.into_values().collect()
}

/// Returns whether a text is an address and nothing else.
pub(in crate::rules) fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.'))
        && !text.contains(|c: char| c.is_whitespace() || "<>,;".contains(c))
}
