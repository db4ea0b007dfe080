//! `StateGraph`: the states of a procedure in the order in which people think of them, and the steps between them: those that
//! the rules say, and those that were seen while scenarios were played.

use super::transitions::{Mover, Transition, Transitions};
use crate::complaint::{Name, State};
use crate::rules::procedure::declared::FILE;
use crate::rules::ruleset::loaded::Ruleset;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A state as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnState {
    /// The state.
    pub name: State,
    /// The place of its phase among those of the graph.
    pub phase: usize,
    /// Whether it is on the main road: the longest way from the first state through those declared after it.
    pub is_on_road: bool,
    /// Whether rules stop looking at it.
    pub is_end: bool,
    /// Whether complaints come to it that are imported, or whose import is undone.
    pub is_of_imports: bool,
}

/// The steps from one state to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnTransition {
    /// The place of the state before among those of the graph.
    pub from: usize,
    /// The place of the state after.
    pub to: usize,
    /// Who takes such a step, and whether that was seen.
    pub by: BTreeMap<Mover, bool>,
}

impl DrawnTransition {
    /// Returns whether anybody was seen to take it.
    pub fn is_seen(&self) -> bool {
        self.by.values().any(|seen| *seen)
    }
}

/// The states of a procedure and the steps between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateGraph {
    /// The phases, in order.
    pub phases: Vec<Name>,
    /// The states: those of the main road in its order, then the others as they are declared.
    pub states: Vec<DrawnState>,
    /// The steps, by place.
    pub transitions: Vec<DrawnTransition>,
    /// Who also enters a state that cannot be told from the text of the rules.
    pub untold: BTreeSet<Mover>,
}

impl StateGraph {
    /// Reads the graph of a ruleset, with the steps that were seen.
    pub fn of(ruleset: &Ruleset, seen: &BTreeSet<Transition>) -> Self {
        let said = Transitions::of(ruleset);
        let declared = declared(ruleset);
        let first = first_phases(ruleset, &declared);
        let edges: BTreeSet<(&State, &State)> =
            said.found.iter().chain(seen).map(|step| (&step.from, &step.to)).collect();
        let road = road(ruleset, &declared, &first, &edges);
        let phases = ordered(ruleset, &declared, first, (&road, &edges));
        let beside = declared.iter().filter(|state| !road.contains(state));
        let order: Vec<&State> = road.iter().chain(beside).collect();
        let imports = ruleset.procedure.imports.iter();
        let imported: Vec<&State> = imports.flat_map(|i| [&i.handled, &i.unhandled, &i.undone]).collect();
        let drawn = |(place, state): (usize, &&State)| {
            let declaration = ruleset.procedure.states.get(*state)?;
            Some(DrawnState {
                name: (*state).clone(),
                phase: phases.iter().position(|phase| *phase == declaration.phase)?,
                is_on_road: place < road.len(),
                is_end: ruleset.procedure.is_terminal(state),
                is_of_imports: imported.contains(state),
            })
        };
        let states: Vec<DrawnState> = order.iter().enumerate().filter_map(drawn).collect();
        let transitions = transitions(&states, &said.found, seen);
        Self { phases, states, transitions, untold: said.untold }
    }
}

fn transitions(
    states: &[DrawnState],
    said: &BTreeSet<Transition>,
    seen: &BTreeSet<Transition>,
) -> Vec<DrawnTransition> {
    let place = |state: &State| states.iter().position(|drawn| drawn.name == *state);
    let mut steps: BTreeMap<(usize, usize), BTreeMap<Mover, bool>> = BTreeMap::new();
    for (step, is_seen) in said.iter().map(|step| (step, false)).chain(seen.iter().map(|step| (step, true))) {
        let (Some(from), Some(to)) = (place(&step.from), place(&step.to)) else { continue };
        *steps.entry((from, to)).or_default().entry(step.by.clone()).or_default() |= is_seen;
    }
    steps.into_iter().map(|((from, to), by)| DrawnTransition { from, to, by }).collect()
}

/// Returns the states in the order in which they are declared.
fn declared(ruleset: &Ruleset) -> Vec<State> {
    let text = ruleset.source().files().get(FILE).map(String::as_str).unwrap_or_default();
    let (table, _) = DeTable::parse_recoverable(text);
    let at: BTreeMap<&str, usize> = match table.get_ref().get("states").map(Spanned::get_ref) {
        Some(DeValue::Table(states)) => {
            states.keys().map(|name| (name.get_ref().as_ref(), name.span().start)).collect()
        }
        _ => BTreeMap::new(),
    };
    let mut all: Vec<State> = ruleset.procedure.states.keys().cloned().collect();
    all.sort_by_key(|state| at.get(state.as_str()).copied());
    all
}

fn phase<'r>(ruleset: &'r Ruleset, state: &State) -> Option<&'r Name> {
    ruleset.procedure.states.get(state).map(|declaration| &declaration.phase)
}

/// Returns the phases in the order in which states name them.
fn first_phases(ruleset: &Ruleset, declared: &[State]) -> Vec<Name> {
    let mut phases: Vec<Name> = Vec::new();
    for phase in declared.iter().filter_map(|state| phase(ruleset, state)) {
        if !phases.contains(phase) {
            phases.push(phase.clone());
        }
    }
    phases
}

/// Returns the longest way from the first state on which every step leads to one that is declared later and in no earlier
/// phase; of equal ones, the one through what is declared first.
fn road(
    ruleset: &Ruleset,
    declared: &[State],
    phases: &[Name],
    edges: &BTreeSet<(&State, &State)>,
) -> Vec<State> {
    let rank = |state: &State| phases.iter().position(|known| Some(known) == phase(ruleset, state));
    // The length of the way from each state, and the place of the next one.
    let mut ways: Vec<(usize, Option<usize>)> = vec![(1, None); declared.len()];
    for from in (0..declared.len()).rev() {
        for to in (from + 1..declared.len()).rev() {
            let (before, after) = (&declared[from], &declared[to]);
            let length = ways[to].0 + 1;
            if edges.contains(&(before, after)) && rank(after) >= rank(before) && length >= ways[from].0 {
                ways[from] = (length, Some(to));
            }
        }
    }
    let mut road = Vec::new();
    let mut next = declared.iter().position(|state| *state == ruleset.procedure.initial);
    while let Some(place) = next {
        road.push(declared[place].clone());
        next = ways[place].1;
    }
    road
}

/// Returns the phases in the order of the main road; one that is not on it follows the one from which it is entered.
fn ordered(
    ruleset: &Ruleset,
    declared: &[State],
    first: Vec<Name>,
    (road, edges): (&[State], &BTreeSet<(&State, &State)>),
) -> Vec<Name> {
    let is_on_road = |name: &Name| road.iter().any(|state| phase(ruleset, state) == Some(name));
    let (mut phases, beside): (Vec<Name>, Vec<Name>) = first.into_iter().partition(is_on_road);
    for name in beside {
        let enters = |from: &&State| {
            edges.iter().any(|(start, end)| start == from && phase(ruleset, end) == Some(&name))
        };
        let mut sources = declared.iter().filter(|from| phase(ruleset, from) != Some(&name)).filter(enters);
        let before =
            sources.find_map(|from| phases.iter().position(|known| Some(known) == phase(ruleset, from)));
        phases.insert(before.map_or(phases.len(), |place| place + 1), name);
    }
    phases
}
