//! `Expressions`: pieces of statements as the parser reads them, whatever stands around them.

use crate::rules::machine::Machine;
use rhai::{Expr, Stmt};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Longer expressions are not looked into.
const EXPRESSION_BYTES: usize = 4_000;
/// So many expressions are remembered as parsed.
const REMEMBERED: usize = 20_000;

/// Expressions as the parser reads them, each parsed once.
#[derive(Debug)]
pub(super) struct Expressions {
    machine: Machine,
    known: RefCell<HashMap<String, Option<Arc<Expr>>>>,
}

impl Expressions {
    pub fn new() -> Self {
        Self { machine: Machine::new(|_| None), known: RefCell::default() }
    }

    /// Parses one expression; none when it is none.
    pub fn parse(&self, text: &str) -> Option<Arc<Expr>> {
        if text.len() > EXPRESSION_BYTES {
            return None;
        }
        if let Some(known) = self.known.borrow().get(text) {
            return known.clone();
        }
        let parsed = self.machine.engine().compile_expression(text).ok();
        let expr = parsed.and_then(|ast| match ast.statements() {
            [Stmt::Expr(expr)] => Some(Arc::new((**expr).clone())),
            [Stmt::FnCall(call, position)] => Some(Arc::new(Expr::FnCall(call.clone(), *position))),
            _ => None,
        });
        let mut known = self.known.borrow_mut();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(text.to_owned(), expr.clone());
        expr
    }
}
