//! What a rule file is before any name in it has a meaning: its text, its four statements, its limits, and
//! how a mistake in it is told.

pub(in crate::rules) mod cancel;
pub(in crate::rules) mod diagnostic;
pub(in crate::rules) mod grammar;
pub(in crate::rules) mod limits;
pub(in crate::rules) mod snippet;
pub(in crate::rules) mod source;
pub(in crate::rules) mod tokens;
pub(in crate::rules) mod tree;
