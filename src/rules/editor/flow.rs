//! `Expected`: what a text can be, and `Flows`: what it turns out to be elsewhere.

use crate::rules::words::kind::Kind;
use crate::rules::words::vocabulary::Vocabulary;
use std::collections::BTreeMap;

/// What a text at some place can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Names(Vocabulary),
    /// One of the options of an own field.
    Choice(Vec<String>),
    Recipient,
    Owner,
    /// A recipient and a message, with a blank between, as scenarios expect them.
    Notice,
}

/// The vocabularies of names that are compared elsewhere than where they are written: of what is handed to a
/// function, by its parameter's place, of the options of an action's question, and of terms. And the kinds of what
/// functions are handed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Flows {
    pub parameters: BTreeMap<(String, usize), Vocabulary>,
    pub answers: BTreeMap<(String, String), Vocabulary>,
    /// The terms that are texts, by name.
    pub constants: BTreeMap<String, Vocabulary>,
    /// What is handed to a function over all its calls, by its parameter's place.
    pub kinds: BTreeMap<(String, usize), Kind>,
}

impl Flows {
    /// Takes what was learnt elsewhere as well.
    pub fn merge(&mut self, other: &Self) {
        self.parameters.extend(other.parameters.clone());
        self.answers.extend(other.answers.clone());
        self.constants.extend(other.constants.clone());
        other.kinds.iter().for_each(|(parameter, kind)| self.hand(parameter.clone(), *kind));
    }

    /// Takes in what a call hands to a function.
    pub fn hand(&mut self, parameter: (String, usize), kind: Kind) {
        self.kinds.entry(parameter).and_modify(|known| *known = known.or(kind)).or_insert(kind);
    }
}
