//! What the statements of the files say: rules, actions and schedules as values, with what facts
//! alone answer of their conditions.

pub(in crate::rules) mod plain;
pub(in crate::rules) mod rule;
pub(in crate::rules) mod script;
