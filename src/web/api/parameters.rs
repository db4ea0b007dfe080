//! `Parameter`: what a request says beside its path and what it sends along, and how that must look.

use super::super::pages::day;
use crate::complaint::Text;

/// The place of a parameter, beside those that stand in the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Query,
    /// A header that may be left out.
    Header,
    /// A header without which nothing is done.
    NeededHeader,
}

/// A parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    pub place: Place,
    pub name: &'static str,
    pub means: &'static str,
    pub kind: Kind,
}

/// What a parameter looks like.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A text of at most so many characters.
    UpToCharacters(usize),
    Day,
    Moment,
    YesNo,
    /// A whole number from 1 to this.
    UpTo(usize),
    /// A place in the trail: a whole number from 0.
    Sequence,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

impl Kind {
    /// Returns what is wrong with how a parameter looks; none when nothing is.
    pub fn mistake(self, value: &str) -> Option<Text> {
        let is_right = match self {
            Self::UpToCharacters(most) => value.chars().count() <= most,
            Self::Day => matches!(day(value), Ok(Some(_))),
            Self::Moment => chrono::DateTime::parse_from_rfc3339(value).is_ok(),
            Self::YesNo => value == "true" || value == "false",
            Self::UpTo(most) => value.parse().is_ok_and(|n: usize| (1..=most).contains(&n)),
            Self::Sequence => value.parse().is_ok_and(|n: i64| n >= 0),
            Self::OneOf(words) => words.contains(&value),
        };
        (!is_right).then(|| self.must_be())
    }

    fn must_be(self) -> Text {
        let (nl, en): (String, String) = match self {
            Self::UpToCharacters(most) => {
                (format!("is langer dan {most} tekens"), format!("is longer than {most} characters"))
            }
            Self::Day => ("is geen dag als 2026-11-22".into(), "is no day as 2026-11-22".into()),
            Self::Moment => {
                let example = "2026-11-22T09:00:00Z";
                (format!("is geen moment als {example}"), format!("is no moment as {example}"))
            }
            Self::YesNo => ("is niet true of false".into(), "is neither true nor false".into()),
            Self::UpTo(most) => (
                format!("is geen geheel getal van 1 tot en met {most}"),
                format!("is no whole number from 1 to {most}"),
            ),
            Self::Sequence => ("is geen geheel getal vanaf 0".into(), "is no whole number from 0".into()),
            Self::OneOf(words) => {
                let words = words.join(", ");
                (format!("is niet een van: {words}"), format!("is none of: {words}"))
            }
        };
        Text::new(nl, en)
    }
}
