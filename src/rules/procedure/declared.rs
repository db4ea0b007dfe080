//! `Procedure`: the names a procedure declares in `procedure.toml`. Rust itself names no state.

use super::extra::ExtraFields;
use super::label::Label;
use crate::complaint::{DeadlineName, Name, Role, State};
use crate::rules::language::diagnostic::Diagnostic;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateDeclaration {
    pub nl: String,
    pub en: String,
    /// received, registered, handled or evaluated (docs/procedure.md row 3).
    pub phase: Name,
    /// Whether the complaint still waits for its outcome.
    #[serde(default)]
    pub open: bool,
    /// Whether rules stop looking at it.
    #[serde(default)]
    pub terminal: bool,
    /// Whether a reply still belongs to the complaint; else it opens a new one that refers to it.
    #[serde(default)]
    pub takes_mail: TakesMail,
}

/// Until when replies are added to a complaint in a state (docs/procedure.md edge case 1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakesMail {
    #[default]
    Always,
    Never,
    /// While this deadline has not passed.
    Until(DeadlineName),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleDeclaration {
    pub nl: String,
    pub en: String,
    /// Whether, once somebody is responsible, the role means that one person.
    #[serde(default)]
    pub held_by_responsible: bool,
    /// The role that stands in when nobody who has this one can: all are absent, or complained of.
    #[serde(default)]
    pub stands_in: Option<Role>,
    /// Which complaints a person with this role may see.
    #[serde(default)]
    pub sees: Sees,
}

/// How far a role's view reaches (docs/procedure.md edge case 10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sees {
    #[default]
    Nothing,
    /// Those the person is responsible for, and those nobody is responsible for yet.
    Own,
    Everything,
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

/// A state of recommendations (docs/procedure.md row 38).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecommendationDeclaration {
    pub nl: String,
    pub en: String,
    /// Whether new ones begin here.
    #[serde(default)]
    pub initial: bool,
    /// Whether there is nothing left to follow up.
    #[serde(default)]
    pub closed: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    pub name: Label,
    /// The state of a complaint that has just come in.
    pub initial: State,
    /// The role that hears of script faults.
    pub faults_to: Role,
    /// The role that hears of plugins whose target fails; without it, the one that hears of script faults.
    #[serde(default)]
    pub plugin_alarms_to: Option<Role>,
    /// The role that concludes reports (docs/procedure.md rows 36 and 37).
    #[serde(default)]
    pub reports_concluded_by: Option<Role>,
    /// The role that keeps the recommendations (docs/procedure.md row 38).
    #[serde(default)]
    pub recommendations_kept_by: Option<Role>,
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
    pub causes: BTreeMap<Name, Label>,
    #[serde(default)]
    pub measures: BTreeMap<Name, Label>,
    #[serde(default)]
    pub recommendations: BTreeMap<Name, RecommendationDeclaration>,
    /// The organisation's own fields, `complaint.extra.*`; they come from `redress.toml`.
    #[serde(skip)]
    pub extra: ExtraFields,
}

pub(in crate::rules) const FILE: &str = "procedure.toml";

impl Procedure {
    pub(in crate::rules) fn parse(text: &str, extra: ExtraFields) -> Result<Self, Vec<Diagnostic>> {
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
        if faults.is_empty() { Ok(Self { extra, ..procedure }) } else { Err(faults) }
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
        let until = self.states.values().filter_map(|s| match &s.takes_mail {
            TakesMail::Until(deadline) => Some(deadline),
            TakesMail::Always | TakesMail::Never => None,
        });
        for deadline in until.filter(|d| !self.deadlines.contains_key(*d)) {
            let text = format!("takes_mail names the deadline `{deadline}`, which is not declared");
            found.push(Diagnostic::file(FILE, text));
        }
        let alarmed = self.deadlines.iter().flat_map(|(n, d)| d.alarms.iter().map(move |r| (n.as_str(), r)));
        let standing = self.roles.iter().filter_map(|(n, r)| Some((n.as_str(), r.stands_in.as_ref()?)));
        let keepers = [
            ("faults_to", Some(&self.faults_to)),
            ("plugin_alarms_to", self.plugin_alarms_to.as_ref()),
            ("reports_concluded_by", self.reports_concluded_by.as_ref()),
            ("recommendations_kept_by", self.recommendations_kept_by.as_ref()),
        ];
        let keepers = keepers.into_iter().filter_map(|(place, role)| Some((place, role?)));
        for (place, role) in alarmed.chain(standing).chain(keepers) {
            if !self.roles.contains_key(role) {
                let text = format!("`{place}` names the role `{role}`, which is not declared");
                found.push(Diagnostic::file(FILE, text).suggest(role.as_str(), roles.iter().copied()));
            }
        }
        for (name, _) in self.deadlines.iter().filter(|(_, d)| d.mandatory && d.alarms.is_empty()) {
            let text = format!("deadline `{name}` is mandatory, but nobody hears of its breach");
            found.push(Diagnostic::file(FILE, text).help(format!("add alarms = [\"{}\"]", self.faults_to)));
        }
        found
    }
}
