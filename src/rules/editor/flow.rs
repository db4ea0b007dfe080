//! `Expected`: what a text can be, and `Flows`: what it turns out to be elsewhere.

use super::script::PieceKind;
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

/// What the answers to questions are taken for, by the name of an action or a function and the question's.
pub(super) type Answers = BTreeMap<(String, String), Vocabulary>;

/// The vocabularies of names that are compared elsewhere than where they are written: of what is handed to a
/// function, by its parameter's place, of the options of an action's question, and of terms. And the kinds of what
/// functions are handed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Flows {
    pub parameters: BTreeMap<(String, usize), Vocabulary>,
    pub answers: Answers,
    /// The terms that are texts, by name.
    pub constants: BTreeMap<String, Vocabulary>,
    /// What a function takes the answers to questions for, by its name and the question's.
    pub inputs: Answers,
    /// What is handed to a function over all its calls, by its parameter's place.
    pub kinds: BTreeMap<(String, usize), Kind>,
}

impl Flows {
    /// Takes what was learnt elsewhere as well.
    pub fn merge(&mut self, other: &Self) {
        self.parameters.extend(other.parameters.clone());
        self.answers.extend(other.answers.clone());
        self.constants.extend(other.constants.clone());
        self.inputs.extend(other.inputs.clone());
        other.kinds.iter().for_each(|(parameter, kind)| self.hand(parameter.clone(), *kind));
    }

    /// Returns what the answers are taken for that pieces of a kind read; none where no answers are.
    pub fn of_answers(&self, kind: PieceKind) -> Option<&Answers> {
        match kind {
            PieceKind::Action => Some(&self.answers),
            PieceKind::Function => Some(&self.inputs),
            _ => None,
        }
    }

    /// Takes in what a call hands to a function.
    pub fn hand(&mut self, parameter: (String, usize), kind: Kind) {
        self.kinds.entry(parameter).and_modify(|known| *known = known.or(kind)).or_insert(kind);
    }
}
