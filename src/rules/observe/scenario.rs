//! The language of scenarios: what people do and what must follow, played on a [`Stage`] that the caller
//! brings.

pub use super::stage::{
    ActionOutcome, ContactSketch, DeadlineSeen, DigestSeen, Expected, MailSketch, PeopleChange, Stage,
};

use super::scenario_days;
use super::scenario_doings::{register_actions, register_events, register_organisation};
use super::scenario_expect::{register_expectations, register_terms};
use super::scenario_played::{Played, SharedStage, lock};
use crate::calendar::Calendar;
use crate::complaint::Text;
use crate::rules::diagnostics::kinds::stray_in_scenarios;
use crate::rules::diagnostics::{Diagnostic, Lines, Location};
use crate::rules::language::grammar::{self, Statement, StatementKind};
use crate::rules::language::limits::RULE_STEPS;
use crate::rules::language::recovery::{self, Readable};
use crate::rules::language::run_error;
use crate::rules::language::source::ORGANISATION;
use crate::rules::machine::Machine;
use crate::rules::ruleset::loaded::Ruleset;
use rhai::{AST, Dynamic, Engine};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// One scenario's result.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ScenarioOutcome {
    /// The scenario's name.
    pub name: String,
    /// The place of the scenario: `rules/tests/30_treatment.rhai:12:5`.
    pub place: String,
    /// The first expectation that did not hold, in words; none when all did.
    pub failure: Option<Text>,
}

/// Plays the scenarios of `files` (path to text) whose name is wanted, each on a stage of its own, made by its name.
pub fn play(
    ruleset: &Arc<Ruleset>,
    files: &BTreeMap<String, String>,
    calendar: &Arc<Calendar>,
    wanted: &dyn Fn(&str) -> bool,
    stage: impl Fn(&str) -> Box<dyn Stage>,
) -> Vec<ScenarioOutcome> {
    let mut outcomes = Vec::new();
    for (file, text) in scripts(files) {
        match parse(file, text) {
            Ok((scenarios, functions)) => {
                let scenarios = scenarios.iter().filter(|s| wanted(&s.name()));
                outcomes
                    .extend(scenarios.map(|s| run(ruleset, file, s, &functions, calendar, stage(&s.name()))));
            }
            Err(found) => outcomes.extend(found.into_iter().map(|d| ScenarioOutcome {
                name: file.clone(),
                place: format!("rules/{}", d.place()),
                failure: Some(d.message),
            })),
        }
    }
    outcomes
}

/// Returns what is wrong with the files, before any scenario is played.
pub fn mistakes(files: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    scripts(files).filter_map(|(file, text)| parse(file, text).err()).flatten().collect()
}

/// Returns the names of the scenarios of `files`; a file that does not parse has none.
pub fn names(files: &BTreeMap<String, String>) -> Vec<String> {
    let parsed = scripts(files).filter_map(|(file, text)| parse(file, text).ok());
    parsed.flat_map(|(scenarios, _)| scenarios.into_iter().map(|s| s.name())).collect()
}

pub(super) fn scripts(files: &BTreeMap<String, String>) -> impl Iterator<Item = (&String, &String)> {
    files.iter().filter(|(path, _)| *path != ORGANISATION)
}

/// Parses a file into its scenarios and the functions that they share.
pub(super) fn parse(file: &str, text: &str) -> Result<(Vec<Statement>, AST), Vec<Diagnostic>> {
    let machine = Machine::new(|_| None);
    let Readable { ast, draft, mut found, .. } =
        recovery::read(file, text, &|text| machine.engine().compile(text));
    let lines = Lines::from(&draft.text);
    let at = |position| Location::token(file, &lines, position);
    let (statements, others) = grammar::statements(&ast);
    let stray = others.iter().map(|other| stray_in_scenarios::report(at(other.position())));
    let misplaced = statements.iter().filter(|s| s.kind != StatementKind::Scenario);
    let misplaced = misplaced.map(|s| stray_in_scenarios::report_statement(at(s.position), s.kind.keyword()));
    let mut wrong: Vec<Diagnostic> = stray.chain(misplaced).collect();
    recovery::moved(&mut wrong, &draft, text);
    found.extend(wrong);
    if found.is_empty() { Ok((statements, ast)) } else { Err(found) }
}

fn run(
    ruleset: &Arc<Ruleset>,
    file: &str,
    scenario: &Statement,
    functions: &AST,
    calendar: &Arc<Calendar>,
    stage: Box<dyn Stage>,
) -> ScenarioOutcome {
    let stage: SharedStage = Arc::new(Mutex::new(stage));
    let (of_rules, day) = (Arc::clone(ruleset), Arc::clone(&stage));
    let mut machine = Machine::new(move |name| match name {
        "today" => lock(&day).today().map(Dynamic::from),
        name => of_rules.constant(name),
    });
    register(machine.engine_mut(), &stage, calendar);
    machine.add_functions(functions);
    let body = scenario.body().cloned().unwrap_or_default();
    let error =
        machine.run(move |interpreter| interpreter.evaluate(&body, RULE_STEPS).outcome.err()).flatten();
    let position = error.as_ref().map_or(scenario.position, |e| e.position());
    let place = format!("rules/{file}:{}:{}", position.line().unwrap_or(0), position.position().unwrap_or(0));
    let failure = error.map(|e| run_error::worded(&e));
    ScenarioOutcome { name: scenario.name(), place, failure }
}

fn register(engine: &mut Engine, stage: &SharedStage, calendar: &Arc<Calendar>) {
    engine.register_type_with_name::<Played>("played");
    scenario_days::register(engine, calendar);
    register_events(engine, stage);
    register_organisation(engine, stage);
    register_actions(engine, calendar);
    register_terms(engine, stage, calendar);
    register_expectations(engine, stage);
}
