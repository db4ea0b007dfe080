//! `Takes`: what a filter can be put on, known before there are values.

use super::sandbox::FILTERS;
use super::shape::Shape;

/// What a filter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// A day, or a moment for the day on which it lies.
    Day,
    Moment,
    Term,
    /// Anything that is there.
    Anything,
    /// Anything, or nothing at all, for which it gives something.
    Nothing,
}

impl Takes {
    /// Returns what the filter of a name takes; none when there is no such filter.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "date" => Some(Self::Day),
            "moment" => Some(Self::Moment),
            "term" => Some(Self::Term),
            "default" | "d" | "string" | "bool" => Some(Self::Nothing),
            other => FILTERS.iter().any(|(known, _)| *known == other).then_some(Self::Anything),
        }
    }

    /// Returns whether it can be put on a value.
    pub fn fits(self, shape: &Shape) -> bool {
        match self {
            Self::Day => matches!(shape, Shape::Any | Shape::Date | Shape::Moment),
            Self::Moment => matches!(shape, Shape::Any | Shape::Moment),
            Self::Term => matches!(shape, Shape::Any | Shape::Term),
            Self::Anything | Self::Nothing => true,
        }
    }

    /// Returns what it makes of it.
    pub fn gives(self) -> Shape {
        match self {
            Self::Day | Self::Moment | Self::Term => Shape::Text,
            Self::Anything | Self::Nothing => Shape::Any,
        }
    }
}
