//! Looking at rulesets and decisions from outside: why, coverage, scenarios, the reference, the map of the
//! clauses.

pub(in crate::rules) mod call_sites;
pub(in crate::rules) mod certain;
pub(in crate::rules) mod clauses;
mod condition_words;
pub(in crate::rules) mod coverage;
pub(in crate::rules) mod explain;
pub(in crate::rules) mod folder;
pub(in crate::rules) mod meets;
pub(in crate::rules) mod reference;
pub(in crate::rules) mod requirements;
pub(in crate::rules) mod roles;
pub mod scenario;
mod scenario_days;
mod scenario_doings;
mod scenario_expect;
pub(in crate::rules) mod scenario_places;
mod scenario_played;
pub(in crate::rules) mod scenario_words;
pub(in crate::rules) mod stage;
pub(in crate::rules) mod state_graph;
pub(in crate::rules) mod transitions;
mod transitions_truth;
pub(in crate::rules) mod unoffered;
pub(in crate::rules) mod written;
