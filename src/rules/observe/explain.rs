//! Explaining: each rule's condition for one complaint, part by part, with what each part read and the moment at
//! which it can turn. The parts are evaluated by the same machine as everything else.

use crate::calendar::{Calendar, Moment};
use crate::complaint::{Case, Latch, Source};
use crate::rules::decide::decision::run;
use crate::rules::decide::settle::Settling;
use crate::rules::evaluate::failure::Failed;
use crate::rules::language::snippet;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::statements::rule::Rule;
use crate::rules::words::context::{Eval, Phase};
use crate::rules::words::element::Element;
use rhai::Expr;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How a rule stands for a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its condition holds, and it has fired for that.
    Fired,
    /// Its condition holds and it has not fired: it is about to.
    Due,
    /// Its condition does not hold.
    Waiting,
    /// Its list is empty, so there is nothing to look at.
    NoElement,
    /// It went round in circles and is kept from this complaint.
    Suspended,
    /// It failed for this complaint.
    Faulty,
}

/// One conjunct of a condition.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// As it stands in the file.
    pub text: String,
    /// None when it could not be evaluated.
    pub holds: Option<bool>,
    /// What it read, such as `due("reply") is 2026-12-07 23:59`.
    pub read: Vec<String>,
    /// When its outcome changes by time alone.
    #[serde(skip)]
    pub turns_at: Option<Moment>,
    /// Why it could not be evaluated.
    pub error: Option<String>,
}

/// One rule for one complaint, or for one element of its list.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    pub rule: String,
    pub file: String,
    pub line: usize,
    /// The measure or complaint that `for` looks at.
    pub element: Option<String>,
    pub standing: Standing,
    pub parts: Vec<Part>,
    /// Since when its condition has held.
    #[serde(skip)]
    pub since: Option<Moment>,
}

impl Explained {
    /// The moment at which its condition can come to hold by time alone: when the last of its false parts turns.
    /// None while something other than time keeps it.
    pub fn can_hold_at(&self) -> Option<Moment> {
        let missing = self.parts.iter().filter(|p| p.holds != Some(true));
        let turns: Option<Vec<Moment>> =
            missing.map(|p| p.turns_at.filter(|_| p.holds == Some(false))).collect();
        turns?.into_iter().max().filter(|_| self.standing == Standing::Waiting)
    }

    /// The first conjunct that keeps the rule from firing.
    pub fn first_false(&self) -> Option<&Part> {
        self.parts.iter().find(|p| p.holds != Some(true))
    }
}

/// Every rule of the ruleset for this complaint, in file order.
pub fn explain(ruleset: &Arc<Ruleset>, calendar: &Arc<Calendar>, case: &Case, now: Moment) -> Vec<Explained> {
    let now = now.max(case.decided_at);
    let Ok(today) = calendar.day_of(now) else { return Vec::new() };
    let (rules, case) = (Arc::clone(ruleset), case.clone());
    let eval = Eval::new(Arc::clone(&ruleset.procedure), Arc::clone(calendar), now, today, case.clone());
    let eval = Arc::new(eval);
    let job = move |context: &mut rhai::EvalContext| {
        let mut settling = Settling::new(context, Arc::clone(&rules), eval, &BTreeSet::new());
        rules.rules.iter().flat_map(|rule| one(&mut settling, &rules, rule, &case)).collect()
    };
    run(ruleset, job).unwrap_or_default()
}

fn one(settling: &mut Settling, ruleset: &Ruleset, rule: &Rule, case: &Case) -> Vec<Explained> {
    let elements: Vec<Option<Element>> = match &rule.list {
        None => vec![None],
        Some(list) => settling
            .elements(list, &mut Moment::NEVER.clone())
            .unwrap_or_default()
            .into_iter()
            .map(Some)
            .collect(),
    };
    let faulty =
        case.faults.iter().any(|f| f.source.rule() == Some(&rule.name) && f.ruleset == ruleset.hash());
    let suspended = case.suspensions.iter().any(|s| s.rule == rule.name && s.ruleset == ruleset.hash());
    let base =
        |element: Option<&Element>, standing: Standing, parts: Vec<Part>, since: Option<Moment>| Explained {
            rule: rule.name.to_string(),
            file: rule.file.clone(),
            line: rule.position.line().unwrap_or(0),
            element: element.map(Element::id),
            standing,
            parts,
            since,
        };
    if elements.is_empty() {
        return vec![base(None, Standing::NoElement, Vec::new(), None)];
    }
    let mut found = Vec::new();
    for element in elements {
        let parts = parts(settling, ruleset, rule, element.as_ref());
        let id = element.as_ref().map(Element::id).unwrap_or_default();
        let is_own = |l: &&Latch| {
            l.element == id
                && ruleset.rule_of_latch(l.rule.as_str()).is_some_and(|r| ruleset.rules[r].name == rule.name)
        };
        let latch = case.latches.iter().find(is_own);
        let holds = parts.iter().all(|p| p.holds == Some(true));
        let standing = match (suspended, faulty, holds, latch) {
            (true, ..) => Standing::Suspended,
            (_, true, ..) => Standing::Faulty,
            (_, _, true, Some(_)) => Standing::Fired,
            (_, _, true, None) => Standing::Due,
            (_, _, false, _) => Standing::Waiting,
        };
        let since = latch.filter(|_| holds).map(|l| l.since);
        found.push(base(element.as_ref(), standing, parts, since));
    }
    found
}

fn parts(settling: &mut Settling, ruleset: &Ruleset, rule: &Rule, element: Option<&Element>) -> Vec<Part> {
    let conjuncts: Vec<Expr> = match &rule.when {
        Expr::And(parts, _) => parts.iter().cloned().collect(),
        single => vec![single.clone()],
    };
    let texts = snippet::conjuncts(ruleset.source(), &rule.file, &conjuncts);
    let mut found = Vec::new();
    for (expr, text) in conjuncts.iter().zip(texts) {
        settling.prepare_condition(element.cloned());
        settling.eval.working().trace = Some(Vec::new());
        let outcome = settling.evaluate(expr);
        let (read, wake) = {
            let mut working = settling.eval.working();
            working.readings.clear();
            working.phase = Phase::Condition;
            (working.trace.take().unwrap_or_default(), working.wake)
        };
        let (holds, error) = match outcome {
            Ok(value) => match value.as_bool() {
                Ok(holds) => (Some(holds), None),
                Err(kind) => (None, Some(format!("it is a value of type {kind}, not true or false"))),
            },
            Err(failure) => match settling.failed(Source::Rule(rule.name.clone()), &rule.file, failure) {
                Failed::Fault(fault) => (None, Some(fault.text)),
                Failed::Refused(text) => (None, Some(text)),
                Failed::Abort(_) => (None, Some("it was interrupted".to_owned())),
            },
        };
        let turns_at = (!wake.is_never()).then_some(wake);
        found.push(Part { text, holds, read, turns_at, error });
    }
    found
}
