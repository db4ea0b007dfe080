//! Redress runs a company's complaints procedure.

pub mod calendar;
pub mod complaint;
pub mod rules;
