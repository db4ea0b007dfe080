//! What is wrong with a ruleset, and what is probably not meant, found when it is loaded.

pub(in crate::rules) mod analysis;
mod assignments;
mod bodies;
mod calls;
mod clock;
mod comparisons;
mod conditions;
pub(in crate::rules) mod lint;
mod messages;
mod names;
pub(in crate::rules) mod people;
mod place;
mod properties;
mod scope;
mod statements;
mod unseen;
mod uses;
pub(in crate::rules) mod world;
