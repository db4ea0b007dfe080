//! Coverage: the conditions, and parts of them, that scenarios have seen true and false.

use crate::rules::evaluate::evaluator::{coordinates, is_negation};
use crate::rules::evaluate::observer::{Observed, Observer, Subject};
use crate::rules::ruleset::loaded::Ruleset;
use rhai::{Expr, Position};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// A condition, or a part of one, by its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    subject: Subject,
    name: String,
    file: String,
    /// None for the condition as a whole.
    part: Option<(usize, usize)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    yes: bool,
    no: bool,
}

/// A condition or part of one that scenarios have not seen both ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The kind of statement.
    pub subject: Subject,
    /// The name of the rule or schedule, or the id of the action.
    pub name: String,
    /// The file, relative to the rules folder.
    pub file: String,
    /// The line of the part, from 1; 0 for the condition as a whole.
    pub line: usize,
    /// The column of the part, from 1; 0 for the condition as a whole.
    pub column: usize,
    /// The outcomes that were never seen: true, false, or both; for a schedule, that it ran.
    pub never: &'static str,
}

/// Collects outcomes while scenarios are played.
#[derive(Debug)]
pub struct Coverage(Mutex<BTreeMap<Place, Seen>>);

impl Observer for Coverage {
    fn wants_parts(&self) -> bool {
        true
    }

    fn saw(&self, observed: Observed<'_>, outcome: bool) {
        let Observed { subject, name, file, part } = observed;
        let place = Place { subject, name: name.to_owned(), file: file.to_owned(), part };
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seen) = seen.get_mut(&place) {
            if outcome { seen.yes = true } else { seen.no = true }
        }
    }
}

impl Coverage {
    /// Starts with every condition and part of one unseen.
    pub fn of(ruleset: &Ruleset) -> Self {
        let mut seen = BTreeMap::new();
        let rules = ruleset.rules.iter().map(|r| (Subject::Rule, r.name.as_str(), &r.file, Some(&r.when)));
        let actions =
            ruleset.actions.iter().map(|a| (Subject::Action, a.id.as_str(), &a.file, Some(&a.when)));
        let schedules = ruleset.schedules.iter().map(|s| (Subject::Schedule, s.name.as_str(), &s.file, None));
        for (subject, name, file, when) in rules.chain(actions).chain(schedules) {
            let mut parts = Vec::new();
            when.into_iter().for_each(|w| atoms(w, &mut parts));
            // The names of parameters are not looked at: they are as they are set.
            let parts =
                parts.into_iter().filter(|(e, _)| !matches!(e, Expr::Variable(..) | Expr::BoolConstant(..)));
            let places: Vec<_> = parts.map(|(_, p)| Some(coordinates(p))).collect();
            let single = places.len() < 2;
            for part in places.into_iter().filter(|_| !single).chain([None]) {
                let place = Place { subject, name: name.to_owned(), file: file.clone(), part };
                seen.insert(place, Seen::default());
            }
        }
        Self(Mutex::new(seen))
    }

    /// Counts the conditions as wholes.
    pub fn conditions(&self) -> usize {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.keys().filter(|p| p.part.is_none()).count()
    }

    /// Returns what was not seen both ways; wholes first, then parts, in the order of the files.
    pub fn gaps(&self) -> Vec<Gap> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let gaps = seen.iter().filter_map(|(place, seen)| {
            let never = match (place.subject, seen.yes, seen.no) {
                (_, true, true) | (Subject::Schedule, true, _) => return None,
                (Subject::Schedule, ..) => "run",
                (_, true, false) => "false",
                (_, false, true) => "true",
                (_, false, false) => "reached",
            };
            let (line, column) = place.part.unwrap_or((0, 0));
            let (name, file) = (place.name.clone(), place.file.clone());
            Some(Gap { subject: place.subject, name, file, line, column, never })
        });
        let mut gaps: Vec<Gap> = gaps.collect();
        gaps.sort_by(|a, b| {
            (a.line > 0, &a.file, a.line, a.column).cmp(&(b.line > 0, &b.file, b.line, b.column))
        });
        gaps
    }
}

/// Collects the parts of a condition between `&&`, `||` and `!`.
fn atoms<'e>(expr: &'e Expr, found: &mut Vec<(&'e Expr, Position)>) {
    match expr {
        Expr::And(parts, _) | Expr::Or(parts, _) => parts.iter().for_each(|p| atoms(p, found)),
        Expr::FnCall(call, _) if is_negation(call) => atoms(&call.args[0], found),
        atom => found.push((atom, atom.start_position())),
    }
}
