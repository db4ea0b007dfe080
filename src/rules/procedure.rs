//! `Procedure`: the names a procedure declares in `procedure.toml`. Rust itself names no state.

use super::Diagnostic;
use crate::complaint::{DeadlineName, Name, Role, State};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The same words in both languages that people read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    pub nl: String,
    pub en: String,
}

impl Label {
    pub fn in_language(&self, language: &str) -> &str {
        if language == "en" { &self.en } else { &self.nl }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateDeclaration {
    pub nl: String,
    pub en: String,
    /// received, registered, handled or evaluated (procedure row 3).
    pub phase: Name,
    /// Whether the complaint still waits for its outcome.
    #[serde(default)]
    pub open: bool,
    /// Whether rules stop looking at it.
    #[serde(default)]
    pub terminal: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleDeclaration {
    pub nl: String,
    pub en: String,
    /// Whether, once somebody is responsible, the role means that one person.
    #[serde(default)]
    pub held_by_responsible: bool,
}

/// Whom a term binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Own,
    Complainant,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineDeclaration {
    pub nl: String,
    pub en: String,
    pub side: Side,
    /// Whether a breach must be told even when every rule is broken.
    #[serde(default)]
    pub mandatory: bool,
    /// The roles entitled to hear of a breach.
    #[serde(default)]
    pub alarms: Vec<Role>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    pub name: Label,
    /// The state of a complaint that has just come in.
    pub initial: State,
    /// The role that hears of script faults.
    pub faults_to: Role,
    pub states: BTreeMap<State, StateDeclaration>,
    pub roles: BTreeMap<Role, RoleDeclaration>,
    pub deadlines: BTreeMap<DeadlineName, DeadlineDeclaration>,
    #[serde(default)]
    pub flags: BTreeMap<Name, Label>,
    #[serde(default)]
    pub counters: BTreeMap<Name, Label>,
    #[serde(default)]
    pub verdicts: BTreeMap<Name, Label>,
    #[serde(default)]
    pub grounds: BTreeMap<Name, Label>,
    #[serde(default)]
    pub agreements: BTreeMap<Name, Label>,
    #[serde(default)]
    pub escalations: BTreeMap<Name, Label>,
    #[serde(default)]
    pub measures: BTreeMap<Name, Label>,
    /// The organisation's own fields, `complaint.extra.*`.
    #[serde(default)]
    pub extra: BTreeMap<Name, Label>,
}

pub(super) const FILE: &str = "procedure.toml";

impl Procedure {
    pub(super) fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        let procedure: Self = toml::from_str(text).map_err(|e| {
            let before = e.span().map_or("", |s| text.get(..s.start).unwrap_or(""));
            let line = before.lines().count().max(1);
            vec![Diagnostic {
                file: FILE.to_owned(),
                line,
                column: before.rsplit('\n').next().map_or(0, str::len) + 1,
                message: e.message().to_owned(),
                help: None,
            }]
        })?;
        let faults = procedure.inconsistencies();
        if faults.is_empty() { Ok(procedure) } else { Err(faults) }
    }

    pub fn is_open(&self, state: &State) -> bool {
        self.states.get(state).is_some_and(|s| s.open)
    }

    /// A state this ruleset does not know is not terminal: somebody must look at it.
    pub fn is_terminal(&self, state: &State) -> bool {
        self.states.get(state).is_some_and(|s| s.terminal)
    }

    fn inconsistencies(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let states: Vec<&str> = self.states.keys().map(State::as_str).collect();
        let roles: Vec<&str> = self.roles.keys().map(Role::as_str).collect();
        if !self.states.contains_key(&self.initial) {
            let text = format!("initial state `{}` is not declared", self.initial);
            found.push(Diagnostic::file(FILE, text).suggest(self.initial.as_str(), states));
        }
        let alarmed = self.deadlines.iter().flat_map(|(n, d)| d.alarms.iter().map(move |r| (n.as_str(), r)));
        for (place, role) in alarmed.chain([("faults_to", &self.faults_to)]) {
            if !self.roles.contains_key(role) {
                let text = format!("`{place}` names the role `{role}`, which is not declared");
                found.push(Diagnostic::file(FILE, text).suggest(role.as_str(), roles.iter().copied()));
            }
        }
        for (name, _) in self.deadlines.iter().filter(|(_, d)| d.mandatory && d.alarms.is_empty()) {
            let text = format!("deadline `{name}` is mandatory, but nobody hears of its breach");
            found.push(Diagnostic::file(FILE, text).help("add alarms = [\"director\"]"));
        }
        found
    }
}
