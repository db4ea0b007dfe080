//! `Kind`: the kind of a value in a script, as far as the text of the script tells.

use super::vocabulary::Vocabulary;
use crate::rules::diagnostics::Words;

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
    /// A complaint of a group, or of a period.
    Member,
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

/// The kind of a value as messages see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Not known before it is sent, or with parts of its own.
    Unknown,
    /// A text.
    Text,
    /// A number.
    Number,
    /// True or false.
    YesNo,
    /// A day.
    Date,
    /// A moment.
    Moment,
    /// A span such as six weeks.
    Span,
    /// First and last day.
    Period,
    /// A list of complaints of a group.
    Complaints,
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
    Members,
    /// Lists of complaints that share a value.
    Groups,
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
            Kind::Member => Self::Members,
            Kind::List(Self::Members) => Self::Groups,
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
            Self::Text | Self::Name(_) | Self::Address | Self::Recipient | Self::Owner | Self::TimeOfDay => {
                Family::Text
            }
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
            | Self::Member
            | Self::ThisComplaint
            | Self::Input
            | Self::Flags
            | Self::Counters
            | Self::OwnFields
            | Self::List(_) => Family::Compound,
        }
    }

    /// Returns the kind as messages see it.
    pub fn in_messages(self) -> ValueKind {
        match (self, self.family()) {
            (Self::Period, _) => ValueKind::Period,
            (Self::List(Items::Members), _) => ValueKind::Complaints,
            (_, Family::Text) => ValueKind::Text,
            (_, Family::Number) => ValueKind::Number,
            (_, Family::YesNo) => ValueKind::YesNo,
            (_, Family::Date | Family::Today) => ValueKind::Date,
            (_, Family::Moment | Family::Now) => ValueKind::Moment,
            (_, Family::Span) => ValueKind::Span,
            (_, Family::Unknown | Family::Nothing | Family::Compound) => ValueKind::Unknown,
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
            Self::List(Items::Members) => Self::Member,
            Self::List(Items::Groups) => Self::List(Items::Members),
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
    pub fn described(self) -> Words {
        match self {
            Self::Any => Words::new("een waarde", "a value"),
            Self::Nothing => Words::new("niets", "nothing"),
            Self::YesNo => Words::new("true of false", "true or false"),
            Self::Number => Words::new("een getal", "a number"),
            Self::Text | Self::Name(_) => Words::new("een tekst", "a text"),
            Self::Address => Words::new("een e-mailadres", "an address"),
            Self::Recipient => Words::new("een ontvanger", "a recipient"),
            Self::Owner => Words::new("een rol", "a role"),
            Self::Now => Words::new("now", "now"),
            Self::Today => Words::new("today", "today"),
            Self::Moment => Words::new("een tijdstip", "a moment"),
            Self::Date => Words::new("een datum", "a date"),
            Self::Day => Words::new("een tijdstip of datum", "a moment or date"),
            Self::Span => Words::new("een duur", "a span"),
            Self::Period => Words::new("een periode", "a period"),
            Self::Map => Words::new("een verzameling #{ … }", "a map"),
            Self::Question => Words::new("een vraag", "a question"),
            Self::Measure => Words::new("een maatregel", "a measure"),
            Self::Complaint | Self::Member | Self::ThisComplaint => Words::new("een klacht", "a complaint"),
            Self::Input => Words::new("wat er is ingevuld", "what was given"),
            Self::Flags => Words::new("de markeringen", "the flags"),
            Self::Counters => Words::new("de tellers", "the counters"),
            Self::OwnFields => Words::new("de eigen velden", "the own fields"),
            Self::TimeOfDay => Words::new("een tijd op de dag", "a time of day"),
            Self::List(_) => Words::new("een lijst", "a list"),
        }
    }
}
