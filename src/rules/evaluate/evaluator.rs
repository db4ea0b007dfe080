//! `Evaluator`: evaluates conditions, lists, spans and bodies against one working copy of the facts. It keeps
//! no latch and decides nothing.

use crate::calendar::{Moment, Span};
use crate::complaint::{Actor, Reading, Text};
use crate::rules::evaluate::budget::{Account, Budget};
use crate::rules::evaluate::error::{EvalError, Interruption};
use crate::rules::evaluate::observer::{Observed, Observer};
use crate::rules::evaluate::work::Work;
use crate::rules::language::limits;
use crate::rules::language::run_error::kind;
use crate::rules::machine::Interpreter;
use crate::rules::ruleset::loaded::{Candidates, Ruleset};
use crate::rules::statements::plain::{Conjunct, is_empty_list};
use crate::rules::statements::rule::{ActionRule, Rule};
use crate::rules::words::context::{Eval, Failure, Phase, Reason, Working, fail};
use crate::rules::words::element::Element;
use crate::rules::words::questions::Ask;
use crate::rules::words::questions::typed_inputs;
use rhai::{Array, Dynamic, Expr, FnCallExpr, Position};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The result of evaluating something, and what was read on the way, which counts also when it failed.
pub(in crate::rules) struct Look<T> {
    pub outcome: Result<T, EvalError>,
    /// The least instant ahead at which a comparison on the way changes.
    pub wake: Moment,
    /// The latest instant, now included, at which one changed; none where none has.
    pub turned: Option<Moment>,
    pub readings: Vec<Reading>,
    /// The terms that were counted as passed.
    pub counted: Vec<Reading>,
}

impl<T> Look<T> {
    /// Makes what facts alone say.
    fn plain(found: T) -> Self {
        let (readings, counted) = (Vec::new(), Vec::new());
        Self { outcome: Ok(found), wake: Moment::NEVER, turned: None, readings, counted }
    }
}

pub(in crate::rules) struct Evaluator<'e> {
    interpreter: &'e mut dyn Interpreter,
    pub ruleset: &'e Ruleset,
    pub eval: Arc<Eval>,
    observer: &'e dyn Observer,
    budget: Budget,
    /// Who pays for what is evaluated.
    account: Account,
}

impl<'e> Evaluator<'e> {
    /// Makes the facts of `eval` those that the scripts see.
    pub fn new(
        interpreter: &'e mut dyn Interpreter,
        ruleset: &'e Ruleset,
        eval: Arc<Eval>,
        observer: &'e dyn Observer,
    ) -> Self {
        interpreter.enter(&eval);
        let (budget, account) = (Budget::of(ruleset.rules.len()), Account::Asked);
        Self { interpreter, ruleset, eval, observer, budget, account }
    }

    /// Hides the facts from the scripts again, and returns them.
    pub fn leave(self) -> Arc<Eval> {
        self.interpreter.leave();
        self.eval
    }

    /// Has what is evaluated from now on count as the work of this rule, or of what somebody asked for.
    pub fn charge_to(&mut self, account: Account) {
        self.account = account;
    }

    /// Evaluates an expression, as far as the account goes.
    fn evaluate(&mut self, expr: &Expr) -> Result<Dynamic, Failure> {
        let evaluated = self.interpreter.evaluate(expr, self.budget.left(self.account));
        self.budget.spend(self.account, evaluated.steps);
        evaluated.outcome
    }

    /// Returns the rules whose condition the present state leaves open; none where the observer wants to see
    /// every part of every condition.
    pub fn candidates(&self) -> Option<&'e Candidates> {
        match self.observer.wants_parts() {
            true => None,
            false => Some(self.ruleset.candidates(&self.eval.working().case.complaint.state)),
        }
    }

    /// Returns whether the rule's condition holds for an element, and if so, the span of its `every`.
    pub fn condition(&mut self, rule: &Rule, element: Option<Element>) -> Look<Option<Holds>> {
        let Some(asked) = self.asked(rule, element) else { return Look::plain(None) };
        let outcome = self.holds(rule, asked).and_then(|holds| match holds {
            true => Ok(Some(Holds { every: self.every(rule)? })),
            false => Ok(None),
        });
        self.look(Work::Rule(rule), outcome)
    }

    /// Returns the elements that a rule looks at.
    pub fn elements(&mut self, rule: &Rule, list: &Expr) -> Look<Vec<Element>> {
        let is_empty = |field| is_empty_list(field, &self.eval.working(), &self.eval.procedure);
        if rule.list_field.is_some_and(is_empty) {
            return Look::plain(Vec::new());
        }
        self.prepare_condition(None);
        let outcome = self.evaluate(list).and_then(elements);
        self.look(Work::Rule(rule), outcome)
    }

    /// Returns whether a rule's condition held at an earlier moment, with the facts as they stand now. No
    /// observer is told.
    pub fn held_at(
        &mut self,
        at: Moment,
        rule: &Rule,
        element: Option<&Element>,
    ) -> Result<Held, Interruption> {
        let Some(earlier) = self.eval.seen_at(at).map(Arc::new) else { return Ok(Held::No) };
        let present = std::mem::replace(&mut self.eval, earlier);
        self.interpreter.enter(&self.eval);
        let held = self.held(rule, element);
        self.eval = present;
        self.interpreter.enter(&self.eval);
        held
    }

    /// Looks at list and condition at the moment that was entered.
    fn held(&mut self, rule: &Rule, element: Option<&Element>) -> Result<Held, Interruption> {
        let mut turned = None;
        if let (Some(list), Some(element)) = (&rule.list, element) {
            let look = self.elements(rule, list);
            let is_there = match look.outcome {
                Ok(elements) => elements.iter().any(|e| e.id() == element.id()),
                Err(EvalError::Interrupted(interruption)) => return Err(interruption),
                Err(_) => false,
            };
            if !is_there {
                return Ok(Held::No);
            }
            turned = look.turned;
        }
        self.prepare_condition(element.cloned());
        let outcome = self.conjuncts_hold(&rule.conjuncts);
        let look = self.look(Work::Rule(rule), outcome);
        match look.outcome {
            Ok(true) => Ok(Held::Since(turned.max(look.turned))),
            Err(EvalError::Interrupted(interruption)) => Err(interruption),
            _ => Ok(Held::No),
        }
    }

    /// Evaluates a part of a rule's condition by itself; what it read comes with it.
    pub fn part(&mut self, rule: &Rule, part: &Expr, element: Option<Element>) -> (Look<bool>, Vec<String>) {
        self.prepare_condition(element);
        self.eval.working().trace = Some(Vec::new());
        let outcome = self.evaluate(part).and_then(|value| truth(&value));
        let look = self.look(Work::Rule(rule), outcome);
        let read = self.eval.working().trace.take().unwrap_or_default();
        (look, read.into_iter().map(|reason| reason.line).collect())
    }

    /// Returns what the condition read, by evaluating it once more with the trace on.
    pub fn reasons(&mut self, rule: &Rule, element: Option<Element>) -> Vec<Reason> {
        self.prepare_condition(element);
        self.eval.working().trace = Some(Vec::new());
        for conjunct in &rule.conjuncts {
            match conjunct.constant() {
                Some((name, value)) => self.eval.working().note(|| format!("{name} is {value}")),
                // It has just been true; a failure here changes nothing but the reason's completeness.
                None => drop(self.evaluate(&conjunct.expr)),
            }
        }
        self.eval.working().trace.take().unwrap_or_default()
    }

    /// Returns whether an action is offered now. Its condition schedules nothing (docs/semantics.md 2.5).
    pub fn offers(&mut self, action: &ActionRule, actor: &Actor, work: Work<'_>) -> Result<bool, EvalError> {
        self.prepare_offer(actor);
        let outcome = match self.observer.wants_parts() {
            true => self.observed(work, &action.when.expr),
            false => self.conjuncts_hold(std::slice::from_ref(&action.when)),
        };
        outcome.map_err(|f| self.error(work, &f))
    }

    /// Returns whether one part of an action's condition holds now, for nobody in particular.
    pub fn offer_part(&mut self, action: &ActionRule, part: &Expr) -> Result<bool, EvalError> {
        self.prepare_offer(&Actor::System);
        let outcome = self.evaluate(part).and_then(|value| truth(&value));
        outcome.map_err(|f| self.error(Work::Action { action, performed_by: None }, &f))
    }

    fn prepare_offer(&self, actor: &Actor) {
        let mut working = self.eval.working();
        working.phase = Phase::Offer;
        working.it = None;
        working.actor = actor.as_str().into();
    }

    /// Returns the questions of an action, and the inputs they make of `given` or why they make none.
    pub fn asks(
        &mut self,
        action: &ActionRule,
        given: &BTreeMap<String, Value>,
        work: Work<'_>,
    ) -> Result<(Vec<Ask>, Result<rhai::Map, Text>), EvalError> {
        self.eval.working().phase = Phase::Asks;
        let asked = match &action.asks {
            Some(asks) => self.evaluate(asks),
            None => Ok(Dynamic::from(rhai::Map::new())),
        };
        let asked = asked.and_then(|map| {
            let kind = kind(map.type_name());
            map.try_cast::<rhai::Map>().ok_or_else(|| {
                fail(
                    format!("`asks` vraagt een lijst vragen, niet {}", kind.nl),
                    format!("`asks` takes a list of questions, not {}", kind.en),
                )
            })
        });
        let inputs = asked.and_then(|map| typed_inputs(&self.eval.calendar, &map, given));
        inputs.map_err(|f| self.error(work, &f))
    }

    /// Carries out a body. What it did before it failed stays done; a [`Snapshot`](super::snapshot::Snapshot)
    /// undoes it.
    pub fn body(&mut self, work: Work<'_>, body: &Expr) -> Result<(), EvalError> {
        let outcome = self.evaluate(body);
        let outcome = outcome.and_then(|_| within_limits(&self.eval.working()));
        outcome.map_err(|f| self.error(work, &f))
    }

    /// Tells the observer that a schedule runs.
    pub fn ran(&self, work: Work<'_>) {
        self.observer.saw(observed(work, None), true);
    }

    fn prepare_condition(&self, element: Option<Element>) {
        prepare_condition(&mut self.eval.working(), element);
    }

    /// Prepares for a rule's condition and returns its parts from the first on that a script has to be asked; none where facts
    /// say that the condition does not hold. Most rules are decided here, under one lock; an observer that wants parts sees all.
    fn asked<'r>(&self, rule: &'r Rule, element: Option<Element>) -> Option<&'r [Conjunct]> {
        let mut working = self.eval.working();
        prepare_condition(&mut working, element);
        if self.observer.wants_parts() {
            return Some(&rule.conjuncts);
        }
        for (place, conjunct) in rule.conjuncts.iter().enumerate() {
            match conjunct.holds(&working, &self.eval.procedure) {
                Some(true) => {}
                Some(false) => return None,
                None => return Some(&rule.conjuncts[place..]),
            }
        }
        Some(&[])
    }

    fn look<T>(&self, work: Work<'_>, outcome: Result<T, Failure>) -> Look<T> {
        let mut working = self.eval.working();
        let (wake, turned) = (working.wake, working.turned);
        let (readings, counted) =
            (std::mem::take(&mut working.readings), std::mem::take(&mut working.counted));
        drop(working);
        Look { outcome: outcome.map_err(|f| self.error(work, &f)), wake, turned, readings, counted }
    }

    fn error(&self, work: Work<'_>, failure: &Failure) -> EvalError {
        EvalError::of(self.ruleset, work, failure)
    }

    /// Returns whether the condition holds of a rule, of which only these parts are left to ask.
    fn holds(&mut self, rule: &Rule, asked: &[Conjunct]) -> Result<bool, Failure> {
        match self.observer.wants_parts() {
            true => self.observed(Work::Rule(rule), &rule.when),
            false => self.conjuncts_hold(asked),
        }
    }

    /// Asks facts first and the script where they say nothing, part by part.
    fn conjuncts_hold(&mut self, conjuncts: &[Conjunct]) -> Result<bool, Failure> {
        for conjunct in conjuncts {
            let plain = conjunct.holds(&self.eval.working(), &self.eval.procedure);
            let holds = match plain {
                Some(holds) => holds,
                None => truth(&self.evaluate(&conjunct.expr)?)?,
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn every(&mut self, rule: &Rule) -> Result<Option<Span>, Failure> {
        let Some(every) = &rule.every else { return Ok(None) };
        let value = self.evaluate(every)?;
        let kind = kind(value.type_name());
        let span = value.try_cast::<Span>().ok_or_else(|| {
            fail(
                format!("`every` vraagt een duur, niet {}", kind.nl),
                format!("`every` takes a span, not {}", kind.en),
            )
        })?;
        if span.at_least_hours() < 1 {
            return Err(fail(
                "`every` vraagt een duur van een uur of langer",
                "`every` takes a span of an hour or longer",
            ));
        }
        Ok(Some(span))
    }

    /// Evaluates a condition part by part, and tells the observer of each; it comes to the same as in one go.
    fn observed(&mut self, work: Work<'_>, when: &Expr) -> Result<bool, Failure> {
        let outcome = self.observed_part(work, when)?;
        self.observer.saw(observed(work, None), outcome);
        Ok(outcome)
    }

    fn observed_part(&mut self, work: Work<'_>, expr: &Expr) -> Result<bool, Failure> {
        match expr {
            Expr::And(parts, _) => {
                for part in parts.iter() {
                    if !self.observed_part(work, part)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Expr::Or(parts, _) => {
                for part in parts.iter() {
                    if self.observed_part(work, part)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Expr::FnCall(call, _) if is_negation(call) => Ok(!self.observed_part(work, &call.args[0])?),
            atom => {
                let outcome = truth(&self.evaluate(atom)?)?;
                self.observer.saw(observed(work, Some(atom.start_position())), outcome);
                Ok(outcome)
            }
        }
    }
}

/// Checks how much one decision has recorded by now.
fn within_limits(working: &Working) -> Result<(), Failure> {
    if working.events.len() <= limits::EFFECTS {
        return Ok(());
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for event in &working.events {
        *counts.entry(event.kind.as_str()).or_default() += 1;
    }
    match counts.into_iter().find(|(_, count)| *count > limits::EFFECTS) {
        Some((kind, _)) => Err(fail(
            format!("meer dan {} keer {kind} in één beslissing", limits::EFFECTS),
            format!("more than {} times {kind} in one decision", limits::EFFECTS),
        )),
        None if working.events.len() > limits::EVENTS => Err(fail(
            format!("meer dan {} regels voor het logboek in één beslissing", limits::EVENTS),
            format!("more than {} lines for the record in one decision", limits::EVENTS),
        )),
        None => Ok(()),
    }
}

fn prepare_condition(working: &mut Working, element: Option<Element>) {
    working.phase = Phase::Condition;
    working.it = element;
    working.wake = Moment::NEVER;
    working.turned = None;
    working.readings.clear();
    working.counted.clear();
}

/// What a condition was at an earlier moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Held {
    /// It did not hold, or could not be evaluated.
    No,
    /// It held, and nothing of it had changed since this instant; none where nothing ever had.
    Since(Option<Moment>),
}

/// A condition that holds, and how often its rule repeats while it does.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Holds {
    pub every: Option<Span>,
}

fn observed(work: Work<'_>, part: Option<Position>) -> Observed<'_> {
    Observed { subject: work.subject(), name: work.name(), file: work.file(), part: part.map(coordinates) }
}

/// Returns whether a call is `!x`.
pub(in crate::rules) fn is_negation(call: &FnCallExpr) -> bool {
    call.name == "!" && call.args.len() == 1
}

/// Returns line and column, from 1; 0 where Rhai does not know.
pub(in crate::rules) fn coordinates(position: Position) -> (usize, usize) {
    (position.line().unwrap_or(0), position.position().unwrap_or(0))
}

fn truth(value: &Dynamic) -> Result<bool, Failure> {
    value.as_bool().map_err(|given| {
        fail(
            format!("`when` is waar of onwaar, niet {}", kind(given).nl),
            format!("`when` must be true or false, not {}", kind(given).en),
        )
    })
}

fn elements(list: Dynamic) -> Result<Vec<Element>, Failure> {
    let kind = kind(list.type_name());
    let items = list.try_cast::<Array>().ok_or_else(|| {
        fail(
            format!("`for` vraagt een lijst, niet {}", kind.nl),
            format!("`for` takes a list, not {}", kind.en),
        )
    })?;
    if items.len() > limits::ELEMENTS {
        return Err(fail(
            format!("`for` vraagt ten hoogste {} onderdelen", limits::ELEMENTS),
            format!("`for` takes at most {} elements", limits::ELEMENTS),
        ));
    }
    let elements = items.into_iter().map(|i| i.try_cast::<Element>());
    elements.collect::<Option<Vec<_>>>().ok_or_else(|| {
        fail(
            "`for` vraagt maatregelen of klachten, zoals complaint.measures",
            "`for` takes measures or complaints, such as complaint.measures",
        )
    })
}
