//! `TermGroup`: what people read for the terms of the rules, and their bounds, as `[[terms]]` declares them.

use super::amount::Amount;
use super::label::Label;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// Terms that are shown together.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermGroup {
    /// The heading in Dutch.
    pub nl: String,
    /// The heading in English.
    pub en: String,
    /// The terms by the name that scripts know them by.
    #[serde(default)]
    pub of: BTreeMap<String, TermDeclaration>,
}

/// What people read for a term, and how far its value may go.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermDeclaration {
    /// The words in Dutch.
    pub nl: String,
    /// The words in English.
    pub en: String,
    /// What people must know who change it; none where the words say it all.
    #[serde(default)]
    pub hint: Option<Label>,
    /// The least that it may be; none where there is none.
    #[serde(default)]
    pub min: Option<TermBound>,
    /// The most that it may be; none where there is none.
    #[serde(default)]
    pub max: Option<TermBound>,
}

/// A bound as it is written: a number, an amount such as `weeks(2)`, or the name of another term.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum TermBound {
    /// A number.
    Number(i64),
    /// An amount, or the name of a term.
    Written(String),
}

impl TermBound {
    /// Returns the amount; none for a name.
    pub fn amount(&self) -> Option<Amount> {
        match self {
            Self::Number(n) => Some(Amount::Number(*n)),
            Self::Written(text) => Amount::read(text),
        }
    }

    /// Returns the name of the term whose value is the bound; none for an amount.
    pub fn term(&self) -> Option<&str> {
        match self {
            Self::Written(text) if Amount::read(text).is_none() => Some(text),
            _ => None,
        }
    }
}

impl fmt::Display for TermBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => write!(f, "{n}"),
            Self::Written(text) => f.write_str(text),
        }
    }
}
