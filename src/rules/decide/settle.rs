//! Settling: the passes over the rules of one complaint until nothing fires (docs/semantics.md 4).

use crate::calendar::{Moment, Span};
use crate::complaint::{Actor, EventKind, Fault, FaultKind, Latch, Origin, Reading, RuleName, Source, Via};
use crate::rules::evaluate::failure::{Failed, Snapshot, place};
use crate::rules::language::limits;
use crate::rules::machine;
use crate::rules::mutants::{Mutant, mutated};
use crate::rules::observe::coverage::Subject;
use crate::rules::observe::probe::Probed;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::statements::rule::Rule;
use crate::rules::words::context::{Eval, Failure, Need, Phase, fail};
use crate::rules::words::element::Element;
use rhai::{Array, Dynamic, EvalAltResult, EvalContext, Expr, Expression};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Why a settling ended without a result.
#[derive(Debug)]
pub(in crate::rules) enum Abort {
    Need(Need),
    /// This rule was turned on again by what it did; the decision starts again without it. Where several
    /// rules turn each other on, leaving out one of them ends it.
    Cycle(RuleName),
    /// The wall-clock backstop: infrastructure, not the rule's fault.
    Cancelled,
}

/// A firing: which rule, and which of the decision's notifications it sent after reading which deadlines.
#[derive(Debug)]
pub(in crate::rules) struct Firing {
    pub readings: Vec<Reading>,
    pub notifications: std::ops::Range<usize>,
}

/// The latches of one rule.
type RuleLatches = Vec<Latch>;

pub(in crate::rules) struct Settling<'e, 'a, 's, 'ps, 'g, 'c, 't> {
    context: &'e mut EvalContext<'a, 's, 'ps, 'g, 'c, 't>,
    pub(in crate::rules) ruleset: Arc<Ruleset>,
    pub(in crate::rules) eval: Arc<Eval>,
    latches: Vec<RuleLatches>,
    /// Latches of rules that the ruleset does not have; a restore finds them again (docs/semantics.md 4.3).
    foreign: Vec<Latch>,
    /// Rules not evaluated in this decision: suspended, or their message cannot be rendered.
    excluded: BTreeSet<usize>,
    faulted: BTreeSet<usize>,
    faulted_wake: Moment,
    pass_wake: Moment,
    fired: Vec<(usize, String)>,
    pub(in crate::rules) performed: BTreeSet<String>,
    pub faults: Vec<Fault>,
    pub firings: Vec<Firing>,
    /// While what holds is taken for fired: the rules so far.
    adopting: Option<Vec<RuleName>>,
}

impl<'e, 'a, 's, 'ps, 'g, 'c, 't> Settling<'e, 'a, 's, 'ps, 'g, 'c, 't> {
    pub fn new(
        context: &'e mut EvalContext<'a, 's, 'ps, 'g, 'c, 't>,
        ruleset: Arc<Ruleset>,
        eval: Arc<Eval>,
        excluded: &BTreeSet<RuleName>,
    ) -> Self {
        machine::enter(context, &eval);
        let mut latches = vec![RuleLatches::new(); ruleset.rules.len()];
        let mut foreign = Vec::new();
        for latch in std::mem::take(&mut eval.working().case.latches) {
            match ruleset.rule_of_latch(latch.rule.as_str()) {
                Some(rule) => latches[rule].push(Latch { rule: ruleset.rules[rule].name.clone(), ..latch }),
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
            adopting: None,
        }
    }

    /// The least instant at which anything can change (docs/semantics.md 2.5), as far as rules know.
    pub fn wake(&self) -> Moment {
        self.pass_wake.min(self.faulted_wake)
    }

    pub fn into_latches(self) -> Vec<Latch> {
        self.latches.into_iter().flatten().chain(self.foreign).collect()
    }

    /// Latches every rule whose condition holds and that has not fired, without carrying anything out.
    pub fn adopt(&mut self) -> Result<Vec<RuleName>, Abort> {
        self.adopting = Some(Vec::new());
        for rule in 0..self.ruleset.rules.len() {
            self.consider(rule)?;
        }
        self.faulted.clear();
        self.faults.clear();
        Ok(self.adopting.take().unwrap_or_default())
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
        match self.fired.last() {
            Some((rule, _)) => Err(Abort::Cycle(self.ruleset.rules[*rule].name.clone())),
            None => Ok(()),
        }
    }

    fn consider(&mut self, rule: usize) -> Result<(), Abort> {
        let ruleset = Arc::clone(&self.ruleset);
        let can_hold = {
            let working = self.eval.working();
            ruleset.coverage.is_some() || ruleset.candidates(&working.case.complaint.state).contains(rule)
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

    pub(in crate::rules) fn elements(
        &mut self,
        list: &Expr,
        wake: &mut Moment,
    ) -> Result<Vec<Element>, Failure> {
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
            Some(latch) if !renewed => match span.filter(|_| self.adopting.is_none()) {
                Some(span) => self.repeat(rule, definition, latch, span, element, wake),
                None => Ok(()),
            },
            _ => {
                if self.fired.iter().any(|(r, e)| *r == rule && *e == id) {
                    return Err(Abort::Cycle(definition.name.clone()));
                }
                let latch = Latch {
                    rule: definition.name.clone(),
                    element: id.clone(),
                    since: self.eval.now,
                    repeat: 0,
                    readings,
                };
                self.unlatch(rule, Some(&id));
                if let Some(adopted) = &mut self.adopting {
                    adopted.push(definition.name.clone());
                    self.latches[rule].push(latch);
                    return Ok(());
                }
                let next = span.map_or(Moment::NEVER, |span| self.next_repeat(&latch, span));
                self.fire(rule, definition, latch, element, wake)?;
                self.pass_wake = self.pass_wake.min(next);
                Ok(())
            }
        }
    }

    /// Whether a deadline that the latch's condition read has been armed anew (docs/semantics.md 4.1).
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

    pub(in crate::rules) fn prepare_condition(&self, element: Option<Element>) {
        let mut working = self.eval.working();
        working.phase = Phase::Condition;
        working.it = element;
        working.wake = Moment::NEVER;
        working.readings.clear();
    }

    fn condition(&mut self, rule: &Rule) -> Result<bool, Failure> {
        if let Some(coverage) = self.ruleset.coverage.clone() {
            let (name, file) = (rule.name.as_str(), rule.file.as_str());
            let probed = Probed { coverage: &coverage, subject: Subject::Rule, name, file };
            return self.probe(probed, &rule.when);
        }
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

    /// A latched condition that stays true: fires its newest missed repeat, once (docs/semantics.md 2.9).
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
            working.actor = Actor::System.as_str().into();
            let source = Source::Rule(definition.name.clone());
            working.origin = Origin { by: Actor::System, via: Via::Rule, source };
            let data = json!({"because": because, "element": latch.element, "repeat": latch.repeat});
            let summary = format!("rule \"{}\"", definition.name);
            working.record(EventKind::RuleFired, summary, data);
        }
        let outcome = match self.evaluate(&definition.then) {
            Ok(_) => self.perform_recorded(&definition.name),
            Err(failure) => {
                Err(self.failed(Source::Rule(definition.name.clone()), &definition.file, failure))
            }
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
                fault.source = Source::Rule(definition.name.clone());
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

    /// Evaluates one expression with a fresh budget; a bare `return` ends that expression only.
    pub fn evaluate(&mut self, expr: &Expr) -> Result<Dynamic, Failure> {
        limits::refill();
        let variables = self.context.scope().len();
        let level = self.context.global_runtime_state().level;
        match self.context.eval_expression_tree(&Expression::from(expr)) {
            // A native callback, such as that of `sort`, may swallow the stop.
            Ok(_) if limits::is_spent() => Err(limits::stopped()),
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
        match self.failed(Source::Rule(definition.name.clone()), &definition.file, failure) {
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
        Fault { source: Source::Rule(rule.name.clone()), ruleset, kind: FaultKind::Script, place, text }
    }

    /// Stops the rule for this settling; what it compared until then still wakes it (docs/semantics.md 4.4).
    fn contain(&mut self, rule: usize, fault: Fault, wake: Moment) {
        self.faulted.insert(rule);
        if !mutated(Mutant::FaultedSkipped) {
            self.faulted_wake = self.faulted_wake.min(wake);
        }
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
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
