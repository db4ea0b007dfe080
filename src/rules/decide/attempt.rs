//! `Attempt`: one try at a decision, from the case as it was loaded to the decision as it stands.

use super::action::{Asker, Call};
use super::breach::{alarm, record_breaches};
use super::decision::Decision;
use super::input::{ActionCall, Input};
use super::settle::{Settling, Unsettled};
use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{
    Actor, Case, Deadline, EventKind, Fault, FaultKind, RuleName, Source, Suspension, Text,
};
use crate::rules::evaluate::budget::Account;
use crate::rules::evaluate::error::EvalError;
use crate::rules::evaluate::evaluator::Evaluator;
use crate::rules::evaluate::observer::Observer;
use crate::rules::machine::Interpreter;
use crate::rules::mutants::{Mutant, mutated};
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::ruleset::renames::Renames;
use crate::rules::words::context::{Eval, Working};
use serde_json::json;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The inputs that all tries at one decision share.
pub(super) struct Ground<'g> {
    pub ruleset: &'g Ruleset,
    calendar: &'g Arc<Calendar>,
    observer: &'g dyn Observer,
    now: Moment,
    today: Date,
    without: Vec<Fault>,
    /// Rules that took more than they may in an earlier try: they would again.
    overspent: RefCell<Vec<Fault>>,
    adopt_at: Option<Moment>,
    renames: Renames,
}

impl<'g> Ground<'g> {
    /// Returns the ground, the case to start from, and what sets it going; none at a time that no calendar
    /// has.
    pub fn of<T>(
        ruleset: &'g Ruleset,
        calendar: &'g Arc<Calendar>,
        input: Input<T>,
        observer: &'g dyn Observer,
    ) -> Option<(Self, Arc<Case>, T)> {
        let Input { mut case, trigger, now, without, adopt_at, renames, cancel: _ } = input;
        if case.suspensions.iter().any(|s| s.ruleset != ruleset.hash()) {
            Arc::make_mut(&mut case).suspensions.retain(|s| s.ruleset == ruleset.hash());
        }
        let now = now.max(case.decided_at);
        let today = calendar.day_of(now).ok()?;
        let overspent = RefCell::default();
        let ground = Self { ruleset, calendar, observer, now, today, without, overspent, adopt_at, renames };
        Some((ground, case, trigger))
    }

    fn eval(&self, now: Moment, today: Date, case: Case) -> Arc<Eval> {
        let procedure = Arc::clone(&self.ruleset.procedure);
        Arc::new(Eval::new(procedure, Arc::clone(self.calendar), now, today, case))
    }

    fn settling<'e>(
        &'e self,
        interpreter: &'e mut dyn Interpreter,
        eval: Arc<Eval>,
        excluded: &BTreeSet<RuleName>,
    ) -> Settling<'e> {
        let evaluator = Evaluator::new(interpreter, self.ruleset, eval, self.observer);
        Settling::new(evaluator, &self.renames, excluded)
    }

    /// Latches what holds already and has not fired; the names of the rules.
    fn adopt(
        &self,
        interpreter: &mut dyn Interpreter,
        case: &mut Case,
        excluded: &BTreeSet<RuleName>,
    ) -> Result<Vec<RuleName>, Unsettled> {
        let Some(at) = self.adopt_at.map(|at| at.min(self.now)) else { return Ok(Vec::new()) };
        let Ok(day) = self.calendar.day_of(at) else { return Ok(Vec::new()) };
        let mut settling = self.settling(interpreter, self.eval(at, day, case.clone()), excluded);
        let adopted = settling.adopt()?;
        case.latches = settling.into_memory().0;
        Ok(adopted)
    }
}

pub(super) struct Attempt<'a> {
    ground: &'a Ground<'a>,
    settling: Settling<'a>,
    /// The deadlines as they were loaded.
    before: &'a [Deadline],
    known_faults: Vec<Fault>,
    suspended: Vec<Suspension>,
}

impl<'a> Attempt<'a> {
    /// Adopts what is to be adopted and records the deadlines that have passed.
    pub fn begin(
        interpreter: &'a mut dyn Interpreter,
        ground: &'a Ground<'a>,
        start: &'a Case,
    ) -> Result<Self, Unsettled> {
        let mut case = start.clone();
        let mut known_faults = std::mem::take(&mut case.faults);
        known_faults.retain(|f| f.ruleset == ground.ruleset.hash());
        let suspended = case.suspensions.clone();
        let overspent = ground.overspent.borrow();
        let failed = ground.without.iter().chain(&*overspent).filter_map(|f| f.source.rule().cloned());
        let excluded: BTreeSet<RuleName> = suspended.iter().map(|s| s.rule.clone()).chain(failed).collect();
        drop(overspent);
        let adopted = ground.adopt(interpreter, &mut case, &excluded)?;
        let eval = ground.eval(ground.now, ground.today, case);
        if !adopted.is_empty() {
            let data = json!({"rules": adopted});
            eval.working().record(EventKind::Adopted, "rules that held already were taken for fired", data);
        }
        let breached = record_breaches(&eval);
        let mut settling = ground.settling(interpreter, eval, &excluded);
        settling.breached = breached;
        Ok(Self { ground, settling, before: &start.deadlines, known_faults, suspended })
    }

    pub fn eval(&self) -> &Eval {
        &self.settling.evaluator.eval
    }

    /// Settles, and tells of the breaches that were recorded before and of terms that were armed in the past
    /// meanwhile, so that what comes next finds them told (docs/semantics.md 3.3, 5.1).
    pub fn settle(&mut self) -> Result<(), Unsettled> {
        let outcome = self.settling.settle();
        if matches!(outcome, Err(Unsettled::Cycle(_))) {
            let overspent = self.settling.faults.iter().filter(|f| f.kind == FaultKind::Limit);
            self.ground.overspent.borrow_mut().extend(overspent.cloned());
        }
        if outcome.is_ok() && !mutated(Mutant::ToldAtTheEnd) {
            self.tell();
        }
        outcome
    }

    fn tell(&mut self) {
        let eval = Arc::clone(&self.settling.evaluator.eval);
        if !mutated(Mutant::ArmedInThePast) {
            self.settling.breached.extend(record_breaches(&eval));
        }
        let (breached, firings) =
            (std::mem::take(&mut self.settling.breached), std::mem::take(&mut self.settling.firings));
        alarm(&eval, &breached, &firings);
    }

    /// Carries out what somebody asks for.
    pub fn act(&mut self, call: &ActionCall) -> Result<(), EvalError> {
        let by = Actor::Person(call.actor.clone());
        let asker = Asker::Person { by, via: call.via, roles: &call.roles };
        self.settling.evaluator.charge_to(Account::Asked);
        self.settling.carry_out(&Call { id: &call.id, given: &call.input, asker })
    }

    pub fn finish(mut self) -> Decision {
        if mutated(Mutant::ToldAtTheEnd) {
            self.tell();
        }
        let mut faults = std::mem::take(&mut self.settling.faults);
        faults.extend(self.ground.without.iter().chain(&*self.ground.overspent.borrow()).cloned());
        faults.extend(self.suspended.into_iter().map(|s| cycle_fault(self.ground.ruleset, s)));
        let wake = self.settling.wake();
        let (working, latches, fired_today) = self.settling.end();
        let Working { mut case, events, notifications, retired: mut deadlines, .. } = working;
        deadlines.extend(case.deadlines.iter().filter(|d| !self.before.contains(d)).cloned());
        let ends = case.deadlines.iter().filter(|d| d.runs() && d.breached_at.is_none());
        let ends = ends.filter(|d| d.pauses.is_empty() || !mutated(Mutant::ResumedUnscheduled));
        let breach = ends.map(|d| d.due.next()).min().filter(|_| !mutated(Mutant::BreachesMissing));
        let wake = wake.min(breach.unwrap_or(Moment::NEVER));
        let (ruleset, now) = (self.ground.ruleset, self.ground.now);
        let is_terminal = ruleset.procedure.is_terminal(&case.complaint.state);
        case.latches = latches;
        case.firings = fired_today;
        case.faults = self.known_faults;
        case.version += 1;
        case.decided_at = now;
        case.wake_at = (!wake.is_never() && !is_terminal).then_some(wake);
        if case.complaint.registered_at == Some(now) && case.complaint.registered_under.is_none() {
            case.complaint.registered_under = Some(ruleset.hash().to_owned());
        }
        let mut decision = Decision {
            wake_at: case.wake_at,
            case,
            at: now,
            events,
            notifications,
            deadlines,
            new_faults: Vec::new(),
        };
        faults.into_iter().for_each(|fault| decision.record_fault(fault));
        decision
    }
}

fn cycle_fault(ruleset: &Ruleset, suspension: Suspension) -> Fault {
    let Suspension { rule, others, .. } = suspension;
    let found = ruleset.rule_index.get(&rule).and_then(|i| ruleset.rules.get(*i));
    let place =
        found.map_or_else(String::new, |r| format!("rules/{}:{}", r.file, r.position.line().unwrap_or(0)));
    let others: Vec<String> = others.iter().map(|other| format!("\"{other}\"")).collect();
    let text = match others.is_empty() {
        true => Text::new(
            "wat hij doet zet hem steeds weer aan; voor deze klacht is hij stilgezet",
            "its effects turn it on again and again; it is suspended for this complaint",
        ),
        false => Text::new(
            format!(
                "hij en {} zetten elkaar steeds weer aan; voor deze klacht zijn ze stilgezet",
                others.join(" en ")
            ),
            format!(
                "it and {} turn each other on again and again; they are suspended for this complaint",
                others.join(" and ")
            ),
        ),
    };
    Fault {
        source: Source::Rule(rule),
        ruleset: ruleset.hash().to_owned(),
        kind: FaultKind::Cycle,
        place,
        text,
    }
}
