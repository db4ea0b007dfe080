//! The names that a procedure declares, and the organisation's own fields.

pub(in crate::rules) mod amount;
pub(in crate::rules) mod decisions;
pub(in crate::rules) mod declared;
pub(in crate::rules) mod digest;
pub(in crate::rules) mod extra;
pub(in crate::rules) mod label;
mod reading;
mod slips;
pub(in crate::rules) mod survey;
mod tallied;
pub(in crate::rules) mod terms;
