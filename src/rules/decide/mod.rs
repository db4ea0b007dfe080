//! The decision: settling the rules of one complaint, actions, schedules.

pub(in crate::rules) mod acting;
pub(in crate::rules) mod decision;
pub(in crate::rules) mod schedule;
pub(in crate::rules) mod settle;
