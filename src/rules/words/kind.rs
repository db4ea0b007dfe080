//! `Kind`: the kind of a value in a script, as far as the text of the script tells.

use super::vocabulary::Vocabulary;

/// The kind of a value that a parameter takes, a word gives, or a field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rules) enum Kind {
    /// Not known before it runs.
    #[default]
    Any,
    /// `()`: not filled in.
    Nothing,
    YesNo,
    Number,
    /// Any text.
    Text,
    /// A text that is one of the names of a vocabulary.
    Name(Vocabulary),
    /// Somebody's address.
    Address,
    /// The one a message goes to: the complainant, the responsible person, a role, or an address.
    Recipient,
    /// The one who must meet a term: a role, or the complainant.
    Owner,
    Now,
    Today,
    Moment,
    Date,
    /// A moment or a date.
    Day,
    Span,
    /// First and last day, as `.from` and `.to`.
    Period,
    Map,
    /// A question of an action.
    Question,
    Measure,
    /// Another complaint.
    Complaint,
    /// The complaint that is decided about.
    ThisComplaint,
    /// The answers that an action was given.
    Input,
    /// `complaint.flags`, `complaint.counters`, `complaint.extra`.
    Flags,
    Counters,
    OwnFields,
    /// A text such as "09:00".
    TimeOfDay,
    List(Items),
}

/// The kind of the items of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Items {
    Anything,
    Texts,
    Numbers,
    /// Names of one vocabulary.
    Names(Vocabulary),
    YesNos,
    Dates,
    Moments,
    Spans,
    Measures,
    Complaints,
}

impl Items {
    /// Returns what a list holds whose items are of one kind.
    pub fn of(item: Kind) -> Self {
        match item {
            Kind::Name(vocabulary) => Self::Names(vocabulary),
            Kind::YesNo => Self::YesNos,
            Kind::Number => Self::Numbers,
            Kind::Date => Self::Dates,
            Kind::Moment => Self::Moments,
            Kind::Span => Self::Spans,
            Kind::Measure => Self::Measures,
            Kind::Complaint => Self::Complaints,
            _ if item.family() == Family::Text => Self::Texts,
            _ => Self::Anything,
        }
    }
}

/// Kinds that can be compared with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Family {
    Unknown,
    Nothing,
    YesNo,
    Number,
    Text,
    Now,
    Today,
    Moment,
    Date,
    Span,
    Compound,
}

impl Kind {
    /// Returns the kinds it can be compared with, as one family.
    pub fn family(self) -> Family {
        match self {
            Self::Any | Self::Day => Family::Unknown,
            Self::Nothing => Family::Nothing,
            Self::YesNo => Family::YesNo,
            Self::Number => Family::Number,
            Self::Text
            | Self::Name(_)
            | Self::Address
            | Self::Recipient
            | Self::Owner
            | Self::TimeOfDay => Family::Text,
            Self::Now => Family::Now,
            Self::Today => Family::Today,
            Self::Moment => Family::Moment,
            Self::Date => Family::Date,
            Self::Span => Family::Span,
            Self::Period
            | Self::Map
            | Self::Question
            | Self::Measure
            | Self::Complaint
            | Self::ThisComplaint
            | Self::Input
            | Self::Flags
            | Self::Counters
            | Self::OwnFields
            | Self::List(_) => Family::Compound,
        }
    }

    /// Returns the vocabulary whose names the value, or the items of the list, must be.
    pub fn vocabulary(self) -> Option<Vocabulary> {
        match self {
            Self::Name(vocabulary) | Self::List(Items::Names(vocabulary)) => Some(vocabulary),
            _ => None,
        }
    }

    /// Returns what an item of a list is; of what is no list, nothing is known.
    pub fn item(self) -> Self {
        match self {
            Self::List(Items::Texts) => Self::Text,
            Self::List(Items::Numbers) => Self::Number,
            Self::List(Items::Names(vocabulary)) => Self::Name(vocabulary),
            Self::List(Items::YesNos) => Self::YesNo,
            Self::List(Items::Dates) => Self::Date,
            Self::List(Items::Moments) => Self::Moment,
            Self::List(Items::Spans) => Self::Span,
            Self::List(Items::Measures) => Self::Measure,
            Self::List(Items::Complaints) => Self::Complaint,
            _ => Self::Any,
        }
    }

    /// Returns what a value is that is of one kind or the other.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::List(_), Self::List(_)) => Self::List(Items::Anything),
            (a, b) if a.family() == Family::Text && b.family() == Family::Text => Self::Text,
            _ => Self::Any,
        }
    }

    /// Returns the kind in words: "a date".
    pub fn described(self) -> &'static str {
        match self {
            Self::Any => "a value",
            Self::Nothing => "nothing",
            Self::YesNo => "true or false",
            Self::Number => "a number",
            Self::Text | Self::Name(_) => "a text",
            Self::Address => "an address",
            Self::Recipient => "a recipient",
            Self::Owner => "a role",
            Self::Now => "now",
            Self::Today => "today",
            Self::Moment => "a moment",
            Self::Date => "a date",
            Self::Day => "a moment or date",
            Self::Span => "a span",
            Self::Period => "a period",
            Self::Map => "a map",
            Self::Question => "a question",
            Self::Measure => "a measure",
            Self::Complaint | Self::ThisComplaint => "a complaint",
            Self::Input => "what was given",
            Self::Flags => "the flags",
            Self::Counters => "the counters",
            Self::OwnFields => "the own fields",
            Self::TimeOfDay => "a time of day",
            Self::List(_) => "a list",
        }
    }
}
