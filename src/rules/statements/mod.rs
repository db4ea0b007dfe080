//! What the statements of the files say: rules, actions and schedules as values, with the plain conjuncts of
//! their conditions compiled.

pub(in crate::rules) mod guard;
pub(in crate::rules) mod rule;
pub(in crate::rules) mod script;
