//! Mistakes of a ruleset as data: where, of which kind, in words for people who are no programmers, with the remedy, and
//! with the edit that mends it where that is certain. Each kind is a file of `kinds/`.
//!
//! Knows nothing of the rule language: it is handed places, names and words.

mod diagnostic;
mod explain;
mod kind;
pub mod kinds;
mod lines;
mod location;
mod mend;
mod nearest;
mod parse_error;
mod toml_error;

pub use crate::complaint::{Text, Words};
pub use diagnostic::{Diagnostic, Fix};
pub use explain::{example, explained};
pub use kind::{DiagnosticKind, Example, Severity};
pub use lines::Lines;
pub(in crate::rules) use lines::starts;
pub(in crate::rules) use location::offset;
pub use location::{Location, Span};
pub use mend::mended;
pub use nearest::nearest;
