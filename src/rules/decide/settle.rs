//! `Settling`: the passes over the rules of one complaint until nothing fires (docs/semantics.md 4).

use super::action::{Asker, Call, carry_out, perform_recorded};
use super::breach::{Breach, Firing};
use super::latches::{Latches, is_renewed, newest_repeat, next_repeat};
use super::tally::Tally;
use super::turning::{Known, Seen, Turning};
use crate::calendar::{Moment, Span};
use crate::complaint::{
    ActionId, Actor, Case, EventKind, Fault, FaultKind, FiringCount, Latch, LatchKey, Origin, RuleName,
    Source, Text, Via,
};
use crate::rules::evaluate::budget::Account;
use crate::rules::evaluate::error::{EvalError, Interruption};
use crate::rules::evaluate::evaluator::Evaluator;
use crate::rules::evaluate::snapshot::Snapshot;
use crate::rules::evaluate::work::Work;
use crate::rules::language::limits;
use crate::rules::mutants::{Mutant, mutated};
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::ruleset::renames::Renames;
use crate::rules::words::context::{Phase, Reason, Working};
use crate::rules::words::element::Element;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The reason why a settling ended without a result.
#[derive(Debug)]
pub(super) enum Unsettled {
    Interrupted(Interruption),
    /// Rules turn each other on, or one fires too often today; the decision starts again without them.
    Cycle(Cycle),
}

/// A rule that was turned on again in one settling.
#[derive(Debug)]
pub(super) struct Cycle {
    pub rule: RuleName,
    /// The other rules that fired since it first did. Not all of them need have to do with it.
    pub between: BTreeSet<RuleName>,
}

impl From<Interruption> for Unsettled {
    fn from(interruption: Interruption) -> Self {
        Self::Interrupted(interruption)
    }
}

/// A condition that holds, of one rule for one element.
struct Holding {
    rule: usize,
    element: Option<Element>,
    /// Its turning true; none when it has fired already, and what holds is its repeats.
    turning: Option<Turning>,
    every: Option<Span>,
    /// The instants that the condition compared.
    wake: Moment,
}

/// The thing to do with a condition that holds.
type Then<'e> = fn(&mut Settling<'e>, Holding) -> Result<(), Unsettled>;

pub(super) struct Settling<'e> {
    pub evaluator: Evaluator<'e>,
    latches: Latches,
    tally: Tally,
    /// Rules not evaluated in this decision: suspended, or their message cannot be rendered.
    excluded: BTreeSet<usize>,
    /// Rules that failed in this settling as a whole, and those that failed for one element.
    faulted: BTreeSet<usize>,
    faulted_elements: BTreeSet<(usize, String)>,
    faulted_wake: Moment,
    pass_wake: Moment,
    fired: Vec<(usize, String)>,
    performed: BTreeSet<ActionId>,
    pub faults: Vec<Fault>,
    pub firings: Vec<Firing>,
    /// The breaches that were recorded before this settling and are not told yet.
    pub breached: Vec<Breach>,
    /// The moment at which every rule that is not latched was last seen not to hold.
    seen_at: Moment,
    /// The facts before the first firing, until every rule was looked at with what fired.
    before: Option<Snapshot>,
    adopted: Vec<RuleName>,
}

/// Returns the moment until which no rule that is not latched holds. A rule of a new ruleset was not seen before.
/// Until its wake-up time turns nothing on, with the facts as they were; what others changed, they changed then.
fn not_seen_until(case: &Case, ruleset: &Ruleset, now: Moment) -> Moment {
    match case.comes_from_another(ruleset.hash()) {
        true => now,
        false if mutated(Mutant::SinceWithNeighbours) => case.decided_at,
        false => case.wake_at.unwrap_or(now).min(now).plus_millis(-1).max(case.decided_at),
    }
}

impl<'e> Settling<'e> {
    pub fn new(evaluator: Evaluator<'e>, renames: &Renames, excluded: &BTreeSet<RuleName>) -> Self {
        let ruleset = evaluator.ruleset;
        let (latches, firings, seen_at) = {
            let case = &mut evaluator.eval.working().case;
            let seen_at = not_seen_until(case, ruleset, evaluator.eval.now);
            (std::mem::take(&mut case.latches), std::mem::take(&mut case.firings), seen_at)
        };
        Self {
            latches: Latches::sort(latches, ruleset, renames),
            tally: Tally::of(firings, evaluator.eval.today),
            excluded: excluded.iter().filter_map(|name| ruleset.rule_index.get(name).copied()).collect(),
            evaluator,
            faulted: BTreeSet::new(),
            faulted_elements: BTreeSet::new(),
            faulted_wake: Moment::NEVER,
            pass_wake: Moment::NEVER,
            fired: Vec::new(),
            performed: BTreeSet::new(),
            faults: Vec::new(),
            firings: Vec::new(),
            breached: Vec::new(),
            seen_at,
            before: None,
            adopted: Vec::new(),
        }
    }

    /// Returns the least instant at which anything can change (docs/semantics.md 2.5), as far as rules know.
    pub fn wake(&self) -> Moment {
        self.pass_wake.min(self.faulted_wake)
    }

    /// Returns what later decisions must know: what has fired, and how often today.
    pub fn into_memory(self) -> (Vec<Latch>, Vec<FiringCount>) {
        (self.latches.into_vec(), self.tally.into_vec())
    }

    /// Ends the settling: the working copy as it stands, and what later decisions must know.
    pub fn end(self) -> (Working, Vec<Latch>, Vec<FiringCount>) {
        (self.evaluator.leave().end(), self.latches.into_vec(), self.tally.into_vec())
    }

    /// Latches every rule whose condition holds and that has not fired, without carrying anything out; their
    /// names.
    pub fn adopt(&mut self) -> Result<Vec<RuleName>, Unsettled> {
        self.pass(Self::adopt_one)?;
        Ok(std::mem::take(&mut self.adopted))
    }

    /// Runs passes until nothing fires. A new settling may fire again what an earlier one fired.
    pub fn settle(&mut self) -> Result<(), Unsettled> {
        self.fired.clear();
        self.faulted.clear();
        self.faulted_elements.clear();
        self.faulted_wake = Moment::NEVER;
        self.performed.clear();
        let mut first_wake = None;
        for _ in 0..limits::PASSES {
            self.pass_wake = Moment::NEVER;
            let before = self.firings.len();
            self.pass(Self::fire_or_repeat)?;
            self.seen_at = self.evaluator.eval.now;
            self.before = None;
            first_wake.get_or_insert(self.pass_wake);
            if self.firings.len() == before {
                if mutated(Mutant::FirstPass) {
                    self.pass_wake = first_wake.unwrap_or(self.pass_wake);
                }
                return Ok(());
            }
        }
        match self.fired.last() {
            Some((rule, _)) => Err(self.cycle(*rule, self.fired.len())),
            None => Ok(()),
        }
    }

    /// Returns the cycle of a rule that first fired at a place among the firings.
    fn cycle(&self, rule: usize, first: usize) -> Unsettled {
        let name = |rule: usize| self.evaluator.ruleset.rules[rule].name.clone();
        let since = self.fired.iter().skip(first).map(|(other, _)| *other);
        let between = since.filter(|other| *other != rule).map(name).collect();
        Unsettled::Cycle(Cycle { rule: name(rule), between })
    }

    /// Carries out what a person asks for, and what that performs (docs/semantics.md 4.7).
    pub fn carry_out(&mut self, call: &Call<'_>) -> Result<(), EvalError> {
        self.performed.insert(call.id.into());
        carry_out(&mut self.evaluator, call)?;
        perform_recorded(&mut self.evaluator, &mut self.performed, &call.asker)
    }

    /// Considers every rule once, in order. Only a firing changes the state, and with it which rules can hold.
    fn pass(&mut self, then: Then<'e>) -> Result<(), Unsettled> {
        let mut fired = self.firings.len();
        let mut candidates = self.evaluator.candidates();
        for rule in 0..self.evaluator.ruleset.rules.len() {
            if self.firings.len() > fired {
                fired = self.firings.len();
                candidates = self.evaluator.candidates();
            }
            match candidates.is_none_or(|c| c.contains(rule)) {
                true => self.consider(rule, then)?,
                false => self.latches.release_all(rule),
            }
        }
        Ok(())
    }

    fn consider(&mut self, rule: usize, then: Then<'e>) -> Result<(), Unsettled> {
        if self.excluded.contains(&rule) || self.faulted.contains(&rule) {
            return Ok(());
        }
        self.evaluator.charge_to(Account::Rule(rule));
        let definition = &self.evaluator.ruleset.rules[rule];
        let Some(list) = &definition.list else { return self.consider_element(rule, None, None, then) };
        let look = self.evaluator.elements(definition, list);
        self.pass_wake = self.pass_wake.min(look.wake);
        match look.outcome {
            Ok(elements) => {
                self.latches.keep(rule, &elements.iter().map(Element::id).collect());
                for element in elements {
                    self.consider_element(rule, Some(element), look.turned, then)?;
                }
                Ok(())
            }
            Err(error) => self.contain(rule, None, error, look.wake),
        }
    }

    fn consider_element(
        &mut self,
        rule: usize,
        element: Option<Element>,
        listed: Option<Moment>,
        then: Then<'e>,
    ) -> Result<(), Unsettled> {
        if self.faulted.contains(&rule) {
            return Ok(());
        }
        let definition = &self.evaluator.ruleset.rules[rule];
        let id = element.as_ref().map(Element::id).unwrap_or_default();
        if !self.faulted_elements.is_empty() && self.faulted_elements.contains(&(rule, id.clone())) {
            return Ok(());
        }
        let look = self.evaluator.condition(definition, element.clone());
        let holds = match look.outcome {
            Ok(holds) => holds,
            Err(error) => return self.contain(rule, element.as_ref(), error, look.wake),
        };
        self.pass_wake = self.pass_wake.min(look.wake);
        let Some(holds) = holds else {
            self.latches.release(rule, &id);
            return Ok(());
        };
        let (every, wake) = (holds.every, look.wake);
        let eval = &self.evaluator.eval;
        if self.latches.find(rule, &id).is_some_and(|latch| !is_renewed(latch, eval)) {
            return match every {
                Some(_) => then(self, Holding { rule, element, turning: None, every, wake }),
                None => Ok(()),
            };
        }
        if let Some(first) = self.fired.iter().position(|(r, e)| *r == rule && *e == id) {
            return Err(self.cycle(rule, first));
        }
        let seen = Seen { turned: look.turned.max(listed), readings: look.readings, counted: look.counted };
        let known = Known { at: self.seen_at, breached: &self.breached, before: self.before.as_mut() };
        let turning = Turning::of(&mut self.evaluator, definition, element.as_ref(), seen, known)?;
        self.latches.release(rule, &turning.latch.element);
        then(self, Holding { rule, element, turning: Some(turning), every, wake })
    }

    fn adopt_one(&mut self, holding: Holding) -> Result<(), Unsettled> {
        if let Some(Turning { mut latch, .. }) = holding.turning {
            // Repeats that are past have been taken for fired as well.
            if let Some(every) = holding.every {
                latch.repeat = newest_repeat(&latch, every, &self.evaluator.eval);
            }
            self.adopted.push(latch.rule.clone());
            self.latches.set(holding.rule, latch);
        }
        Ok(())
    }

    fn fire_or_repeat(&mut self, mut holding: Holding) -> Result<(), Unsettled> {
        let Some(mut turning) = holding.turning.take() else { return self.repeat(holding) };
        let (rule, element) = (turning.latch.rule.clone(), turning.latch.element.clone());
        if self.tally.is_full(&rule, &element) {
            return Err(Unsettled::Cycle(Cycle { rule, between: BTreeSet::new() }));
        }
        let mut next = Moment::NEVER;
        if let Some(every) = holding.every {
            // It fires once for the first time and the repeats that were missed since.
            turning.latch.repeat = newest_repeat(&turning.latch, every, &self.evaluator.eval);
            next = next_repeat(&turning.latch, every, &self.evaluator.eval);
        }
        if self.fire(holding, turning)? {
            self.tally.count(&rule, &element);
        }
        self.pass_wake = self.pass_wake.min(next);
        Ok(())
    }

    /// Fires the newest missed repeat of a latched condition that stays true, once (docs/semantics.md 2.9).
    fn repeat(&mut self, mut holding: Holding) -> Result<(), Unsettled> {
        let id = holding.element.as_ref().map(Element::id).unwrap_or_default();
        let latch = self.latches.find(holding.rule, &id).cloned();
        let Some((mut latch, every)) = latch.zip(holding.every) else { return Ok(()) };
        let reached = newest_repeat(&latch, every, &self.evaluator.eval);
        let is_due = reached > latch.repeat;
        latch.repeat = reached;
        let next = next_repeat(&latch, every, &self.evaluator.eval);
        self.pass_wake = self.pass_wake.min(next);
        holding.wake = holding.wake.min(next);
        let breaches = Vec::new();
        let turning = Turning { latch, repeat: reached, breaches };
        if is_due { self.fire(holding, turning).map(|_| ()) } else { Ok(()) }
    }

    /// Carries out a rule's body; whether it came to its end.
    fn fire(&mut self, holding: Holding, turning: Turning) -> Result<bool, Unsettled> {
        let Holding { rule, element, wake, .. } = holding;
        let Turning { latch, repeat, breaches } = turning;
        let definition = &self.evaluator.ruleset.rules[rule];
        let because = self.evaluator.reasons(definition, element.clone());
        let eval = Arc::clone(&self.evaluator.eval);
        let snapshot = Snapshot::take(&eval);
        let first = snapshot.notifications;
        {
            let mut working = eval.working();
            working.phase = Phase::Effects;
            working.it = element.clone();
            working.actor = Actor::System.as_str().into();
            let source = Source::Rule(definition.name.clone());
            working.origin = Origin { by: Actor::System, via: Via::Rule, source };
            let shown: Vec<&str> = because.iter().map(Reason::shown).collect();
            let data = json!({"because": shown, "element": latch.element, "repeat": repeat});
            let in_full = because.iter().any(|reason| reason.withheld.is_some()).then(|| {
                let lines: Vec<&str> = because.iter().map(|reason| reason.line.as_str()).collect();
                json!({"because": lines})
            });
            let summary = format!("rule \"{}\"", definition.name);
            working.record_personal(EventKind::RuleFired, summary, data, in_full);
        }
        let outcome = self.evaluator.body(Work::Rule(definition), &definition.then);
        let outcome = outcome.and_then(|()| {
            perform_recorded(&mut self.evaluator, &mut self.performed, &Asker::Rule(&definition.name))
        });
        if let Err(error) = outcome {
            snapshot.restore(&eval);
            self.contain(rule, element.as_ref(), error, wake)?;
            return Ok(false);
        }
        self.before.get_or_insert(snapshot);
        let last = {
            let mut working = eval.working();
            let firing = LatchKey { rule: definition.name.clone(), element: latch.element.clone() };
            let sent = working.notifications.get_mut(first..).unwrap_or_default();
            sent.iter_mut().for_each(|n| n.firing = Some(firing.clone()));
            working.notifications.len()
        };
        self.firings.push(Firing { breaches, notifications: first..last });
        self.fired.push((rule, latch.element.clone()));
        self.latches.set(rule, latch);
        Ok(true)
    }

    /// Stops a rule that failed for this settling, for the element that it failed for; what it compared until
    /// then still wakes it (docs/semantics.md 4.4). The fault is the rule's, also when an action that it performs
    /// failed or was refused.
    fn contain(
        &mut self,
        rule: usize,
        element: Option<&Element>,
        error: EvalError,
        wake: Moment,
    ) -> Result<(), Unsettled> {
        let (ruleset, work) = (self.evaluator.ruleset, Work::Rule(&self.evaluator.ruleset.rules[rule]));
        let fault = match error {
            EvalError::Interrupted(interruption) => return Err(interruption.into()),
            EvalError::Refused(text) => {
                let told = Text::new(
                    format!("de actie die hij uitvoert is geweigerd: {}", text.nl),
                    format!("the action it performs was refused: {}", text.en),
                );
                work.fault(ruleset, told)
            }
            EvalError::Fault(fault) => Fault { source: work.source(), ..*fault },
        };
        match element {
            // What the rule may do in one decision is used up for its other elements as well.
            Some(element) if fault.kind != FaultKind::Limit => {
                self.faulted_elements.insert((rule, element.id()));
            }
            _ => {
                self.faulted.insert(rule);
            }
        }
        if !mutated(Mutant::FaultedSkipped) {
            self.faulted_wake = self.faulted_wake.min(wake);
        }
        // Each is told once, and so is that of a rule that fails for many elements.
        if !self.faults.iter().any(|f| f.source == fault.source) {
            self.faults.push(fault);
        }
        Ok(())
    }
}
