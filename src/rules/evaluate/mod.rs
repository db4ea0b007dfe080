//! Evaluating one expression of a ruleset against the facts of one complaint.

pub(in crate::rules) mod failure;
