//! Explaining: each rule's condition for one complaint, part by part, with what each part read and the moment
//! at which it turns. The parts are evaluated by the same machine as everything else, now and at the moments
//! that they compare.

use crate::calendar::{Calendar, Moment};
use crate::complaint::{Case, Latch, Text};
use crate::rules::evaluate::budget::Account;
use crate::rules::evaluate::error::EvalError;
use crate::rules::evaluate::evaluator::Evaluator;
use crate::rules::evaluate::observer::unobserved;
use crate::rules::language::snippet;
use crate::rules::language::tree::conjuncts;
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
    /// The first moment at which its outcome is another by time alone; none when it stays the same.
    #[serde(skip)]
    pub turns_at: Option<Moment>,
    /// The error, in words; none when it was evaluated.
    pub error: Option<Text>,
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
    /// The first moment at which its condition, which it waits for, holds by time alone; none while something
    /// other than time keeps it.
    #[serde(skip)]
    pub can_hold_at: Option<Moment>,
}

impl Explained {
    /// Returns the first conjunct that keeps the rule from firing; none when all hold.
    pub fn first_false(&self) -> Option<&Part> {
        self.parts.iter().find(|p| p.holds != Some(true))
    }
}

/// The most moments that are looked at to find one at which a condition turns; whoever asks wants the next
/// years, not every Monday of a century.
const MOMENTS: usize = 400;

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
    let (rules, calendar, case, renames) =
        (Arc::clone(ruleset), Arc::clone(calendar), case.clone(), renames.clone());
    let job = move |interpreter: &mut dyn Interpreter| {
        let account = Account::Asked;
        let mut view = View { interpreter, ruleset: &rules, calendar: &calendar, case: &case, now, account };
        let explained = rules.rules.iter().enumerate().flat_map(|(place, rule)| {
            view.account = Account::Rule(place);
            one(&mut view, rule, &renames)
        });
        explained.collect::<Vec<_>>()
    };
    ruleset.machine.run(job).unwrap_or_default()
}

/// A complaint as its rules see it, now or at another moment at which its facts are the same.
struct View<'v> {
    interpreter: &'v mut dyn Interpreter,
    ruleset: &'v Ruleset,
    calendar: &'v Arc<Calendar>,
    case: &'v Case,
    now: Moment,
    /// Who does the work.
    account: Account,
}

/// A condition of which every part but the last was true.
struct Reached {
    /// True when the last is true as well.
    holds: bool,
    /// The least moment at which any of them can change.
    wake: Moment,
}

impl View<'_> {
    /// Returns what evaluates at a moment; none at one that no calendar has.
    fn at(&mut self, at: Moment) -> Option<Evaluator<'_>> {
        let today = self.calendar.day_of(at).ok()?;
        let procedure = Arc::clone(&self.ruleset.procedure);
        let eval = Eval::new(procedure, Arc::clone(self.calendar), at, today, self.case.clone());
        let mut evaluator = Evaluator::new(self.interpreter, self.ruleset, Arc::new(eval), &**unobserved());
        evaluator.charge_to(self.account);
        Some(evaluator)
    }

    /// Returns the first moment after now at which a part has another outcome than `holds`. `wake` is the
    /// first at which it can have one.
    fn turn(
        &mut self,
        rule: &Rule,
        part: &Expr,
        element: Option<&Element>,
        holds: Option<bool>,
        wake: Moment,
    ) -> Option<Moment> {
        let mut at = wake;
        for _ in 0..MOMENTS {
            if at.is_never() {
                return None;
            }
            let (look, _) = self.at(at)?.part(rule, part, element.cloned());
            if look.outcome.ok() != holds {
                return Some(at);
            }
            at = Some(look.wake).filter(|next| *next > at)?;
        }
        None
    }

    /// Returns the first moment after now at which all parts are true.
    fn hold(&mut self, rule: &Rule, parts: &[Expr], element: Option<&Element>) -> Option<Moment> {
        let mut at = self.reach(rule, parts, element, self.now)?.wake;
        for _ in 0..MOMENTS {
            if at.is_never() {
                return None;
            }
            let reached = self.reach(rule, parts, element, at)?;
            if reached.holds {
                return Some(at);
            }
            at = Some(reached.wake).filter(|next| *next > at)?;
        }
        None
    }

    /// Evaluates parts at a moment, as far as a condition does.
    fn reach(
        &mut self,
        rule: &Rule,
        parts: &[Expr],
        element: Option<&Element>,
        at: Moment,
    ) -> Option<Reached> {
        let mut evaluator = self.at(at)?;
        let mut wake = Moment::NEVER;
        for part in parts {
            let (look, _) = evaluator.part(rule, part, element.cloned());
            wake = wake.min(look.wake);
            if !look.outcome.unwrap_or(false) {
                return Some(Reached { holds: false, wake });
            }
        }
        Some(Reached { holds: true, wake })
    }
}

fn one(view: &mut View<'_>, rule: &Rule, renames: &Renames) -> Vec<Explained> {
    let case = view.case;
    let elements: Vec<Option<Element>> = match &rule.list {
        None => vec![None],
        // A list that fails is as good as empty here; its fault stands with the complaint.
        Some(list) => {
            let look = view.at(view.now).map(|mut evaluator| evaluator.elements(rule, list));
            let found = look.and_then(|look| look.outcome.ok()).unwrap_or_default();
            found.into_iter().map(Some).collect()
        }
    };
    let hash = view.ruleset.hash();
    let faulty = case.faults.iter().any(|f| f.source.rule() == Some(&rule.name) && f.ruleset == hash);
    let suspended = case.suspensions.iter().any(|s| s.rule == rule.name && s.ruleset == hash);
    let base = |element: Option<&Element>, standing: RuleStanding, parts: Vec<Part>| Explained {
        rule: rule.name.to_string(),
        file: rule.file.clone(),
        line: rule.position.line().unwrap_or(0),
        element: element.map(Element::id),
        standing,
        parts,
        since: None,
        can_hold_at: None,
    };
    if elements.is_empty() {
        return vec![base(None, RuleStanding::NoElement, Vec::new())];
    }
    let conjuncts = conjuncts(&rule.when);
    let mut found = Vec::new();
    for element in elements {
        let parts = parts(view, rule, conjuncts, element.as_ref());
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
        let can_hold_at = match standing {
            RuleStanding::Waiting => view.hold(rule, conjuncts, element.as_ref()),
            _ => None,
        };
        let since = latch.filter(|_| holds).map(|l| l.since);
        found.push(Explained { since, can_hold_at, ..base(element.as_ref(), standing, parts) });
    }
    found
}

fn parts(view: &mut View<'_>, rule: &Rule, conjuncts: &[Expr], element: Option<&Element>) -> Vec<Part> {
    let texts = snippet::conjuncts(view.ruleset.source(), &rule.file, conjuncts);
    let mut found = Vec::new();
    for (expr, text) in conjuncts.iter().zip(texts) {
        let Some(mut evaluator) = view.at(view.now) else { continue };
        let (look, read) = evaluator.part(rule, expr, element.cloned());
        let (holds, error) = match look.outcome {
            Ok(holds) => (Some(holds), None),
            Err(EvalError::Fault(fault)) => (None, Some(fault.text)),
            Err(EvalError::Refused(text)) => (None, Some(text)),
            Err(EvalError::Interrupted(_)) => {
                (None, Some(Text::new("het is onderbroken", "it was interrupted")))
            }
        };
        let turns_at = view.turn(rule, expr, element, holds, look.wake);
        found.push(Part { text, holds, read, turns_at, error });
    }
    found
}
