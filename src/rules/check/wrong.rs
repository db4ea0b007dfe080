//! `Finding`: what a check of kinds found, as facts.

use super::bodies::Body;
use super::operators::DayAsSum;
use crate::rules::language::diagnostic::Diagnostic;
use crate::rules::words::kind::Kind;
use rhai::Position;

/// A mistake and its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    pub file: String,
    pub position: Position,
    pub wrong: Wrong,
}

/// A mistake, with the facts that say what it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wrong {
    /// A number counts from a moment, a date or a span, and no unit is said.
    NoUnit { number: Option<i64>, from: Kind },
    /// A day that is written as a sum.
    DayAsSum(DayAsSum),
    /// An operator between kinds that it makes nothing of.
    NoMeaning { sign: String, left: Option<Kind>, right: Kind },
    /// `now` or `today` in a condition, in a sum or with a method.
    OnlyCompared { name: &'static str },
    /// Something that must be true or false, and is another kind.
    NeitherTrueNorFalse { named: Option<String>, kind: Kind },
    /// What `for` ranges over is no list.
    NoList { kind: Kind },
    /// What the `for` of a rule ranges over has no measures and no complaints.
    NoElements,
    /// What stands after `every` is no span.
    NoSpan { kind: Kind },
    /// A variable that is known elsewhere.
    OutOfReach { name: String, known: Reach },
    /// `it` in a rule without `for`.
    NoElement,
    /// `input` where nothing was asked.
    NoInput,
    /// Free text in a condition.
    FreeText { field: String },
    /// A field of what has no fields.
    NoFields { kind: Kind, name: String },
    /// A method of what cannot have it.
    NotOfThis { word: &'static str, kind: Kind, takes: Kind },
    /// An assignment to a field of an element.
    FixedElement { field: String },
    /// A text where somebody's address is meant.
    NoAddress { text: String, role: Role },
    /// An answer that the performed action needs, and is not given.
    AnswerMissing { action: String, name: String },
    /// What may be empty is compared or counted from.
    MayBeEmpty { what: String },
    /// A part that is always so.
    Always,
    /// A part that is never so.
    Never,
    /// A part that follows from what stands before it.
    Follows,
    /// An alternative that another includes.
    Included,
}

/// The part of the ruleset in which a variable is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Another place of the same piece of script: within other braces, or below.
    Elsewhere,
    /// Another statement or function.
    Statement(String),
}

/// Whether a text is the name of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Declared,
    Unknown,
}

impl Body<'_> {
    /// Makes a finding at a position of it.
    pub(super) fn finding(&self, position: Position, wrong: Wrong) -> Finding {
        Finding { file: self.file.to_owned(), position, wrong }
    }
}

impl From<Finding> for Diagnostic {
    fn from(finding: Finding) -> Self {
        let Finding { file, position, wrong } = finding;
        Self::at(&file, position, format!("{wrong:?}"))
    }
}
