//! `decide` and `act`: the two entry points. `decide` takes what happens to a complaint, which nobody can refuse; `act`
//! what a person or integration asks for.

use super::attempt::{Attempt, Ground};
use super::decision::{Decision, Outcome, Refusal};
use super::hearing::tell_of_mail;
use super::input::{ActionCall, Input, Trigger};
use super::settle::Unsettled;
use super::trigger::apply;
use crate::calendar::Calendar;
use crate::complaint::{Case, RuleName, Suspension};
use crate::rules::evaluate::error::{EvalError, Interruption};
use crate::rules::evaluate::observer::Observer;
use crate::rules::machine::Interpreter;
use crate::rules::ruleset::loaded::Ruleset;
use std::convert::Infallible;
use std::sync::Arc;

/// Decides about one complaint.
pub fn decide(
    ruleset: &Arc<Ruleset>,
    calendar: &Arc<Calendar>,
    input: Input,
    observer: &Arc<dyn Observer>,
) -> Outcome {
    decide_all(ruleset, calendar, vec![input], observer).pop().unwrap_or(Outcome::Cancelled)
}

/// Decides about many complaints in one go, which is cheaper than one by one; outcomes in the order of the
/// inputs.
pub fn decide_all(
    ruleset: &Arc<Ruleset>,
    calendar: &Arc<Calendar>,
    inputs: Vec<Input>,
    observer: &Arc<dyn Observer>,
) -> Vec<Outcome> {
    let (rules, calendar, observer) = (Arc::clone(ruleset), Arc::clone(calendar), Arc::clone(observer));
    let job = move |interpreter: &mut dyn Interpreter| {
        let decided =
            inputs.into_iter().map(|input| decide_in(interpreter, &rules, &calendar, input, &*observer));
        decided.collect::<Vec<_>>()
    };
    ruleset.machine.run(job).unwrap_or_default()
}

/// Carries out what somebody asks for: settles first, checks, carries out, settles again
/// (docs/semantics.md 5.1).
pub fn act(
    ruleset: &Arc<Ruleset>,
    calendar: &Arc<Calendar>,
    input: Input<ActionCall>,
    observer: &Arc<dyn Observer>,
) -> Result<Outcome, Refusal> {
    let (rules, calendar, observer) = (Arc::clone(ruleset), Arc::clone(calendar), Arc::clone(observer));
    let job =
        move |interpreter: &mut dyn Interpreter| act_in(interpreter, &rules, &calendar, input, &*observer);
    ruleset.machine.run(job).unwrap_or(Ok(Outcome::Cancelled))
}

fn decide_in(
    interpreter: &mut dyn Interpreter,
    ruleset: &Ruleset,
    calendar: &Arc<Calendar>,
    input: Input,
    observer: &dyn Observer,
) -> Outcome {
    let _heeding = input.cancel.heed();
    let Some((ground, mut case, trigger)) = Ground::of(ruleset, calendar, input, observer) else {
        return Outcome::Cancelled;
    };
    if matches!(trigger, Trigger::Resume { .. }) {
        let case = Arc::make_mut(&mut case);
        case.suspensions.clear();
        case.faults.clear();
        case.firings.clear();
    }
    let decided = until_acyclic(&ground, case, |case| {
        let mut attempt = Attempt::begin(interpreter, &ground, case)?;
        if trigger.comes_after_what_is_due() {
            attempt.settle()?;
        }
        let before = attempt.eval().working().notifications.len();
        apply(&trigger, attempt.eval());
        attempt.settle()?;
        tell_of_mail(attempt.eval(), &trigger, before);
        Ok(Ok::<_, Infallible>(attempt.finish()))
    });
    let Ok(outcome) = decided;
    outcome
}

fn act_in(
    interpreter: &mut dyn Interpreter,
    ruleset: &Ruleset,
    calendar: &Arc<Calendar>,
    input: Input<ActionCall>,
    observer: &dyn Observer,
) -> Result<Outcome, Refusal> {
    let _heeding = input.cancel.heed();
    let Some((ground, case, call)) = Ground::of(ruleset, calendar, input, observer) else {
        return Ok(Outcome::Cancelled);
    };
    until_acyclic(&ground, case, |case| {
        let mut attempt = Attempt::begin(interpreter, &ground, case)?;
        attempt.settle()?;
        match attempt.act(&call) {
            Ok(()) => {}
            Err(EvalError::Interrupted(interruption)) => return Err(interruption.into()),
            Err(EvalError::Refused(text)) => return Ok(Err(Refusal(text))),
            Err(EvalError::Fault(f)) => {
                return Ok(Err(Refusal(f.text.map(|text| format!("{text} ({})", f.place)))));
            }
        }
        attempt.settle()?;
        Ok(Ok(attempt.finish()))
    })
}

/// Decides anew without rules that turn each other on, until none are left; each turn suspends a cycle.
fn until_acyclic<R>(
    ground: &Ground<'_>,
    mut case: Arc<Case>,
    mut attempt: impl FnMut(&Case) -> Result<Result<Decision, R>, Unsettled>,
) -> Result<Outcome, R> {
    loop {
        let found = match attempt(&case) {
            Ok(decision) => return Ok(Outcome::Decided(Box::new(decision?))),
            Err(Unsettled::Interrupted(Interruption::Need(need))) => return Ok(Outcome::Needs(need)),
            Err(Unsettled::Interrupted(Interruption::Cancelled)) => return Ok(Outcome::Cancelled),
            Err(Unsettled::Cycle(found)) => found,
        };
        let suspend = |rule: &RuleName, others: Vec<RuleName>| Suspension {
            rule: rule.clone(),
            ruleset: ground.ruleset.hash().to_owned(),
            others,
        };
        // Of the cycle is whatever the rule would not have been turned on again without.
        let mut cycle = vec![found.rule.clone()];
        for other in found.between {
            let mut without = (*case).clone();
            without.suspensions.push(suspend(&other, Vec::new()));
            let is_bystander =
                matches!(attempt(&without), Err(Unsettled::Cycle(again)) if again.rule == found.rule);
            if !is_bystander {
                cycle.push(other);
            }
        }
        for rule in &cycle {
            let others = cycle.iter().filter(|other| *other != rule).cloned().collect();
            Arc::make_mut(&mut case).suspensions.push(suspend(rule, others));
        }
    }
}
