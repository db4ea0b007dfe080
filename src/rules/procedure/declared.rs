//! `Procedure`: the names a procedure declares in `procedure.toml`. Rust itself names no state.

use super::decisions::DecisionDeclaration;
use super::digest::DigestDeclaration;
use super::extra::{ExtraFields, ExtraKind};
use super::label::Label;
use super::reading::read;
use super::survey::SurveyDeclaration;
use super::terms::{TermDeclaration, TermGroup};
use crate::complaint::{DeadlineName, GroupBy, Language, MessageName, Name, Role, State};
use crate::rules::diagnostics::kinds::{nobody_alarmed, undeclared_in_procedure};
use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::language::recovery::moved;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A main state, as `[states.…]` declares it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateDeclaration {
    /// The label in Dutch.
    pub nl: String,
    /// The label in English.
    pub en: String,
    /// The phase: received, registered, handled or evaluated (docs/procedure.md row 3).
    pub phase: Name,
    /// True while the complaint still waits for its outcome (`complaint.is_open`).
    #[serde(default)]
    pub open: bool,
    /// True when rules stop looking at it.
    #[serde(default)]
    pub terminal: bool,
    /// Until when a reply still belongs to the complaint; after that it opens a new one that refers to it.
    #[serde(default)]
    pub takes_mail: TakesMail,
    /// True when the names and texts of a complaint in this state are taken away; rules stop looking at it as well.
    #[serde(default)]
    pub forgets: bool,
    /// What a complaint that has come to this state counts as in reports.
    #[serde(default)]
    pub counts_as: CountsAs,
}

/// What becomes of a complaint in the counts of reports (docs/procedure.md 2.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountsAs {
    /// It counts.
    #[default]
    Complaint,
    /// It turned out to be none, and does not count.
    NoComplaint,
    /// It belongs to another, which counts.
    Merged,
    /// It counts as nothing, as if it had never come in.
    Nothing,
    /// It was withdrawn, and is counted apart.
    Withdrawn,
    /// It counts, and is counted apart as declined.
    Declined,
}

impl StateDeclaration {
    /// Returns the label in a language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Dutch => &self.nl,
            Language::English => &self.en,
        }
    }
}

/// The time in which replies are added to a complaint in a state (docs/procedure.md edge case 1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TakesMail {
    /// As long as the complaint is in the state.
    #[default]
    Always,
    /// Not in this state.
    Never,
    /// While this deadline has not passed.
    Until(DeadlineName),
}

/// A role, as `[roles.…]` declares it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleDeclaration {
    /// The label in Dutch.
    pub nl: String,
    /// The label in English.
    pub en: String,
    /// True when everybody of the organisation has the role.
    #[serde(default)]
    pub everybody: bool,
    /// True when the role means the one person responsible, once there is one.
    #[serde(default)]
    pub held_by_responsible: bool,
    /// The role that stands in when nobody who has this one can, because all are absent or complained of;
    /// none when nobody stands in.
    #[serde(default)]
    pub stands_in: Option<Role>,
    /// The complaints that a person with this role may see.
    #[serde(default)]
    pub sees: Sees,
    /// True when the role oversees the work of all: the page that says what is late and why is for it, as far as it sees.
    #[serde(default)]
    pub oversees: bool,
}

/// The reach of a role's view (docs/procedure.md 1.3, edge case 10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sees {
    /// No complaint.
    #[default]
    Nothing,
    /// Those the person is responsible for, and those nobody is responsible for yet.
    Own,
    /// Every complaint.
    Everything,
}

/// The side that a term binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The organisation: the term keeps both ends, and its alarms start on the last open day before
    /// (docs/procedure.md 2.5).
    Own,
    /// The complainant: the term ends on a working day.
    Complainant,
}

/// A term, as `[deadlines.…]` declares it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineDeclaration {
    /// The label in Dutch.
    pub nl: String,
    /// The label in English.
    pub en: String,
    /// The side it binds.
    pub side: Side,
    /// True when a breach must be told even when every rule is broken (docs/semantics.md 3.3).
    #[serde(default)]
    pub mandatory: bool,
    /// The roles entitled to hear of a breach; at least one where it is mandatory.
    #[serde(default)]
    pub alarms: Vec<Role>,
    /// True when the term runs after the handling has ended, and not with it; `handling_terms()` leaves it out.
    #[serde(default)]
    pub after_handling: bool,
    /// True when the complaint waits for a mail of its complainant: while the term runs, one written afresh is that mail.
    #[serde(default)]
    pub awaits_mail: bool,
}

/// A state of recommendations (docs/procedure.md row 38).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecommendationDeclaration {
    /// The label in Dutch.
    pub nl: String,
    /// The label in English.
    pub en: String,
    /// True for the state in which new ones begin.
    #[serde(default)]
    pub initial: bool,
    /// True when there is nothing left to follow up.
    #[serde(default)]
    pub closed: bool,
}

/// Where complaints stand that are imported from an earlier register.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportDeclaration {
    /// The role that imports.
    pub by: Role,
    /// The state of one that was handled.
    pub handled: State,
    /// The state of one that is still to be handled.
    pub unhandled: State,
    /// The state to which one comes whose import is undone.
    pub undone: State,
}

/// The names of a procedure, as `procedure.toml` declares them, and the organisation's own fields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// The procedure's name.
    pub name: Label,
    /// The state of a complaint that has just come in.
    pub initial: State,
    /// The role that hears of script faults.
    pub faults_to: Role,
    /// The role that hears of plugins whose target fails; none for the one that hears of script faults.
    #[serde(default)]
    pub plugin_alarms_to: Option<Role>,
    /// The role that concludes reports (docs/procedure.md rows 36 and 37); none when nobody may.
    #[serde(default)]
    pub reports_concluded_by: Option<Role>,
    /// The roles that hear the conclusions of a report, the organisation among them; none when nobody does.
    #[serde(default)]
    pub reports_go_to: Vec<Role>,
    /// The role that keeps the recommendations (docs/procedure.md row 38); none when nobody may.
    #[serde(default)]
    pub recommendations_kept_by: Option<Role>,
    /// The role that puts rulesets in force; none for the one that hears of script faults.
    #[serde(default)]
    pub rules_published_by: Option<Role>,
    /// The role whose holders approve a plan of somebody else (four eyes); none for the one that publishes.
    #[serde(default)]
    pub rules_approved_by: Option<Role>,
    /// The action by which a complaint is forgotten before its retention has passed, and which asks for the `reason`; none
    /// where there is none.
    #[serde(default)]
    pub forgets_early: Option<Name>,
    /// Who imports an earlier register, and where its complaints then stand; none when nobody may.
    #[serde(default)]
    pub imports: Option<ImportDeclaration>,
    /// The main states (docs/procedure.md 1.2).
    pub states: BTreeMap<State, StateDeclaration>,
    /// The roles.
    pub roles: BTreeMap<Role, RoleDeclaration>,
    /// The terms.
    pub deadlines: BTreeMap<DeadlineName, DeadlineDeclaration>,
    /// The flags that rules may set, with their labels.
    #[serde(default)]
    pub flags: BTreeMap<Name, Label>,
    /// The counters that rules may raise, with their labels.
    #[serde(default)]
    pub counters: BTreeMap<Name, Label>,
    /// The verdicts of a decision (docs/procedure.md row 18).
    #[serde(default)]
    pub verdicts: BTreeMap<Name, Label>,
    /// The grounds for not treating a complaint (docs/procedure.md T9).
    #[serde(default)]
    pub grounds: BTreeMap<Name, Label>,
    /// The answers to "agreed?" (docs/procedure.md row 25).
    #[serde(default)]
    pub agreements: BTreeMap<Name, Label>,
    /// The steps of the escalation (docs/procedure.md 1.2, region E).
    #[serde(default)]
    pub escalations: BTreeMap<Name, Label>,
    /// The taxonomy of causes (docs/procedure.md row 28).
    #[serde(default)]
    pub causes: BTreeMap<Name, Label>,
    /// The states of preventive measures (docs/procedure.md row 29).
    #[serde(default)]
    pub measures: BTreeMap<Name, Label>,
    /// The states of recommendations (docs/procedure.md row 38).
    #[serde(default)]
    pub recommendations: BTreeMap<Name, RecommendationDeclaration>,
    /// The times at which our own people are written to, and the parts of their digests.
    #[serde(default)]
    pub digest: DigestDeclaration,
    /// The roles that say of others when they are away and who stands in.
    #[serde(default)]
    pub absences_kept_by: Vec<Role>,
    /// The roles that see who is locked out and who last signed in when.
    #[serde(default)]
    pub accounts_kept_by: Vec<Role>,
    /// Whether complainants are asked how satisfied they are, and in which letters; none where that is not declared.
    #[serde(default)]
    pub survey: Option<SurveyDeclaration>,
    /// What waits for somebody's decision, in the order in which it is shown.
    #[serde(default)]
    pub decisions: Vec<DecisionDeclaration>,
    /// The words and bounds of the terms of the rules, in the groups in which they are shown.
    #[serde(default)]
    pub terms: Vec<TermGroup>,
    /// The organisation's own fields, `complaint.extra.*`; they come from `redress.toml`.
    #[serde(skip)]
    pub extra: ExtraFields,
}

pub(in crate::rules) const FILE: &str = "procedure.toml";

impl Procedure {
    /// Reads the and what is wrong with them; none when they cannot be read.
    pub(in crate::rules) fn parse(text: &str, extra: ExtraFields) -> (Option<Self>, Vec<Diagnostic>) {
        let (procedure, draft, mut found) = read::<Self>(FILE, text);
        let Some(procedure) = procedure else { return (None, found) };
        let mut wrong = procedure.inconsistencies(&draft.text);
        moved(&mut wrong, &draft, text);
        found.extend(wrong);
        (Some(Self { extra, ..procedure }), found)
    }

    /// Returns whether a complaint in a state still waits for its outcome; a state this ruleset does not know
    /// is not open.
    pub fn is_open(&self, state: &State) -> bool {
        self.states.get(state).is_some_and(|s| s.open)
    }

    /// Returns whether rules stop looking at a state. One this ruleset does not know is not terminal:
    /// somebody must look at it.
    pub fn is_terminal(&self, state: &State) -> bool {
        self.states.get(state).is_some_and(|s| s.terminal || s.forgets)
    }

    /// Returns whether the names and texts of a complaint in a state are taken away.
    pub fn forgets(&self, state: &State) -> bool {
        self.states.get(state).is_some_and(|s| s.forgets)
    }

    /// Returns the question as it is asked now; none where it is not.
    pub fn survey_in_use(&self) -> Option<&SurveyDeclaration> {
        self.survey.as_ref().filter(|survey| survey.on)
    }

    /// Returns the question that a letter carries; none where it carries none.
    pub fn survey_of(&self, letter: &MessageName) -> Option<&SurveyDeclaration> {
        self.survey_in_use().filter(|survey| survey.letters.contains(letter))
    }

    /// Returns the role that puts rulesets in force.
    pub fn rules_published_by(&self) -> &Role {
        self.rules_published_by.as_ref().unwrap_or(&self.faults_to)
    }

    /// Returns the role whose holders approve a plan of somebody else.
    pub fn rules_approved_by(&self) -> &Role {
        self.rules_approved_by.as_ref().unwrap_or_else(|| self.rules_published_by())
    }

    /// Returns the names of the fields by which complaints can be grouped: the fixed ones, and the own fields
    /// that are a choice and not called as one of those.
    pub fn group_fields(&self) -> Vec<&str> {
        let own = self.extra.iter().filter(|(_, field)| matches!(field.kind, ExtraKind::Choice(_)));
        let own =
            own.map(|(name, _)| name.as_str()).filter(|name| matches!(GroupBy::named(name), GroupBy::Own(_)));
        GroupBy::FIXED.iter().map(|(name, _)| *name).chain(own).collect()
    }

    /// Lists the terms of the rules that have words, with the group in which each is declared.
    pub(in crate::rules) fn declared_terms(
        &self,
    ) -> impl Iterator<Item = (&str, &TermDeclaration, &TermGroup)> {
        self.terms
            .iter()
            .flat_map(|group| group.of.iter().map(move |(name, term)| (name.as_str(), term, group)))
    }

    fn inconsistencies(&self, text: &str) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let quoted = |name: &str| Location::quoted(FILE, text, name);
        let states: Vec<&str> = self.states.keys().map(State::as_str).collect();
        let roles: Vec<&str> = self.roles.keys().map(Role::as_str).collect();
        if !self.states.contains_key(&self.initial) {
            let initial = self.initial.as_str();
            found.push(undeclared_in_procedure::report_initial(
                quoted(initial),
                initial,
                states.iter().copied(),
            ));
        }
        let imported = self.imports.iter().flat_map(|i| [&i.handled, &i.unhandled, &i.undone]);
        for state in imported.filter(|state| !self.states.contains_key(*state)) {
            let at = quoted(state.as_str());
            found.push(undeclared_in_procedure::report_state(at, state.as_str(), states.iter().copied()));
        }
        let until = self.states.values().filter_map(|s| match &s.takes_mail {
            TakesMail::Until(deadline) => Some(deadline),
            TakesMail::Always | TakesMail::Never => None,
        });
        for deadline in until.filter(|d| !self.deadlines.contains_key(*d)) {
            let deadlines = self.deadlines.keys().map(DeadlineName::as_str);
            let (at, deadline) = (quoted(deadline.as_str()), deadline.as_str());
            found.push(undeclared_in_procedure::report_deadline(at, deadline, deadlines));
        }
        let alarmed = self.deadlines.iter().flat_map(|(n, d)| d.alarms.iter().map(move |r| (n.as_str(), r)));
        let standing = self.roles.iter().filter_map(|(n, r)| Some((n.as_str(), r.stands_in.as_ref()?)));
        let keepers = [
            ("faults_to", Some(&self.faults_to)),
            ("plugin_alarms_to", self.plugin_alarms_to.as_ref()),
            ("reports_concluded_by", self.reports_concluded_by.as_ref()),
            ("recommendations_kept_by", self.recommendations_kept_by.as_ref()),
            ("rules_published_by", self.rules_published_by.as_ref()),
            ("rules_approved_by", self.rules_approved_by.as_ref()),
            ("imports.by", self.imports.as_ref().map(|imports| &imports.by)),
        ];
        let keepers = keepers.into_iter().filter_map(|(place, role)| Some((place, role?)));
        let keepers = keepers.chain(self.reports_go_to.iter().map(|role| ("reports_go_to", role)));
        let keepers = keepers.chain(self.absences_kept_by.iter().map(|role| ("absences_kept_by", role)));
        let keepers = keepers.chain(self.accounts_kept_by.iter().map(|role| ("accounts_kept_by", role)));
        for (place, role) in alarmed.chain(standing).chain(keepers) {
            if !self.roles.contains_key(role) {
                let (at, roles) = (quoted(role.as_str()), roles.iter().copied());
                found.push(undeclared_in_procedure::report_role(at, place, role.as_str(), roles));
            }
        }
        for (name, _) in self.deadlines.iter().filter(|(_, d)| d.mandatory && d.alarms.is_empty()) {
            let at = Location::first(FILE, text, &format!("deadlines.{name}"));
            found.push(nobody_alarmed::report(at, name.as_str(), self.faults_to.as_str()));
        }
        found
    }
}
