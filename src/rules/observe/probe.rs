//! Probing: evaluates a condition part by part, as `&&`, `||` and `!` would, and notes each outcome.

use crate::rules::decide::settle::Settling;
use crate::rules::observe::coverage::{Coverage, Subject, is_negation};
use crate::rules::words::context::{Failure, fail};
use rhai::Expr;

/// Whose condition is probed.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Probed<'p> {
    pub coverage: &'p Coverage,
    pub subject: Subject,
    pub name: &'p str,
    pub file: &'p str,
}

impl Settling<'_, '_, '_, '_, '_, '_, '_> {
    /// The condition's outcome; the same as evaluating it in one go.
    pub(in crate::rules) fn probe(&mut self, probed: Probed, when: &Expr) -> Result<bool, Failure> {
        let outcome = self.probe_part(probed, when)?;
        probed.coverage.note(probed.subject, probed.name, probed.file, None, outcome);
        Ok(outcome)
    }

    fn probe_part(&mut self, probed: Probed, expr: &Expr) -> Result<bool, Failure> {
        match expr {
            Expr::And(parts, _) => {
                for part in parts.iter() {
                    if !self.probe_part(probed, part)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Expr::Or(parts, _) => {
                for part in parts.iter() {
                    if self.probe_part(probed, part)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Expr::FnCall(call, _) if is_negation(call) => {
                let inner = call.args[0].clone();
                Ok(!self.probe_part(probed, &inner)?)
            }
            atom => {
                let value = self.evaluate(atom)?;
                let outcome = value.as_bool().map_err(|kind| {
                    fail(format!("`when` must be true or false, not a value of type {kind}"))
                })?;
                let Probed { coverage, subject, name, file } = probed;
                coverage.note(subject, name, file, Some(atom.start_position()), outcome);
                Ok(outcome)
            }
        }
    }
}
