//! `Latches`: which rules have fired for one complaint, sorted by rule while a decision is under way.

use crate::calendar::{Moment, Span};
use crate::complaint::Latch;
use crate::rules::mutants::{Mutant, mutated};
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::ruleset::renames::Renames;
use crate::rules::words::context::Eval;
use std::collections::BTreeSet;

pub(super) struct Latches {
    /// By the place of the rule.
    of_rule: Vec<Vec<Latch>>,
    /// Latches of rules that the ruleset does not have; a restore finds them again (docs/semantics.md 4.3).
    foreign: Vec<Latch>,
}

impl Latches {
    pub fn sort(latches: Vec<Latch>, ruleset: &Ruleset, renames: &Renames) -> Self {
        let mut sorted = Self { of_rule: vec![Vec::new(); ruleset.rules.len()], foreign: Vec::new() };
        for latch in latches {
            match ruleset.rule_index.get(renames.current(&latch.rule)) {
                Some(&place) => {
                    let rule = ruleset.rules[place].name.clone();
                    sorted.of_rule[place].push(Latch { rule, ..latch });
                }
                None => sorted.foreign.push(latch),
            }
        }
        sorted
    }

    pub fn into_vec(self) -> Vec<Latch> {
        self.of_rule.into_iter().flatten().chain(self.foreign).collect()
    }

    pub fn find(&self, rule: usize, element: &str) -> Option<&Latch> {
        self.of_rule[rule].iter().find(|l| l.element == element)
    }

    /// Lets go of a rule's latch for one element.
    pub fn release(&mut self, rule: usize, element: &str) {
        let latches = &mut self.of_rule[rule];
        if !latches.is_empty() && !mutated(Mutant::LatchKept) {
            latches.retain(|l| l.element != element);
        }
    }

    /// Lets go of all latches of a rule.
    pub fn release_all(&mut self, rule: usize) {
        if !mutated(Mutant::LatchKept) {
            self.of_rule[rule].clear();
        }
    }

    /// Lets go of the latches of elements that are no longer there.
    pub fn keep(&mut self, rule: usize, elements: &BTreeSet<String>) {
        self.of_rule[rule].retain(|l| elements.contains(&l.element));
    }

    /// Puts a latch in the place of the rule's earlier one for the same element.
    pub fn set(&mut self, rule: usize, latch: Latch) {
        let latches = &mut self.of_rule[rule];
        latches.retain(|l| l.element != latch.element);
        latches.push(latch);
    }
}

/// Returns whether a deadline that the latch's condition read has been armed anew (docs/semantics.md 4.1).
pub(super) fn is_renewed(latch: &Latch, eval: &Eval) -> bool {
    let working = eval.working();
    latch.readings.iter().any(|reading| {
        let instance = working.case.armed_instance(&reading.deadline);
        instance != 0 && instance != reading.instance
    })
}

/// Returns when the latch's rule repeats next (docs/semantics.md 2.9).
pub(super) fn next_repeat(latch: &Latch, every: Span, eval: &Eval) -> Moment {
    if mutated(Mutant::RepeatsMissing) {
        return Moment::NEVER;
    }
    eval.calendar.repeat(latch.since, every, latch.repeat + 1).unwrap_or(Moment::NEVER)
}

/// Returns the number of the newest repeat at or before now.
pub(super) fn newest_repeat(latch: &Latch, every: Span, eval: &Eval) -> i64 {
    let reached = |k: i64| eval.calendar.repeat(latch.since, every, k).is_ok_and(|at| at <= eval.now);
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
