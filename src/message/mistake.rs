//! `Mistake`: what is wrong with a placeholder of a template, and where it stands in the message's file.

use super::shape::Shape;

/// A mistake in a template and its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The mistake.
    pub kind: MistakeKind,
}

/// A kind of mistake in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MistakeKind {
    /// Something is written as a placeholder with one brace on a side.
    SingleBrace {
        /// As it is written, such as `{ complaint.number }`.
        written: String,
        /// As it was probably meant.
        meant: String,
    },
    /// `{% if … %}` or `{% for … %}` is not closed.
    NotClosed {
        /// `if` or `for`.
        block: String,
    },
    /// A name that is nowhere.
    UnknownName {
        /// The name.
        name: String,
        /// What it is looked for in, such as `complaint`; empty at the top.
        of: String,
        /// The names that are there.
        known: Vec<String>,
    },
    /// A filter that does not exist.
    UnknownFilter {
        /// Its name.
        name: String,
    },
    /// A filter on what it cannot take.
    WrongFilter {
        /// Its name.
        filter: String,
        /// The value, as it is written.
        of: String,
        /// What the value is.
        given: Shape,
    },
    /// What may be empty is shown or worded without a test.
    MayBeEmpty {
        /// The value, as it is written.
        of: String,
    },
    /// What has parts is shown as a whole.
    Whole {
        /// The value, as it is written.
        of: String,
    },
}

/// Makes a mistake at an offset of a text.
pub(super) fn at(text: &str, offset: usize, kind: MistakeKind) -> Mistake {
    let before = text.get(..offset).unwrap_or(text);
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Mistake { line: before.matches('\n').count() + 1, column, kind }
}
