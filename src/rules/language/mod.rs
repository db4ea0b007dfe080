//! What a rule file is before any name in it has a meaning: its text, its four statements, and its
//! limits.

pub(in crate::rules) mod braces;
pub(in crate::rules) mod cancel;
pub(in crate::rules) mod draft;
pub(in crate::rules) mod files;
pub(in crate::rules) mod grammar;
pub(in crate::rules) mod limits;
pub(in crate::rules) mod parts;
pub(in crate::rules) mod pieces;
pub(in crate::rules) mod recovery;
pub(in crate::rules) mod run_error;
pub(in crate::rules) mod slips;
pub(in crate::rules) mod snippet;
pub(in crate::rules) mod source;
pub(in crate::rules) mod statement_text;
pub(in crate::rules) mod tokens;
pub(in crate::rules) mod tree;
