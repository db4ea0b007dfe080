//! `Ruleset`: a checked ruleset, ready to decide with.

use crate::complaint::{ActionId, Role, RuleName, State};
use crate::rules::check::analysis::analyse;
use crate::rules::check::bodies::{Body, bodies};
use crate::rules::check::grouping::Grouping;
use crate::rules::check::handed::Handed;
use crate::rules::check::lint;
use crate::rules::check::mail_texts::ask_for_mail_texts;
use crate::rules::check::people::{NamedPerson, named_people};
use crate::rules::check::scope::constant_kind;
use crate::rules::check::world::Checked;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::no_procedure;
use crate::rules::language::source::RulesetSource;
use crate::rules::machine::Machine;
use crate::rules::procedure::declared::{FILE, Procedure};
use crate::rules::procedure::extra::ExtraFields;
use crate::rules::statements::plain::{Defined, can_hold_in};
use crate::rules::statements::rule::{ActionRule, Rule, ScheduleRule, Statements};
use crate::rules::statements::script::{
    ScriptFile, ScriptFunction, constants, expressions, functions, parse,
};
use crate::rules::words::kind::ValueKind;
use rhai::Dynamic;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

/// Rules that can hold in a state, a bit each.
#[derive(Debug)]
pub(in crate::rules) struct Candidates(Vec<u64>);

impl Candidates {
    fn of(rules: &[Rule], holds: impl Fn(&Rule) -> bool) -> Self {
        let mut bits = vec![0; rules.len().div_ceil(64)];
        for (i, _) in rules.iter().enumerate().filter(|(_, r)| holds(r)) {
            bits[i / 64] |= 1 << (i % 64);
        }
        Self(bits)
    }

    pub fn contains(&self, rule: usize) -> bool {
        self.0.get(rule / 64).is_some_and(|word| word >> (rule % 64) & 1 == 1)
    }
}

/// A ruleset that has passed every check, with its scripts parsed and its rules indexed by state.
#[derive(Debug)]
pub struct Ruleset {
    hash: String,
    source: RulesetSource,
    pub(in crate::rules) procedure: Arc<Procedure>,
    pub(in crate::rules) machine: Machine,
    pub(in crate::rules) rules: Vec<Rule>,
    pub(in crate::rules) rule_index: HashMap<RuleName, usize>,
    pub(in crate::rules) actions: Vec<ActionRule>,
    pub(in crate::rules) schedules: Vec<ScheduleRule>,
    constants: BTreeMap<String, Dynamic>,
    candidates: HashMap<State, Candidates>,
    any_state: Candidates,
    /// Found when somebody asks: nothing that is decided depends on them.
    warnings: OnceLock<Vec<Diagnostic>>,
    people: Vec<NamedPerson>,
    pub(in crate::rules) handed: Handed,
    grouping: Grouping,
    asks_for_mail_texts: bool,
    pub(in crate::rules) functions: BTreeMap<String, ScriptFunction>,
}

/// Sorts mistakes by place; what is said twice is said once.
fn in_order(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort();
    found.dedup();
    found
}

impl Ruleset {
    /// Lists its actions, in file order: the id, the label that people see, and the roles that may take it.
    pub fn actions(&self) -> impl Iterator<Item = (&ActionId, &str, &[Role])> {
        self.actions.iter().map(|action| (&action.id, action.label.as_str(), action.by.as_slice()))
    }

    /// Loads and checks a ruleset. `extra` are the organisation's own fields.
    ///
    /// # Errors
    /// Every mistake that could be found, by file and line.
    pub fn load(source: RulesetSource, extra: ExtraFields) -> Result<Self, Vec<Diagnostic>> {
        Self::load_without(source, extra, &|_| false)
    }

    /// Loads a ruleset as if the statements whose name or id `left_out` picks were not there. Only proofs
    /// want that: what names them still loads, and fails when it runs.
    pub fn load_without(
        source: RulesetSource,
        extra: ExtraFields,
        left_out: &dyn Fn(&str) -> bool,
    ) -> Result<Self, Vec<Diagnostic>> {
        Self::load_with(source, extra, left_out, lint::check)
    }

    /// Loads a ruleset that has loaded before, of the same text and with the same fields: what its bodies may not do is
    /// not looked for again.
    ///
    /// # Errors
    /// What keeps it from being read.
    pub fn load_checked(source: RulesetSource, extra: ExtraFields) -> Result<Self, Vec<Diagnostic>> {
        Self::load_with(source, extra, &|_| false, |_, _| Vec::new())
    }

    fn load_with(
        source: RulesetSource,
        extra: ExtraFields,
        left_out: &dyn Fn(&str) -> bool,
        check: impl FnOnce(&Checked, &[Body]) -> Vec<Diagnostic>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let Some(text) = source.files().get(FILE) else {
            return Err(vec![no_procedure::report(FILE)]);
        };
        let scripts = parse(&source);
        let (procedure, mistakes) = Procedure::parse(text, extra);
        let mut found = [mistakes, scripts.found.clone()].concat();
        // Without the declared names, nothing can be said of what uses them.
        let Some(procedure) = procedure.map(Arc::new) else { return Err(in_order(found)) };
        let read = scripts.source(&source);
        let (constants, mut wrong) = constants(&read, &scripts);
        let checked = Checked::of(&read, &procedure, &scripts, &constants);
        let bodies = bodies(&checked);
        wrong.extend(check(&checked, &bodies));
        let mut parts = Statements::default();
        let functions: BTreeMap<_, _> = scripts.files.iter().flat_map(functions).collect();
        let defined = Defined { constants: &constants, functions: &expressions(&functions) };
        for file in &scripts.files {
            for statement in file.statements.iter().filter(|s| !left_out(&s.name())) {
                if let Err(mistakes) = parts.add(&read, &file.name, statement, defined) {
                    wrong.extend(mistakes);
                }
            }
        }
        scripts.moved(&source, &mut wrong);
        found.extend(wrong);
        if !found.is_empty() {
            return Err(in_order(found));
        }
        let people = named_people(&checked, &bodies);
        let handed = Handed::of(&bodies);
        let (grouping, asks_for_mail_texts) = (Grouping::of(&checked), ask_for_mail_texts(&bodies));
        let mut ruleset = Self::assemble(source, procedure, &scripts.files, (constants, functions), parts);
        ruleset.people = people;
        ruleset.handed = handed;
        ruleset.grouping = grouping;
        ruleset.asks_for_mail_texts = asks_for_mail_texts;
        Ok(ruleset)
    }

    fn assemble(
        source: RulesetSource,
        procedure: Arc<Procedure>,
        files: &[ScriptFile],
        (constants, functions): (BTreeMap<String, Dynamic>, BTreeMap<String, ScriptFunction>),
        parts: Statements,
    ) -> Self {
        let frozen: HashMap<String, Dynamic> = constants.clone().into_iter().collect();
        let mut machine = Machine::new(move |name| frozen.get(name).cloned());
        for file in files {
            machine.add_functions(&file.ast);
        }
        let Statements { rules, actions, schedules } = parts;
        let in_state =
            |state: &State| Candidates::of(&rules, |r| can_hold_in(&r.conjuncts, state, &procedure));
        let candidates = procedure.states.keys().map(|s| (s.clone(), in_state(s))).collect();
        Self {
            hash: source.hash(),
            source,
            candidates,
            any_state: Candidates::of(&rules, |_| true),
            rule_index: rules.iter().enumerate().map(|(i, r)| (r.name.clone(), i)).collect(),
            procedure,
            machine,
            rules,
            actions,
            schedules,
            constants,
            warnings: OnceLock::new(),
            people: Vec::new(),
            handed: Handed::default(),
            grouping: Grouping::default(),
            asks_for_mail_texts: false,
            functions,
        }
    }

    /// Returns the use that its rules make of groups of complaints.
    pub fn grouping(&self) -> &Grouping {
        &self.grouping
    }

    /// Returns whether its scripts ask what mails say, of some complaint.
    pub fn asks_for_mail_texts(&self) -> bool {
        self.asks_for_mail_texts
    }

    /// Returns the people whom the scripts name by address.
    pub fn named_people(&self) -> &[NamedPerson] {
        &self.people
    }

    /// Returns the warnings: what loads but is probably not meant.
    pub fn warnings(&self) -> &[Diagnostic] {
        self.warnings.get_or_init(|| {
            let scripts = parse(&self.source);
            let checked = Checked::of(&self.source, &self.procedure, &scripts, &self.constants);
            analyse(&checked, &bodies(&checked))
        })
    }

    /// Returns the tokens of rules and schedules by name and of actions by id: what tells a changed one from the
    /// same one.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let rules = self.rules.iter().map(|r| (r.name.to_string(), r.text.clone()));
        let actions = self.actions.iter().map(|a| (a.id.to_string(), a.text.clone()));
        let schedules = self.schedules.iter().map(|s| (s.name.to_string(), s.text.clone()));
        rules.chain(actions).chain(schedules).collect()
    }

    /// Returns whether the ruleset has a rule of this name.
    pub fn has_rule(&self, name: &RuleName) -> bool {
        self.rule_index.contains_key(name)
    }

    /// Returns the hash of its source, in hexadecimal.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns the files it was loaded from.
    pub fn source(&self) -> &RulesetSource {
        &self.source
    }

    /// Returns the names that it declares.
    pub fn procedure(&self) -> &Procedure {
        &self.procedure
    }

    /// Returns the label of an action; none where there is no such action.
    pub fn action_label(&self, id: &str) -> Option<&str> {
        self.actions.iter().find(|action| action.id == *id).map(|action| action.label.as_str())
    }

    /// Returns whether an action is for somebody with one of these roles.
    pub fn may_take(&self, id: &str, roles: &[Role]) -> bool {
        self.actions.iter().any(|action| action.id == *id && action.by.iter().any(|r| roles.contains(r)))
    }

    /// Returns the ids of the actions, in file order.
    pub fn action_ids(&self) -> impl Iterator<Item = &str> {
        self.actions.iter().map(|a| a.id.as_str())
    }

    /// Returns the names of rules and schedules and the ids of actions: rules first, each kind in file order.
    pub fn workings(&self) -> impl Iterator<Item = &str> {
        let actions = self.actions.iter().map(|a| a.id.as_str());
        let schedules = self.schedules.iter().map(|s| s.name.as_str());
        self.rule_names().chain(actions).chain(schedules)
    }

    /// Returns the names of the rules, in file order.
    pub fn rule_names(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|r| r.name.as_str())
    }

    /// Returns the schedules by name, with the times at which they run.
    pub fn schedules(&self) -> impl Iterator<Item = (&str, &cron::Schedule)> {
        self.schedules.iter().map(|s| (s.name.as_str(), &s.cron))
    }

    /// Returns the constant of a name.
    pub(in crate::rules) fn constant(&self, name: &str) -> Option<Dynamic> {
        self.constants.get(name).cloned()
    }

    /// Returns the constants as message templates see them: texts, numbers, and spans such as "6 weeks".
    pub fn terms(&self) -> BTreeMap<String, serde_json::Value> {
        let calendar = crate::calendar::Calendar::new(chrono_tz::UTC, []);
        let json =
            |value: &Dynamic| crate::rules::words::values::to_json(&calendar, value).unwrap_or_default();
        self.constants.iter().map(|(name, value)| (name.clone(), json(value))).collect()
    }

    /// Returns the kinds of the constants, as message templates see them.
    pub fn term_kinds(&self) -> BTreeMap<String, ValueKind> {
        let kinds = self.constants.iter();
        kinds.map(|(name, value)| (name.clone(), constant_kind(value).in_messages())).collect()
    }

    pub(in crate::rules) fn candidates(&self, state: &State) -> &Candidates {
        self.candidates.get(state).unwrap_or(&self.any_state)
    }

    pub(in crate::rules) fn file_of_function(&self, name: &str) -> Option<&str> {
        self.functions.get(name).map(|f| f.file.as_str())
    }
}
