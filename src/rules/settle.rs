//! Settling: the passes over the rules of one complaint until nothing fires (semantics §4).

use super::eval::{Eval, Failure, Need, Perform, Phase, Refused, Working, fail};
use super::host::{Element, typed_inputs};
use super::limits::{self, Stop};
use super::machine;
use super::mutants::{Mutant, mutated};
use super::ruleset::{ActionRule, Rule, Ruleset, ScheduleRule};
use crate::calendar::{Moment, Span};
use crate::complaint::{EventKind, Fault, FaultKind, Latch, Origin, Reading, Via};
use rhai::{Array, Dynamic, EvalAltResult, EvalContext, Expr, Expression, Position};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Why a settling ended without a result.
#[derive(Debug)]
pub(super) enum Abort {
    Need(Need),
    /// These rules keep turning each other on; the decision starts again without them.
    Cycle(BTreeSet<String>),
    /// The wall-clock backstop: infrastructure, not the rule's fault.
    Cancelled,
}

/// Why an action did not happen.
#[derive(Debug)]
pub(super) enum ActionEnd {
    Abort(Abort),
    Refused(String),
    Fault(Fault),
}

impl From<Abort> for ActionEnd {
    fn from(abort: Abort) -> Self {
        Self::Abort(abort)
    }
}

/// How an evaluation failed.
enum Failed {
    Abort(Abort),
    Refused(String),
    Fault(Fault),
}

/// A firing: which rule, and which of the decision's notifications it sent after reading which deadlines.
#[derive(Debug)]
pub(super) struct Firing {
    pub readings: Vec<Reading>,
    pub notifications: std::ops::Range<usize>,
}

/// The latches of one rule.
type RuleLatches = Vec<Latch>;

pub(super) struct Settling<'e, 'a, 's, 'ps, 'g, 'c, 't> {
    context: &'e mut EvalContext<'a, 's, 'ps, 'g, 'c, 't>,
    ruleset: Arc<Ruleset>,
    eval: Arc<Eval>,
    latches: Vec<RuleLatches>,
    /// Latches of rules that the ruleset does not have; a restore finds them again (semantics 4.3).
    foreign: Vec<Latch>,
    /// Rules not evaluated in this decision: suspended, or their message cannot be rendered.
    excluded: BTreeSet<usize>,
    faulted: BTreeSet<usize>,
    faulted_wake: Moment,
    pass_wake: Moment,
    fired: Vec<(usize, String)>,
    performed: BTreeSet<String>,
    pub faults: Vec<Fault>,
    pub firings: Vec<Firing>,
}

impl<'e, 'a, 's, 'ps, 'g, 'c, 't> Settling<'e, 'a, 's, 'ps, 'g, 'c, 't> {
    pub fn new(
        context: &'e mut EvalContext<'a, 's, 'ps, 'g, 'c, 't>,
        ruleset: Arc<Ruleset>,
        eval: Arc<Eval>,
        excluded: &BTreeSet<String>,
    ) -> Self {
        machine::enter(context, &eval);
        let mut latches = vec![RuleLatches::new(); ruleset.rules.len()];
        let mut foreign = Vec::new();
        for latch in std::mem::take(&mut eval.working().case.latches) {
            match ruleset.rule_index.get(&latch.rule) {
                Some(rule) => latches[*rule].push(latch),
                None => foreign.push(latch),
            }
        }
        let excluded = excluded.iter().filter_map(|name| ruleset.rule_index.get(name).copied()).collect();
        Self {
            context,
            ruleset,
            eval,
            latches,
            foreign,
            excluded,
            faulted: BTreeSet::new(),
            faulted_wake: Moment::NEVER,
            pass_wake: Moment::NEVER,
            fired: Vec::new(),
            performed: BTreeSet::new(),
            faults: Vec::new(),
            firings: Vec::new(),
        }
    }

    /// The least instant at which anything can change (semantics 2.5), as far as rules know.
    pub fn wake(&self) -> Moment {
        self.pass_wake.min(self.faulted_wake)
    }

    pub fn into_latches(self) -> Vec<Latch> {
        self.latches.into_iter().flatten().chain(self.foreign).collect()
    }

    /// Runs passes until nothing fires. A new settling may fire again what an earlier one fired.
    pub fn settle(&mut self) -> Result<(), Abort> {
        self.fired.clear();
        self.faulted.clear();
        self.faulted_wake = Moment::NEVER;
        self.performed.clear();
        let mut first_wake = None;
        for _ in 0..limits::PASSES {
            self.pass_wake = Moment::NEVER;
            let before = self.fired.len() + self.firings.len();
            for rule in 0..self.ruleset.rules.len() {
                self.consider(rule)?;
            }
            first_wake.get_or_insert(self.pass_wake);
            if self.fired.len() + self.firings.len() == before {
                if mutated(Mutant::FirstPass) {
                    self.pass_wake = first_wake.unwrap_or(self.pass_wake);
                }
                return Ok(());
            }
        }
        Err(self.cycle_from(0))
    }

    /// The rules that fired since the `start`-th firing of this settling.
    fn cycle_from(&self, start: usize) -> Abort {
        let rules = &self.ruleset.rules;
        Abort::Cycle(self.fired[start..].iter().map(|(r, _)| rules[*r].name.clone()).collect())
    }

    fn consider(&mut self, rule: usize) -> Result<(), Abort> {
        let ruleset = Arc::clone(&self.ruleset);
        let can_hold = {
            let working = self.eval.working();
            ruleset.candidates(&working.case.complaint.state).contains(rule)
        };
        if !can_hold {
            self.unlatch(rule, None);
            return Ok(());
        }
        if self.excluded.contains(&rule) || self.faulted.contains(&rule) {
            return Ok(());
        }
        let definition = &ruleset.rules[rule];
        let Some(list) = &definition.list else { return self.consider_element(rule, definition, None) };
        let mut wake = Moment::NEVER;
        let elements = self.elements(list, &mut wake);
        self.pass_wake = self.pass_wake.min(wake);
        match elements {
            Ok(elements) => {
                let ids: BTreeSet<String> = elements.iter().map(Element::id).collect();
                self.latches[rule].retain(|l| ids.contains(&l.element));
                for element in elements {
                    self.consider_element(rule, definition, Some(element))?;
                }
                Ok(())
            }
            Err(failure) => self.fault(rule, definition, failure, wake),
        }
    }

    fn elements(&mut self, list: &Expr, wake: &mut Moment) -> Result<Vec<Element>, Failure> {
        self.prepare_condition(None);
        let value = self.evaluate(list);
        *wake = self.eval.working().wake;
        let kind = value.as_ref().map_or("nothing", Dynamic::type_name).to_owned();
        let items = value?
            .try_cast::<Array>()
            .ok_or_else(|| fail(format!("`for` takes a list, not a value of type {kind}")))?;
        if items.len() > limits::ELEMENTS {
            return Err(fail(format!("`for` takes at most {} elements", limits::ELEMENTS)));
        }
        let elements = items.into_iter().map(|i| i.try_cast::<Element>());
        elements
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| fail("`for` takes measures or complaints, such as complaint.measures"))
    }

    fn consider_element(
        &mut self,
        rule: usize,
        definition: &Rule,
        element: Option<Element>,
    ) -> Result<(), Abort> {
        if self.faulted.contains(&rule) {
            return Ok(());
        }
        let id = element.as_ref().map(Element::id).unwrap_or_default();
        self.prepare_condition(element.clone());
        let outcome = self.condition(definition).and_then(|holds| {
            let span = if holds { self.span(definition)? } else { None };
            Ok((holds, span))
        });
        let (wake, readings) = {
            let mut working = self.eval.working();
            (working.wake, std::mem::take(&mut working.readings))
        };
        let (holds, span) = match outcome {
            Ok(outcome) => outcome,
            Err(failure) => return self.fault(rule, definition, failure, wake),
        };
        self.pass_wake = self.pass_wake.min(wake);
        if !holds {
            self.unlatch(rule, Some(&id));
            return Ok(());
        }
        let held = self.latches[rule].iter().position(|l| l.element == id);
        let renewed = held.is_some_and(|l| self.is_renewed(&self.latches[rule][l]));
        match held {
            Some(latch) if !renewed => match span {
                Some(span) => self.repeat(rule, definition, latch, span, element, wake),
                None => Ok(()),
            },
            _ => {
                if self.fired.iter().any(|(r, e)| *r == rule && *e == id) {
                    let start = self.fired.iter().position(|(r, e)| *r == rule && *e == id).unwrap_or(0);
                    return Err(self.cycle_from(start));
                }
                let latch = Latch {
                    rule: definition.name.clone(),
                    element: id.clone(),
                    since: self.eval.now,
                    repeat: 0,
                    readings,
                };
                self.unlatch(rule, Some(&id));
                let next = span.map_or(Moment::NEVER, |span| self.next_repeat(&latch, span));
                self.fire(rule, definition, latch, element, wake)?;
                self.pass_wake = self.pass_wake.min(next);
                Ok(())
            }
        }
    }

    /// Whether a deadline that the latch's condition read has been armed anew (semantics 4.1).
    fn is_renewed(&self, latch: &Latch) -> bool {
        let working = self.eval.working();
        latch.readings.iter().any(|reading| {
            let instance = working.case.armed_instance(&reading.deadline);
            instance != 0 && instance != reading.instance
        })
    }

    fn unlatch(&mut self, rule: usize, element: Option<&str>) {
        let latches = &mut self.latches[rule];
        if !latches.is_empty() && !mutated(Mutant::LatchKept) {
            latches.retain(|l| element.is_some_and(|e| l.element != e));
        }
    }

    fn prepare_condition(&self, element: Option<Element>) {
        let mut working = self.eval.working();
        working.phase = Phase::Condition;
        working.it = element;
        working.wake = Moment::NEVER;
        working.readings.clear();
    }

    fn condition(&mut self, rule: &Rule) -> Result<bool, Failure> {
        {
            let working = self.eval.working();
            if !rule.guards.iter().all(|g| g.holds(&working, &self.eval.procedure)) {
                return Ok(false);
            }
        }
        for conjunct in &rule.rest {
            let value = self.evaluate(conjunct)?;
            match value.as_bool() {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(kind) => {
                    return Err(fail(format!("`when` must be true or false, not a value of type {kind}")));
                }
            }
        }
        Ok(true)
    }

    fn span(&mut self, rule: &Rule) -> Result<Option<Span>, Failure> {
        let Some(every) = &rule.every else { return Ok(None) };
        let value = self.evaluate(every)?;
        let kind = value.type_name();
        let span = value
            .try_cast::<Span>()
            .ok_or_else(|| fail(format!("`every` takes a span, not a value of type {kind}")))?;
        if span.at_least_hours() < 1 {
            return Err(fail("`every` takes a span of an hour or longer"));
        }
        Ok(Some(span))
    }

    /// A latched condition that stays true: fires its newest missed repeat, once (semantics 2.9).
    fn repeat(
        &mut self,
        rule: usize,
        definition: &Rule,
        latch: usize,
        span: Span,
        element: Option<Element>,
        wake: Moment,
    ) -> Result<(), Abort> {
        let mut latch = self.latches[rule][latch].clone();
        let reached = newest_repeat(&self.eval, &latch, span);
        let is_due = reached > latch.repeat;
        latch.repeat = reached;
        let next = self.next_repeat(&latch, span);
        self.pass_wake = self.pass_wake.min(next);
        if is_due { self.fire(rule, definition, latch, element, wake.min(next)) } else { Ok(()) }
    }

    fn next_repeat(&self, latch: &Latch, span: Span) -> Moment {
        if mutated(Mutant::RepeatsMissing) {
            return Moment::NEVER;
        }
        self.eval.calendar.repeat(latch.since, span, latch.repeat + 1).unwrap_or(Moment::NEVER)
    }

    fn fire(
        &mut self,
        rule: usize,
        definition: &Rule,
        latch: Latch,
        element: Option<Element>,
        wake: Moment,
    ) -> Result<(), Abort> {
        let because = self.reasons(definition, element.clone());
        let snapshot = Snapshot::take(&self.eval);
        let first = snapshot.notifications;
        {
            let mut working = self.eval.working();
            working.phase = Phase::Effects;
            working.it = element;
            working.actor = "system".into();
            working.origin =
                Origin { by: "system".to_owned(), via: Via::Rule, rule: Some(definition.name.clone()) };
            let data = json!({"because": because, "element": latch.element, "repeat": latch.repeat});
            let summary = format!("rule \"{}\"", definition.name);
            working.record(EventKind::RuleFired, summary, data);
        }
        let outcome = match self.evaluate(&definition.then) {
            Ok(_) => self.perform_recorded(),
            Err(failure) => Err(self.failed(&definition.name, &definition.file, failure)),
        };
        match outcome {
            Ok(()) => {
                let last = self.eval.working().notifications.len();
                self.firings.push(Firing { readings: latch.readings.clone(), notifications: first..last });
                self.fired.push((rule, latch.element.clone()));
                self.latches[rule].retain(|l| l.element != latch.element);
                self.latches[rule].push(latch);
                Ok(())
            }
            Err(Failed::Abort(abort)) => Err(abort),
            Err(Failed::Refused(text)) => {
                snapshot.restore(&self.eval);
                let place = place(&definition.file, definition.position);
                let text = format!("the action it performs was refused: {text}");
                let fault = self.script_fault(definition, place, text);
                self.contain(rule, fault, wake);
                Ok(())
            }
            Err(Failed::Fault(mut fault)) => {
                snapshot.restore(&self.eval);
                fault.rule = definition.name.clone();
                self.contain(rule, fault, wake);
                Ok(())
            }
        }
    }

    /// What the condition read, by evaluating it once more with the trace on.
    fn reasons(&mut self, rule: &Rule, element: Option<Element>) -> Vec<String> {
        self.prepare_condition(element);
        {
            let mut working = self.eval.working();
            let guards = rule.guards.iter().map(|g| g.reason(&working)).collect();
            working.trace = Some(guards);
        }
        for conjunct in &rule.rest {
            // It has just been true; a failure here changes nothing but the reason's completeness.
            let _ = self.evaluate(conjunct);
        }
        self.eval.working().trace.take().unwrap_or_default()
    }

    fn perform_recorded(&mut self) -> Result<(), Failed> {
        loop {
            let next = {
                let mut working = self.eval.working();
                if working.performs.is_empty() { None } else { Some(working.performs.remove(0)) }
            };
            let Some(Perform { action, input }) = next else { return Ok(()) };
            if !self.performed.insert(action.clone()) {
                return Err(Failed::Refused(format!("`{action}` is performed twice in one settling")));
            }
            let system = Origin { by: "system".to_owned(), via: Via::Rule, rule: Some(action.clone()) };
            match self.act(&action, &input, system, None) {
                Ok(()) => {}
                Err(ActionEnd::Abort(abort)) => return Err(Failed::Abort(abort)),
                Err(ActionEnd::Refused(text)) => return Err(Failed::Refused(text)),
                Err(ActionEnd::Fault(fault)) => return Err(Failed::Fault(fault)),
            }
        }
    }

    /// Checks and carries out an action. `roles` are the actor's; none for the system, which may do all.
    pub fn act(
        &mut self,
        id: &str,
        given: &BTreeMap<String, Value>,
        origin: Origin,
        roles: Option<&[crate::complaint::Role]>,
    ) -> Result<(), ActionEnd> {
        let ruleset = Arc::clone(&self.ruleset);
        let Some(action) = ruleset.actions.iter().find(|a| a.id == id) else {
            let hint = super::nearest(id, ruleset.actions.iter().map(|a| a.id.as_str()));
            let hint = hint.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            return Err(ActionEnd::Refused(format!("there is no action `{id}`{hint}")));
        };
        if roles.is_some_and(|roles| !action.by.iter().any(|r| roles.contains(r))) {
            let by: Vec<&str> = action.by.iter().map(crate::complaint::Role::as_str).collect();
            let text = format!("{} may not do `{id}`; it is for {}", origin.by, by.join(" or "));
            return Err(ActionEnd::Refused(text));
        }
        if !self.offers(action, &origin)? {
            let state = self.eval.working().case.complaint.state.clone();
            return Err(ActionEnd::Refused(format!(
                "`{id}` is not possible now; the complaint is in state {state}"
            )));
        }
        let (_, input) = self.asks(action, given)?;
        let input = input.map_err(ActionEnd::Refused)?;
        let snapshot = Snapshot::take(&self.eval);
        {
            let mut working = self.eval.working();
            working.phase = Phase::ActionEffects;
            working.it = None;
            working.input = input.clone();
            working.actor = origin.by.as_str().into();
            working.origin = origin;
            working.case.complaint.last.insert(id.into(), self.eval.now);
            let given = super::host::to_json(&self.eval.calendar, &Dynamic::from(input)).unwrap_or_default();
            let (data, personal) = (json!({"action": id}), Some(json!({"input": given})));
            working.record_personal(EventKind::ActionTaken, action.label.clone(), data, personal);
        }
        self.evaluate(&action.then).map(|_| ()).map_err(|failure| {
            snapshot.restore(&self.eval);
            self.action_end(action, failure)
        })
    }

    /// Runs the body of a schedule.
    pub fn run_schedule(&mut self, schedule: &ScheduleRule) -> Result<(), Fault> {
        {
            let mut working = self.eval.working();
            working.phase = Phase::Effects;
            working.origin =
                Origin { by: "system".to_owned(), via: Via::Rule, rule: Some(schedule.name.clone()) };
        }
        self.evaluate(&schedule.then).map(|_| ()).map_err(|failure| {
            match self.failed(&schedule.name, &schedule.file, failure) {
                Failed::Fault(fault) => fault,
                Failed::Abort(_) | Failed::Refused(_) => {
                    let text = "a schedule reads no complaint and is not refused".to_owned();
                    let (rule, ruleset) = (schedule.name.clone(), self.ruleset.hash().to_owned());
                    Fault {
                        rule,
                        ruleset,
                        kind: FaultKind::Script,
                        place: format!("rules/{}", schedule.file),
                        text,
                    }
                }
            }
        })
    }

    /// Whether the action is offered now. Its condition schedules nothing (semantics 2.5).
    pub fn offers(&mut self, action: &ActionRule, origin: &Origin) -> Result<bool, ActionEnd> {
        {
            let mut working = self.eval.working();
            working.phase = Phase::Offer;
            working.it = None;
            working.actor = origin.by.as_str().into();
        }
        let value = self.evaluate(&action.when).map_err(|f| self.action_end(action, f))?;
        value.as_bool().map_err(|kind| {
            let failure = fail(format!("`when` must be true or false, not a value of type {kind}"));
            self.action_end(action, failure)
        })
    }

    /// The questions of an action and the inputs they make of `given`.
    pub fn asks(
        &mut self,
        action: &ActionRule,
        given: &BTreeMap<String, Value>,
    ) -> Result<(Vec<super::host::Ask>, Result<rhai::Map, String>), ActionEnd> {
        self.eval.working().phase = Phase::Asks;
        let map = match &action.asks {
            Some(asks) => self.evaluate(asks).map_err(|f| self.action_end(action, f))?,
            None => Dynamic::from(rhai::Map::new()),
        };
        let map = map.try_cast::<rhai::Map>().unwrap_or_default();
        typed_inputs(&self.eval.calendar, &map, given).map_err(|f| self.action_end(action, f))
    }

    fn action_end(&self, action: &ActionRule, failure: Failure) -> ActionEnd {
        match self.failed(&action.id, &action.file, failure) {
            Failed::Abort(abort) => ActionEnd::Abort(abort),
            Failed::Refused(text) => ActionEnd::Refused(text),
            Failed::Fault(fault) => ActionEnd::Fault(fault),
        }
    }

    /// Evaluates one expression with a fresh budget; a bare `return` ends that expression only.
    pub fn evaluate(&mut self, expr: &Expr) -> Result<Dynamic, Failure> {
        limits::refill();
        let variables = self.context.scope().len();
        let level = self.context.global_runtime_state().level;
        match self.context.eval_expression_tree(&Expression::from(expr)) {
            Ok(value) => Ok(value),
            Err(failure) => {
                self.context.scope_mut().rewind(variables);
                self.context.global_runtime_state_mut().level = level;
                match *failure {
                    EvalAltResult::Return(value, _) => Ok(value),
                    other => Err(other.into()),
                }
            }
        }
    }

    fn fault(&mut self, rule: usize, definition: &Rule, failure: Failure, wake: Moment) -> Result<(), Abort> {
        match self.failed(&definition.name, &definition.file, failure) {
            Failed::Abort(abort) => Err(abort),
            Failed::Fault(fault) => {
                self.contain(rule, fault, wake);
                Ok(())
            }
            Failed::Refused(text) => {
                let place = place(&definition.file, definition.position);
                let fault = self.script_fault(definition, place, text);
                self.contain(rule, fault, wake);
                Ok(())
            }
        }
    }

    fn script_fault(&self, rule: &Rule, place: String, text: String) -> Fault {
        let ruleset = self.ruleset.hash().to_owned();
        Fault { rule: rule.name.clone(), ruleset, kind: FaultKind::Script, place, text }
    }

    /// Stops the rule for this settling; what it compared until then still wakes it (semantics 4.4).
    fn contain(&mut self, rule: usize, fault: Fault, wake: Moment) {
        self.faulted.insert(rule);
        if !mutated(Mutant::FaultedSkipped) {
            self.faulted_wake = self.faulted_wake.min(wake);
        }
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    fn failed(&self, rule: &str, file: &str, failure: Failure) -> Failed {
        let (inner, file, position) = locate(&self.ruleset, file, &failure);
        let (kind, text) = match inner {
            EvalAltResult::ErrorRuntime(value, _) => {
                if let Some(need) = value.clone().try_cast::<Need>() {
                    return Failed::Abort(Abort::Need(need));
                }
                if let Some(refused) = value.clone().try_cast::<Refused>() {
                    return Failed::Refused(refused.0);
                }
                (FaultKind::Script, value.to_string())
            }
            EvalAltResult::ErrorTerminated(token, _) => match token.clone().try_cast::<Stop>() {
                Some(Stop::Cancelled) => return Failed::Abort(Abort::Cancelled),
                _ => (FaultKind::Limit, format!("stopped after {} operations", limits::OPERATIONS)),
            },
            EvalAltResult::ErrorTooManyOperations(_)
            | EvalAltResult::ErrorTooManyVariables(_)
            | EvalAltResult::ErrorStackOverflow(_)
            | EvalAltResult::ErrorDataTooLarge(..) => (FaultKind::Limit, without_position(inner)),
            other => (FaultKind::Script, without_position(other)),
        };
        let ruleset = self.ruleset.hash().to_owned();
        Failed::Fault(Fault { rule: rule.to_owned(), ruleset, kind, place: place(&file, position), text })
    }
}

fn without_position(error: &EvalAltResult) -> String {
    let text = error.to_string();
    match text.rfind(" (line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// The innermost error, with the file of the function it arose in.
fn locate<'e>(
    ruleset: &Ruleset,
    file: &str,
    error: &'e EvalAltResult,
) -> (&'e EvalAltResult, String, Position) {
    let mut file = file.to_owned();
    let mut error = error;
    while let EvalAltResult::ErrorInFunctionCall(name, _, inner, _) = error {
        if let Some(other) = ruleset.file_of_function(name) {
            file = other.to_owned();
        }
        error = inner;
    }
    (error, file, error.position())
}

fn place(file: &str, position: Position) -> String {
    match (position.line(), position.position()) {
        (Some(line), Some(column)) => format!("rules/{file}:{line}:{column}"),
        _ => format!("rules/{file}"),
    }
}

/// The newest repeat at or before now.
fn newest_repeat(eval: &Eval, latch: &Latch, span: Span) -> i64 {
    let reached = |k: i64| eval.calendar.repeat(latch.since, span, k).is_ok_and(|at| at <= eval.now);
    let mut step = 1;
    let mut repeat = latch.repeat;
    while reached(repeat + step) {
        repeat += step;
        step *= 2;
    }
    while step > 0 {
        if reached(repeat + step) {
            repeat += step;
        }
        step /= 2;
    }
    repeat
}

/// The part of the working copy that a failed body must not have changed.
struct Snapshot {
    complaint: crate::complaint::Complaint,
    deadlines: Vec<crate::complaint::Deadline>,
    related: Vec<crate::complaint::Related>,
    events: usize,
    notifications: usize,
    retired: usize,
}

impl Snapshot {
    fn take(eval: &Eval) -> Self {
        let working: &Working = &eval.working();
        Self {
            complaint: working.case.complaint.clone(),
            deadlines: working.case.deadlines.clone(),
            related: working.case.related.clone(),
            events: working.events.len(),
            notifications: working.notifications.len(),
            retired: working.retired.len(),
        }
    }

    fn restore(self, eval: &Eval) {
        let mut working = eval.working();
        working.case.complaint = self.complaint;
        working.case.deadlines = self.deadlines;
        working.case.related = self.related;
        working.events.truncate(self.events);
        working.notifications.truncate(self.notifications);
        working.retired.truncate(self.retired);
        working.performs.clear();
    }
}
