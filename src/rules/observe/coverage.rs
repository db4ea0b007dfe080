//! Coverage: the conditions, and parts of them, that scenarios have seen true and false, and in which scenarios statements did
//! something.

use crate::rules::evaluate::evaluator::{coordinates, is_negation};
use crate::rules::evaluate::observer::{Observed, Observer, Subject};
use crate::rules::ruleset::loaded::Ruleset;
use rhai::{Expr, Position};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A condition, or a part of one, by its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    subject: Subject,
    name: String,
    file: String,
    /// None for the condition as a whole.
    part: Option<(usize, usize)>,
}

/// What was seen of a place.
#[derive(Clone, Debug, Default)]
struct Seen {
    yes: bool,
    no: bool,
    /// The scenarios, by their order, in which it came to true; of a schedule, in which it ran.
    in_scenarios: BTreeSet<usize>,
}

/// What no scenario has seen of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Never {
    /// That it comes to true.
    True,
    /// That it comes to false.
    False,
    /// That it is looked at.
    Reached,
    /// That a schedule runs.
    Run,
}

impl Never {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::False => "false",
            Self::Reached => "reached",
            Self::Run => "run",
        }
    }
}

/// A condition or part of one that scenarios have not seen both ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// What was never seen.
    pub never: Never,
}

/// A rule, an action or a schedule, and in which scenarios it did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoveredStatement {
    /// The kind of statement.
    pub subject: Subject,
    /// The name of the rule or schedule, or the id of the action.
    pub name: String,
    /// What people read of it: the label of an action, the name of anything else.
    pub title: String,
    /// The file, relative to the rules folder.
    pub file: String,
    /// The scenarios in which the rule fired, the action was offered or the schedule ran, by their places in
    /// [`Covered::scenarios`].
    pub fired_in: BTreeSet<usize>,
}

/// What scenarios have seen of a ruleset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// The names of the scenarios that were played, in order.
    pub scenarios: Vec<String>,
    /// Every rule, action and schedule, by file and name.
    pub statements: Vec<CoveredStatement>,
    /// What was not seen both ways; wholes first, then parts, in the order of the files.
    pub gaps: Vec<Gap>,
}

impl Covered {
    /// Returns the rules, actions and schedules that no scenario has do anything.
    pub fn idle(&self) -> impl Iterator<Item = &CoveredStatement> {
        self.statements.iter().filter(|statement| statement.fired_in.is_empty())
    }

    /// Returns the names of the scenarios in which a statement did something, in order.
    pub fn scenarios_of<'c>(&'c self, statement: &'c CoveredStatement) -> impl Iterator<Item = &'c str> {
        statement.fired_in.iter().filter_map(|place| self.scenarios.get(*place).map(String::as_str))
    }
}

/// Collects outcomes while scenarios are played.
#[derive(Debug)]
pub struct Coverage {
    collected: Mutex<Collected>,
    /// The labels of the actions, by their ids.
    labels: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Collected {
    seen: BTreeMap<Place, Seen>,
    scenarios: Vec<String>,
}

impl Observer for Coverage {
    fn wants_parts(&self) -> bool {
        true
    }

    fn begins(&self, scenario: &str) {
        self.collected().scenarios.push(scenario.to_owned());
    }

    fn saw(&self, observed: Observed<'_>, outcome: bool) {
        let Observed { subject, name, file, part } = observed;
        let place = Place { subject, name: name.to_owned(), file: file.to_owned(), part };
        let mut collected = self.collected();
        let now = collected.scenarios.len().checked_sub(1);
        let Some(seen) = collected.seen.get_mut(&place) else { return };
        if outcome {
            seen.yes = true;
            seen.in_scenarios.extend(now);
        } else {
            seen.no = true;
        }
    }
}

impl Coverage {
    /// Starts with every condition and part of one unseen.
    pub fn of(ruleset: &Ruleset) -> Self {
        let mut seen = BTreeMap::new();
        let rules = ruleset.rules.iter().map(|r| (Subject::Rule, r.name.as_str(), &r.file, Some(&r.when)));
        let actions =
            ruleset.actions.iter().map(|a| (Subject::Action, a.id.as_str(), &a.file, Some(&a.when.expr)));
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
        let labels = ruleset.actions.iter().map(|action| (action.id.to_string(), action.label.to_string()));
        let collected = Mutex::new(Collected { seen, scenarios: Vec::new() });
        Self { collected, labels: labels.collect() }
    }

    fn collected(&self) -> MutexGuard<'_, Collected> {
        self.collected.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the conditions as wholes.
    pub fn conditions(&self) -> usize {
        self.collected().seen.keys().filter(|p| p.part.is_none()).count()
    }

    /// Returns what was not seen both ways; wholes first, then parts, in the order of the files.
    pub fn gaps(&self) -> Vec<Gap> {
        let collected = self.collected();
        let gaps = collected.seen.iter().filter_map(|(place, seen)| {
            let never = match (place.subject, seen.yes, seen.no) {
                (_, true, true) | (Subject::Schedule, true, _) => return None,
                (Subject::Schedule, ..) => Never::Run,
                (_, true, false) => Never::False,
                (_, false, true) => Never::True,
                (_, false, false) => Never::Reached,
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

    /// Returns all that was seen.
    pub fn covered(&self) -> Covered {
        let gaps = self.gaps();
        let collected = self.collected();
        let wholes = collected.seen.iter().filter(|(place, _)| place.part.is_none());
        let statement = |(place, seen): (&Place, &Seen)| CoveredStatement {
            subject: place.subject,
            name: place.name.clone(),
            title: self
                .labels
                .get(&place.name)
                .filter(|_| place.subject == Subject::Action)
                .unwrap_or(&place.name)
                .clone(),
            file: place.file.clone(),
            fired_in: seen.in_scenarios.clone(),
        };
        let mut statements: Vec<CoveredStatement> = wholes.map(statement).collect();
        statements.sort_by(|a, b| (&a.file, a.subject, &a.name).cmp(&(&b.file, b.subject, &b.name)));
        Covered { scenarios: collected.scenarios.clone(), statements, gaps }
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
