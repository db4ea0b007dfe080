//! What is wrong with a ruleset, and what is probably not meant, found when it is loaded.

pub(in crate::rules) mod analysis;
pub(in crate::rules) mod lint;
pub(in crate::rules) mod types;
pub(in crate::rules) mod warnings;
