//! `Facts`: what is known of things where a part of a condition is reached.

use super::statement::{Atom, Subject};
use super::values::Values;
use std::collections::{BTreeMap, BTreeSet};

/// How often something is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Always,
    Never,
    Sometimes,
}

impl Outcome {
    pub fn turned(self) -> Self {
        match self {
            Self::Always => Self::Never,
            Self::Never => Self::Always,
            Self::Sometimes => Self::Sometimes,
        }
    }
}

/// The values that things can still have.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts(BTreeMap<Subject, Values>);

impl Facts {
    /// Returns how often a statement is so.
    pub fn outcome(&self, atom: &Atom) -> Outcome {
        let now = self.of(atom);
        if now.is_empty() {
            // What stands before it contradicts itself, and that is told there.
            Outcome::Sometimes
        } else if now.are_within(&atom.values) {
            Outcome::Always
        } else if now.and(&atom.values).is_empty() {
            Outcome::Never
        } else {
            Outcome::Sometimes
        }
    }

    /// Takes in that a statement is so.
    pub fn assume(&mut self, atom: &Atom) {
        let now = self.of(atom).and(&atom.values);
        self.0.insert(atom.subject.clone(), now);
    }

    /// Takes in that a statement is not so.
    pub fn assume_not(&mut self, atom: &Atom) {
        let now = self.of(atom).and(&atom.values.others());
        self.0.insert(atom.subject.clone(), now);
    }

    /// Returns the values that the subject of a statement can still have. A distance without a unit is no distance,
    /// which is the same in each unit.
    fn of(&self, atom: &Atom) -> Values {
        let all = match atom.values {
            Values::Numbers(_) => Values::range(i64::MIN, i64::MAX),
            Values::Names(_) | Values::AllBut(_) => Values::AllBut(BTreeSet::new()),
        };
        let possible = atom.possible.clone().unwrap_or(all);
        let is_known = |subject: &Subject| {
            let unit =
                subject.unit.is_none() || atom.subject.unit.is_none() || subject.unit == atom.subject.unit;
            subject.what == atom.subject.what && unit
        };
        let known = self.0.iter().filter(|(subject, _)| is_known(subject));
        known.fold(possible, |now, (_, values)| now.and(values))
    }
}
