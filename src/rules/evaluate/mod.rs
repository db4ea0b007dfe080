//! Evaluating one expression of a ruleset against the facts of one complaint.

pub(in crate::rules) mod budget;
pub(in crate::rules) mod error;
pub(in crate::rules) mod evaluator;
pub(in crate::rules) mod observer;
pub(in crate::rules) mod snapshot;
pub(in crate::rules) mod work;
