//! `Shape`: what the values that a template sees are, as far as it is known before there are any.

use std::collections::BTreeMap;

/// The kind of a value that a template sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Not known before it is rendered.
    Any,
    /// A text.
    Text,
    /// A number.
    Number,
    /// True or false.
    YesNo,
    /// A day, as `2027-01-04`.
    Date,
    /// A moment, as RFC 3339 writes it.
    Moment,
    /// A span, as "6 weeks".
    Term,
    /// A list.
    List(Box<Shape>),
    /// Parts with names.
    Group(Parts),
}

/// The parts of a group by name.
pub type Parts = BTreeMap<String, Part>;

/// A part of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub shape: Shape,
    /// Whether it is there.
    pub presence: Presence,
}

/// The presence of a value where a message is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// It is certain to be filled.
    Certain,
    /// It may be empty: shown as it is, it leaves nothing in the text; no filter can write it, and it has no parts.
    MaybeEmpty,
    /// It may not be there at all, and cannot be shown.
    MaybeMissing,
}

impl Shape {
    /// Makes a group of parts that are certain to be there.
    pub fn group<'n>(parts: impl IntoIterator<Item = (&'n str, Self)>) -> Self {
        let certain =
            |(name, shape): (&str, Self)| (name.to_owned(), Part { shape, presence: Presence::Certain });
        Self::Group(parts.into_iter().map(certain).collect())
    }

    /// Returns what a value is that is one or the other.
    pub(super) fn or(self, other: Self) -> Self {
        if self == other { self } else { Self::Any }
    }
}
