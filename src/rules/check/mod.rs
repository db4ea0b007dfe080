//! What is wrong with a ruleset, and what is probably not meant, found when it is loaded.

pub(in crate::rules) mod analysis;
mod assignments;
mod bodies;
mod calls;
mod comparisons;
mod conditions;
pub(in crate::rules) mod lint;
mod messages;
mod names;
pub(in crate::rules) mod people;
pub(in crate::rules) mod place;
mod properties;
pub(in crate::rules) mod scope;
mod statements;
mod uses;
pub(in crate::rules) mod world;
