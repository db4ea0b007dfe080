//! `Parameter`: what a request says beside its path and what it sends along, and how that must look.

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
    Text,
    Day,
    Moment,
    YesNo,
    /// A whole number from 1 to this.
    UpTo(usize),
    /// One of these words.
    OneOf(&'static [&'static str]),
}

impl Kind {
    /// Returns what is wrong with how a parameter looks; none when nothing is.
    pub fn mistake(self, value: &str) -> Option<String> {
        let is_right = match self {
            Self::Text => value.len() <= 500,
            Self::Day => is_day(value),
            Self::Moment => chrono::DateTime::parse_from_rfc3339(value).is_ok(),
            Self::YesNo => value == "true" || value == "false",
            Self::UpTo(most) => value.parse().is_ok_and(|n: usize| (1..=most).contains(&n)),
            Self::OneOf(words) => words.contains(&value),
        };
        let must = match self {
            Self::Text => "is longer than 500 bytes".to_owned(),
            Self::Day => "is no day as 2026-11-22".to_owned(),
            Self::Moment => "is no moment as 2026-11-22T09:00:00Z".to_owned(),
            Self::YesNo => "is neither true nor false".to_owned(),
            Self::UpTo(usize::MAX) => "is no whole number from 1".to_owned(),
            Self::UpTo(most) => format!("is no whole number from 1 to {most}"),
            Self::OneOf(words) => format!("is none of {}", words.join(", ")),
        };
        (!is_right).then_some(must)
    }
}

fn is_day(value: &str) -> bool {
    value.len() == 10 && value.parse::<chrono::NaiveDate>().is_ok()
}
