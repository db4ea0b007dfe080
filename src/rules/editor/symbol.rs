//! `Symbol`: what a piece of a rules folder names, and `Mention`: where it does.

use crate::rules::diagnostics::Words;
use crate::rules::words::vocabulary::Vocabulary;
use std::ops::Range;

/// A thing that a piece of text names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Symbol {
    /// A name of a vocabulary; of [`Vocabulary::Event`], it is another symbol's name too.
    Name(Vocabulary, String),
    Rule(String),
    Schedule(String),
    Scenario(String),
    /// A rule, an action or a schedule, where `clauses.toml` does not say which.
    Working(String),
    Constant(String),
    /// A function; those of scenarios are known in their own file only.
    Function {
        scenarios: Option<String>,
        name: String,
    },
    /// An answer to a question that an action asks.
    Answer {
        action: String,
        name: String,
    },
    /// A function, method or question of the language.
    Word(&'static str),
    /// A property of a measure or of another complaint.
    Property(&'static str),
    /// A word that begins a statement.
    Statement(&'static str),
}

impl Symbol {
    /// Returns the name as people write it.
    pub fn name(&self) -> &str {
        match self {
            Self::Name(_, name)
            | Self::Rule(name)
            | Self::Schedule(name)
            | Self::Scenario(name)
            | Self::Working(name)
            | Self::Constant(name)
            | Self::Function { name, .. }
            | Self::Answer { name, .. } => name,
            Self::Word(name) | Self::Property(name) | Self::Statement(name) => name,
        }
    }

    /// Returns what such a thing is called: "state".
    pub fn what(&self) -> Words {
        match self {
            Self::Name(vocabulary, _) => vocabulary.word(),
            Self::Rule(_) => Words::new("regel", "rule"),
            Self::Schedule(_) => Words::new("geplande taak", "schedule"),
            Self::Scenario(_) => Words::new("scenario", "scenario"),
            Self::Working(_) => Words::new("regel, actie of planning", "rule, action or schedule"),
            Self::Constant(_) => Words::new("parameter", "parameter"),
            Self::Function { .. } => Words::new("functie", "function"),
            Self::Answer { .. } => Words::new("antwoord", "answer"),
            Self::Word(_) | Self::Statement(_) => Words::new("woord", "word"),
            Self::Property(_) => Words::new("veld", "field"),
        }
    }

    /// Returns whether a mention of `other` can be one of this symbol.
    pub fn is_meant_by(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        let is_event =
            matches!(self, Self::Name(Vocabulary::State | Vocabulary::Action | Vocabulary::Escalation, _));
        let is_working =
            matches!(self, Self::Rule(_) | Self::Schedule(_) | Self::Name(Vocabulary::Action, _));
        match other {
            Self::Name(Vocabulary::Event, name) => is_event && self.name() == name,
            Self::Working(name) => is_working && self.name() == name,
            _ => false,
        }
    }
}

/// Whether a mention declares its symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Declares,
    Uses,
}

/// A place in a file that names something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub symbol: Symbol,
    /// The bytes of the name, without quotes.
    pub range: Range<usize>,
    pub role: Role,
}

impl Mention {
    pub fn declares(symbol: Symbol, range: Range<usize>) -> Self {
        Self { symbol, range, role: Role::Declares }
    }

    pub fn uses(symbol: Symbol, range: Range<usize>) -> Self {
        Self { symbol, range, role: Role::Uses }
    }
}

/// Returns whether something of the organisation's own can have this name: a letter, then letters, digits and
/// low lines, all of ASCII.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.len() <= 64
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
