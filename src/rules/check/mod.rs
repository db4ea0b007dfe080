//! What is wrong with a ruleset, and what is probably not meant, found when it is loaded.

pub(in crate::rules) mod analysis;
mod assignments;
pub(in crate::rules) mod bodies;
mod calls;
mod comparisons;
mod conditions;
mod functions;
mod known;
pub(in crate::rules) mod lint;
mod messages;
mod names;
mod needs;
mod operators;
pub(in crate::rules) mod people;
mod place;
mod presence;
mod properties;
mod reach;
mod results;
mod scope;
mod statements;
mod sums;
mod truth;
mod uses;
pub(in crate::rules) mod world;
mod wrong;
