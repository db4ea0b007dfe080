//! `Ruleset`: a checked ruleset, ready to decide with.

use super::coverage::Coverage;
use super::guard::{self, Guard};
use super::language::{self, Statement};
use super::machine::Machine;
use super::{Diagnostic, ExtraFields, Procedure, RulesetSource, lint};
use crate::complaint::{Role, State};
use rhai::{AST, ASTFlags, Dynamic, Expr, Position, Stmt};
use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Debug)]
pub(super) struct Rule {
    pub name: String,
    pub file: String,
    pub position: Position,
    pub list: Option<Expr>,
    /// The whole condition; what follows is made of it.
    pub when: Expr,
    pub guards: Vec<Guard>,
    /// The conjuncts after the guards, in order.
    pub rest: Vec<Expr>,
    pub every: Option<Expr>,
    pub then: Expr,
    /// The statement without its name, to recognise it under another.
    text: String,
}

#[derive(Debug)]
pub(super) struct ActionRule {
    pub id: String,
    pub label: String,
    pub file: String,
    pub by: Vec<Role>,
    pub asks: Option<Expr>,
    pub when: Expr,
    pub then: Expr,
}

/// A schedule of the ruleset: when it runs is for the workflow, what it sends is in its body.
#[derive(Debug)]
pub(super) struct ScheduleRule {
    pub name: String,
    pub file: String,
    pub cron: cron::Schedule,
    pub then: Expr,
}

/// Rules that can hold in a state, a bit each.
#[derive(Debug)]
pub(super) struct Candidates(Vec<u64>);

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

#[derive(Debug)]
pub struct Ruleset {
    hash: String,
    source: RulesetSource,
    pub(super) procedure: Arc<Procedure>,
    pub(super) machine: Machine,
    pub(super) rules: Vec<Rule>,
    pub(super) rule_index: HashMap<String, usize>,
    pub(super) actions: Vec<ActionRule>,
    pub(super) schedules: Vec<ScheduleRule>,
    constants: BTreeMap<String, Dynamic>,
    candidates: HashMap<State, Candidates>,
    any_state: Candidates,
    function_files: HashMap<String, String>,
    warnings: Vec<Diagnostic>,
    pub(super) function_sites: Vec<super::NotifySite>,
    /// Rules that only changed their name since the ruleset before: old name to new (semantics 4.3).
    renamed: HashMap<String, String>,
    /// Collects what conditions come to, while scenarios ask for it.
    pub(super) coverage: Option<Arc<Coverage>>,
}

/// A script file, parsed.
pub(super) struct ScriptFile {
    pub name: String,
    pub ast: AST,
    pub statements: Vec<Statement>,
}

impl Ruleset {
    /// Loads and checks a ruleset; on failure every mistake that could be found, by place.
    pub fn load(source: RulesetSource, extra: ExtraFields) -> Result<Self, Vec<Diagnostic>> {
        Self::load_without(source, extra, &|_| false)
    }

    /// Loads a ruleset as if the statements whose name or id `left_out` picks were not there. Only proofs want
    /// that: what names them still loads, and fails when it runs.
    pub fn load_without(
        source: RulesetSource,
        extra: ExtraFields,
        left_out: &dyn Fn(&str) -> bool,
    ) -> Result<Self, Vec<Diagnostic>> {
        let Some(text) = source.files().get(super::procedure::FILE) else {
            return Err(vec![Diagnostic::file(super::procedure::FILE, "this file is missing")]);
        };
        let procedure = Arc::new(Procedure::parse(text, extra)?);
        let files = parse(&source)?;
        let constants = constants(&files)?;
        let checked =
            lint::Checked { source: &source, procedure: &procedure, files: &files, constants: &constants };
        let mut found = lint::check(&checked);
        let mut parts = Parts::default();
        for file in &files {
            for statement in file.statements.iter().filter(|s| !left_out(&s.text("name"))) {
                if let Err(diagnostic) = parts.add(&file.name, statement, &constants) {
                    found.push(diagnostic);
                }
            }
        }
        if !found.is_empty() {
            found.sort();
            found.dedup();
            return Err(found);
        }
        let mut warnings = super::warnings::warnings(&files);
        warnings.extend(super::analysis::analyse(&checked, &parts.rules));
        let mut ruleset = Self::assemble(source, procedure, &files, constants, parts);
        ruleset.warnings = warnings;
        Ok(ruleset)
    }

    fn assemble(
        source: RulesetSource,
        procedure: Arc<Procedure>,
        files: &[ScriptFile],
        constants: BTreeMap<String, Dynamic>,
        parts: Parts,
    ) -> Self {
        let frozen: HashMap<String, Dynamic> = constants.clone().into_iter().collect();
        let mut machine = Machine::new(move |name| frozen.get(name).cloned());
        let mut function_files = HashMap::new();
        for file in files {
            machine.add_functions(&file.ast);
            function_files.extend(file.ast.iter_functions().map(|f| (f.name.to_owned(), file.name.clone())));
        }
        let Parts { rules, actions, schedules } = parts;
        let in_state = |state: &State| {
            Candidates::of(&rules, |r| r.guards.iter().all(|g| g.holds_in(state, &procedure)))
        };
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
            function_files,
            warnings: Vec::new(),
            function_sites: files.iter().flat_map(super::sites::in_functions).collect(),
            renamed: HashMap::new(),
            coverage: None,
        }
    }

    /// What loads but is probably not meant.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Rules of `before` that are gone here, where a new rule has the same text: their latches are inherited,
    /// so a new name repeats nothing (semantics 4.3).
    pub fn renames_since(&self, before: &Ruleset) -> BTreeMap<String, String> {
        let is_new = |rule: &&Rule| !before.rule_index.contains_key(&rule.name);
        let gone = before.rules.iter().filter(|rule| !self.rule_index.contains_key(&rule.name));
        gone.filter_map(|old| {
            let new = self.rules.iter().filter(is_new).find(|new| new.text == old.text)?;
            Some((old.name.clone(), new.name.clone()))
        })
        .collect()
    }

    /// Makes the latches of renamed rules count for their new names.
    pub fn set_renames(&mut self, renames: BTreeMap<String, String>) {
        self.renamed = renames.into_iter().collect();
    }

    /// The name under which a rule of an earlier ruleset goes on here; none when it is gone.
    pub fn current_name(&self, name: &str) -> Option<&str> {
        self.rule_of_latch(name).map(|rule| self.rules[rule].name.as_str())
    }

    /// Rules by name, as parsed and without places: what tells a changed rule from the same one.
    pub fn texts(&self) -> BTreeMap<String, String> {
        self.rules.iter().map(|r| (r.name.clone(), r.text.clone())).collect()
    }

    pub(super) fn rule_of_latch(&self, name: &str) -> Option<usize> {
        let name = self.renamed.get(name).map_or(name, String::as_str);
        self.rule_index.get(name).copied()
    }

    pub fn hash(&self) -> &str {
        &self.hash
    }

    pub fn source(&self) -> &RulesetSource {
        &self.source
    }

    pub fn procedure(&self) -> &Procedure {
        &self.procedure
    }

    /// Starts to collect what conditions come to.
    pub fn cover(&mut self) -> Arc<Coverage> {
        let coverage = Arc::new(Coverage::of(self));
        self.coverage = Some(Arc::clone(&coverage));
        coverage
    }

    /// The names of rules and schedules and the ids of actions, in file order.
    pub fn workings(&self) -> impl Iterator<Item = &str> {
        let actions = self.actions.iter().map(|a| a.id.as_str());
        let schedules = self.schedules.iter().map(|s| s.name.as_str());
        self.rule_names().chain(actions).chain(schedules)
    }

    pub fn rule_names(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|r| r.name.as_str())
    }

    /// Schedules by name, with the times at which they run.
    pub fn schedules(&self) -> impl Iterator<Item = (&str, &cron::Schedule)> {
        self.schedules.iter().map(|s| (s.name.as_str(), &s.cron))
    }

    /// Constants as message templates see them: texts, numbers, and spans such as "6 weeks".
    pub fn terms(&self) -> BTreeMap<String, serde_json::Value> {
        let calendar = crate::calendar::Calendar::new(chrono_tz::UTC, []);
        let json = |value: &Dynamic| super::host::to_json(&calendar, value).unwrap_or_default();
        self.constants.iter().map(|(name, value)| (name.clone(), json(value))).collect()
    }

    pub(super) fn candidates(&self, state: &State) -> &Candidates {
        self.candidates.get(state).unwrap_or(&self.any_state)
    }

    pub(super) fn file_of_function(&self, name: &str) -> Option<&str> {
        self.function_files.get(name).map(String::as_str)
    }

    /// The flag whose raising ends every running evaluation as an infrastructure error (semantics 4.5).
    pub fn cancelled(&self) -> &Arc<std::sync::atomic::AtomicBool> {
        &self.machine.cancelled
    }
}

fn parse(source: &RulesetSource) -> Result<Vec<ScriptFile>, Vec<Diagnostic>> {
    let machine = Machine::new(|_| None);
    let mut files = Vec::new();
    let mut found = Vec::new();
    for (name, text) in source.scripts() {
        match machine.engine().compile(text) {
            Ok(ast) => {
                let (statements, others) = language::statements(&ast);
                found.extend(others.iter().filter(|s| !is_constant(s)).map(|s| {
                    let text =
                        "only const, fn, rule, action and schedule stand at the top level of a rule file";
                    Diagnostic::at(name, s.position(), text)
                }));
                files.push(ScriptFile { name: name.to_owned(), statements, ast });
            }
            Err(e) => found.push(Diagnostic::at(name, e.1, e.0.to_string())),
        }
    }
    if found.is_empty() { Ok(files) } else { Err(found) }
}

fn is_constant(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Var(_, flags, _) if flags.contains(ASTFlags::CONSTANT))
}

/// Evaluates the constants in file order; each sees those before it.
fn constants(files: &[ScriptFile]) -> Result<BTreeMap<String, Dynamic>, Vec<Diagnostic>> {
    let known = Arc::new(Mutex::new(BTreeMap::<String, Dynamic>::new()));
    let seen = Arc::clone(&known);
    let machine =
        Machine::new(move |name| seen.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned());
    let mut found = Vec::new();
    for file in files {
        for statement in file.ast.statements() {
            let Stmt::Var(var, _, position) = statement else { continue };
            let name = var.0.name.to_string();
            let value = evaluate(&machine, var.1.clone());
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.contains_key(&name) {
                found.push(Diagnostic::at(
                    &file.name,
                    *position,
                    format!("constant `{name}` is defined twice"),
                ));
            }
            match value {
                Ok(value) => {
                    known.insert(name, value);
                }
                Err(e) => {
                    found.push(Diagnostic::at(&file.name, *position, format!("constant `{name}`: {e}")))
                }
            }
        }
    }
    let known = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if found.is_empty() { Ok(known) } else { Err(found) }
}

fn evaluate(machine: &Machine, expr: Expr) -> Result<Dynamic, String> {
    let result = Arc::new(Mutex::new(Err("not evaluated".to_owned())));
    let slot = Arc::clone(&result);
    super::limits::refill();
    machine.run(move |context| {
        let value = context.eval_expression_tree(&rhai::Expression::from(&expr)).map_err(|e| e.to_string());
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = value;
    });
    let mut result = result.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::replace(&mut *result, Err(String::new()))
}

#[derive(Default)]
struct Parts {
    rules: Vec<Rule>,
    actions: Vec<ActionRule>,
    schedules: Vec<ScheduleRule>,
}

impl Parts {
    fn add(
        &mut self,
        file: &str,
        s: &Statement,
        constants: &BTreeMap<String, Dynamic>,
    ) -> Result<(), Diagnostic> {
        let part = |name: &str| s.part(name).cloned().unwrap_or_default();
        match s.kind {
            "rule" => {
                let (guards, rest) = guard::split(&part("when"), constants);
                self.rules.push(Rule {
                    name: s.text("name"),
                    file: file.to_owned(),
                    position: s.position,
                    list: s.part("list").cloned(),
                    when: part("when"),
                    guards,
                    rest,
                    every: s.part("every").cloned(),
                    then: part("then"),
                    text: s.text_without_name(),
                });
            }
            "action" => self.actions.push(ActionRule {
                id: s.text("name"),
                label: s.text("label"),
                file: file.to_owned(),
                by: lint::literals(&part("by")).into_iter().flatten().map(|(t, _)| Role::from(t)).collect(),
                asks: s.part("asks").cloned(),
                when: part("when"),
                then: part("then"),
            }),
            "schedule" => self.schedules.push(ScheduleRule {
                name: s.text("name"),
                file: file.to_owned(),
                cron: parse_cron(file, s)?,
                then: part("then"),
            }),
            other => {
                let text = format!("`{other}` stands in rules/tests/, not in a rule file");
                return Err(Diagnostic::at(file, s.position, text));
            }
        }
        Ok(())
    }
}

/// Six fields; days of the week by name, because the cron crate counts Sunday as 1.
fn parse_cron(file: &str, s: &Statement) -> Result<cron::Schedule, Diagnostic> {
    let text = s.text("cron");
    let fields: Vec<&str> = text.split_whitespace().collect();
    let wrong = |message: String| Diagnostic::at(file, s.position, message);
    if fields.len() != 6 {
        return Err(wrong(format!("cron \"{text}\" has {} fields, not six", fields.len()))
            .help("write second, minute, hour, day of month, month, day of week: \"0 0 9 15 1,4,7,10 *\""));
    }
    if fields[0].parse::<u8>().is_err() {
        return Err(
            wrong(format!("cron \"{text}\" runs more than once a minute")).help("begin with 0, the second")
        );
    }
    if fields[5].chars().any(|c| c.is_ascii_digit()) {
        return Err(
            wrong(format!("cron \"{text}\" numbers the day of the week")).help("write MON, TUE, WED…")
        );
    }
    cron::Schedule::from_str(&text).map_err(|e| wrong(format!("cron \"{text}\": {e}")))
}
