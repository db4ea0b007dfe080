//! Explaining: each rule's condition for one complaint, part by part, with what each part read and the moment
//! at which it can turn. The parts are evaluated by the same machine as everything else.

use crate::calendar::{Calendar, Moment};
use crate::complaint::{Case, Latch};
use crate::rules::evaluate::budget::Account;
use crate::rules::evaluate::error::EvalError;
use crate::rules::evaluate::evaluator::Evaluator;
use crate::rules::evaluate::observer::unobserved;
use crate::rules::language::snippet;
use crate::rules::machine::Interpreter;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::ruleset::renames::Renames;
use crate::rules::statements::rule::Rule;
use crate::rules::words::context::Eval;
use crate::rules::words::element::Element;
use rhai::Expr;
use serde::Serialize;
use std::sync::Arc;

/// The standing of a rule for a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleStanding {
    /// Its condition holds, and it has fired for that.
    Fired,
    /// Its condition holds and it has not fired: it is about to.
    Due,
    /// Its condition does not hold.
    Waiting,
    /// Its list is empty, so there is nothing to look at.
    NoElement,
    /// It and others kept turning each other on, and it is kept from this complaint (docs/semantics.md 4.2).
    Suspended,
    /// It failed for this complaint.
    Faulty,
}

/// One conjunct of a condition.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// The text as it stands in the file.
    pub text: String,
    /// The outcome; none when it could not be evaluated.
    pub holds: Option<bool>,
    /// The readings, such as `due("reply") is 2026-12-07 23:59`.
    pub read: Vec<String>,
    /// The moment at which its outcome changes by time alone; none when it does not.
    #[serde(skip)]
    pub turns_at: Option<Moment>,
    /// The error, in words; none when it was evaluated.
    pub error: Option<String>,
}

/// One rule for one complaint, or for one element of its list.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    /// The rule's name.
    pub rule: String,
    /// The file, relative to the rules folder.
    pub file: String,
    /// The line at which the rule begins, from 1.
    pub line: usize,
    /// The measure or complaint that `for` looks at; none without `for`.
    pub element: Option<String>,
    /// The standing of the rule.
    pub standing: RuleStanding,
    /// The conjuncts of its condition, in order.
    pub parts: Vec<Part>,
    /// The moment since which its condition has held; none while it does not.
    #[serde(skip)]
    pub since: Option<Moment>,
}

impl Explained {
    /// Returns the moment at which its condition can come to hold by time alone: when the last of its false
    /// parts turns. None while something other than time keeps it.
    pub fn can_hold_at(&self) -> Option<Moment> {
        let missing = self.parts.iter().filter(|p| p.holds != Some(true));
        let turns: Option<Vec<Moment>> =
            missing.map(|p| p.turns_at.filter(|_| p.holds == Some(false))).collect();
        turns?.into_iter().max().filter(|_| self.standing == RuleStanding::Waiting)
    }

    /// Returns the first conjunct that keeps the rule from firing; none when all hold.
    pub fn first_false(&self) -> Option<&Part> {
        self.parts.iter().find(|p| p.holds != Some(true))
    }
}

/// Explains every rule of the ruleset for this complaint, in file order. `renames` are those with which the
/// ruleset came in force.
pub fn explain(
    ruleset: &Arc<Ruleset>,
    calendar: &Arc<Calendar>,
    case: &Case,
    now: Moment,
    renames: &Renames,
) -> Vec<Explained> {
    let now = now.max(case.decided_at);
    let Ok(today) = calendar.day_of(now) else { return Vec::new() };
    let (rules, case, renames) = (Arc::clone(ruleset), case.clone(), renames.clone());
    let eval = Eval::new(Arc::clone(&ruleset.procedure), Arc::clone(calendar), now, today, case.clone());
    let eval = Arc::new(eval);
    let job = move |interpreter: &mut dyn Interpreter| {
        let mut evaluator = Evaluator::new(interpreter, &rules, eval, &**unobserved());
        let explained = rules.rules.iter().enumerate().flat_map(|(place, rule)| {
            evaluator.charge_to(Account::Rule(place));
            one(&mut evaluator, rule, &case, &renames)
        });
        explained.collect::<Vec<_>>()
    };
    ruleset.machine.run(job).unwrap_or_default()
}

fn one(evaluator: &mut Evaluator<'_>, rule: &Rule, case: &Case, renames: &Renames) -> Vec<Explained> {
    let elements: Vec<Option<Element>> = match &rule.list {
        None => vec![None],
        // A list that fails is as good as empty here; its fault stands with the complaint.
        Some(list) => {
            evaluator.elements(rule, list).outcome.unwrap_or_default().into_iter().map(Some).collect()
        }
    };
    let hash = evaluator.ruleset.hash();
    let faulty = case.faults.iter().any(|f| f.source.rule() == Some(&rule.name) && f.ruleset == hash);
    let suspended = case.suspensions.iter().any(|s| s.rule == rule.name && s.ruleset == hash);
    let base =
        |element: Option<&Element>, standing: RuleStanding, parts: Vec<Part>, since: Option<Moment>| {
            Explained {
                rule: rule.name.to_string(),
                file: rule.file.clone(),
                line: rule.position.line().unwrap_or(0),
                element: element.map(Element::id),
                standing,
                parts,
                since,
            }
        };
    if elements.is_empty() {
        return vec![base(None, RuleStanding::NoElement, Vec::new(), None)];
    }
    let mut found = Vec::new();
    for element in elements {
        let parts = parts(evaluator, rule, element.as_ref());
        let id = element.as_ref().map(Element::id).unwrap_or_default();
        let is_own = |l: &&Latch| l.element == id && *renames.current(&l.rule) == rule.name;
        let latch = case.latches.iter().find(is_own);
        let holds = parts.iter().all(|p| p.holds == Some(true));
        let standing = match (suspended, faulty, holds, latch) {
            (true, ..) => RuleStanding::Suspended,
            (_, true, ..) => RuleStanding::Faulty,
            (_, _, true, Some(_)) => RuleStanding::Fired,
            (_, _, true, None) => RuleStanding::Due,
            (_, _, false, _) => RuleStanding::Waiting,
        };
        let since = latch.filter(|_| holds).map(|l| l.since);
        found.push(base(element.as_ref(), standing, parts, since));
    }
    found
}

fn parts(evaluator: &mut Evaluator<'_>, rule: &Rule, element: Option<&Element>) -> Vec<Part> {
    let conjuncts: Vec<Expr> = match &rule.when {
        Expr::And(parts, _) => parts.iter().cloned().collect(),
        single => vec![single.clone()],
    };
    let texts = snippet::conjuncts(evaluator.ruleset.source(), &rule.file, &conjuncts);
    let mut found = Vec::new();
    for (expr, text) in conjuncts.iter().zip(texts) {
        let (look, read) = evaluator.part(rule, expr, element.cloned());
        let (holds, error) = match look.outcome {
            Ok(holds) => (Some(holds), None),
            Err(EvalError::Fault(fault)) => (None, Some(fault.text)),
            Err(EvalError::Refused(text)) => (None, Some(text)),
            Err(EvalError::Interrupted(_)) => (None, Some("it was interrupted".to_owned())),
        };
        let turns_at = (!look.wake.is_never()).then_some(look.wake);
        found.push(Part { text, holds, read, turns_at, error });
    }
    found
}
