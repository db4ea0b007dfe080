//! What is wrong with a ruleset, and what is probably not meant, found when it is loaded.

pub(in crate::rules) mod analysis;
mod assignments;
pub(in crate::rules) mod bodies;
mod calls;
mod comparisons;
mod conditions;
mod functions;
pub(in crate::rules) mod lint;
mod messages;
mod names;
mod operators;
pub(in crate::rules) mod people;
mod place;
mod properties;
mod results;
mod scope;
mod statements;
mod uses;
pub(in crate::rules) mod world;
