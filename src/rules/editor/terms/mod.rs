//! The terms of the rules as a form: which there are, what a person may type, what a change touches, and the new text.
//! Texts in, answers out.
//!
//! For a page over a folder's texts, path to text:
//! - [`Terms::of`]`(&texts)` lists every term with its words, group, value and bounds; [`Terms::groups`] as they are shown;
//! - [`parse`]`(kind, &Typed)` reads what somebody typed, [`Terms::check`]`(name, &value)` whether the bounds allow it;
//! - [`touched`]`(&workspace, name)` says what stands on a term;
//! - [`with_value`]`(text, name, &value)` writes it into the text of [`Term::file`].
//!
//! What a person did wrong is a [`TermMistake`]: words in both languages, and the field that they belong to.

mod bounds;
mod list;
mod mistake;
mod reading;
mod touched;
mod typed;
mod value;
mod writing;

pub use crate::rules::procedure::amount::{Amount, Unit};
pub use bounds::TermLimit;
pub use list::{Term, TermGroupShown, Terms};
pub use mistake::{TermField, TermMistake};
pub use touched::{Touched, TouchedClause, sentences_on, touched};
pub use typed::{Typed, parse, parse_written};
pub use value::{TermKind, TermValue};
pub use writing::with_value;
