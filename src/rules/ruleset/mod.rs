//! A checked ruleset, ready to decide with.

pub(in crate::rules) mod loaded;
pub(in crate::rules) mod renames;
