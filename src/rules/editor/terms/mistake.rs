//! `TermMistake`: why a value is not taken, in words for the person who typed it.

use crate::complaint::{Language, Text};
use std::fmt;

/// The field of a form that a mistake belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermField {
    /// The value itself: the number of a span, the text, the choice.
    Value,
    /// The unit of a span.
    Unit,
}

/// A value that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermMistake {
    /// The field that it is about.
    pub field: TermField,
    /// What is wrong, and what to do.
    pub text: Text,
}

impl TermMistake {
    /// Makes a mistake of the value.
    pub fn new(nl: impl Into<String>, en: impl Into<String>) -> Self {
        Self { field: TermField::Value, text: Text::new(nl, en) }
    }

    /// Makes a mistake of the unit.
    pub(super) fn of_unit(nl: impl Into<String>, en: impl Into<String>) -> Self {
        Self { field: TermField::Unit, text: Text::new(nl, en) }
    }

    /// Returns the words in a language.
    pub fn in_language(&self, language: Language) -> &str {
        self.text.in_language(language)
    }
}

/// In English, for logs and tests.
impl fmt::Display for TermMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl std::error::Error for TermMistake {}
