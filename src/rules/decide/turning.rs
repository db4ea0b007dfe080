//! `Turning`: how a condition came to hold: since when (docs/semantics.md 2.9), and by which breaches
//! (docs/semantics.md 3.3).

use super::breach::Breach;
use crate::calendar::Moment;
use crate::complaint::{Latch, Reading};
use crate::rules::evaluate::error::Interruption;
use crate::rules::evaluate::evaluator::{Evaluator, Held};
use crate::rules::evaluate::snapshot::Snapshot;
use crate::rules::language::limits;
use crate::rules::mutants::{Mutant, mutated};
use crate::rules::statements::rule::Rule;
use crate::rules::words::context::Eval;
use crate::rules::words::element::Element;
use std::sync::Arc;

/// A condition that has turned true, of one rule for one element.
pub(super) struct Turning {
    /// The latch to be set when it fires.
    pub latch: Latch,
    /// The number of the repeat of `every` that it fires for, 0 for the first time.
    pub repeat: i64,
    /// The instances of terms whose breach turned it true.
    pub breaches: Vec<Reading>,
}

/// What was read while a condition was found to hold.
pub(super) struct Seen {
    /// The latest instant at which a comparison of it changed by itself.
    pub turned: Option<Moment>,
    pub readings: Vec<Reading>,
    pub counted: Vec<Reading>,
}

/// What is known of a complaint beside its facts.
pub(super) struct Known<'k> {
    /// The moment at which the condition was last seen not to hold.
    pub at: Moment,
    pub breached: &'k [Breach],
    /// The facts before the first firing of this decision; none while nothing has fired, or once the condition was
    /// looked at with what fired.
    pub before: Option<&'k mut Snapshot>,
}

impl Turning {
    /// Reckons how a condition that holds came to. Time turned it true where it did not hold just before an
    /// instant at which a comparison changed, with the facts as they stand; else the facts did, now. What a firing
    /// of this decision changed, changed now.
    pub fn of(
        evaluator: &mut Evaluator<'_>,
        rule: &Rule,
        element: Option<&Element>,
        seen: Seen,
        known: Known<'_>,
    ) -> Result<Self, Interruption> {
        let Seen { turned: latest, readings, counted } = seen;
        let passed = passed(&evaluator.eval, readings.iter().chain(&counted), known.breached);
        let earliest = passed.iter().map(|(_, end)| *end).fold(known.at.next(), Moment::min);
        let turned = turned(evaluator, rule, element, latest, earliest)?;
        let is_told = |end: &Moment| turned == Some(*end) || mutated(Mutant::ToldByReading);
        let breaches =
            passed.into_iter().filter(|(_, end)| is_told(end)).map(|(reading, _)| reading).collect();
        let now = evaluator.eval.now;
        let is_new = |at: &Moment| *at > known.at && !mutated(Mutant::SinceNoticed);
        let turned = match known.before.filter(|_| !mutated(Mutant::SinceWithFirings)) {
            Some(before) => turned_before(evaluator, rule, element, before, known.at.next())?,
            None => turned,
        };
        let latch = Latch {
            rule: rule.name.clone(),
            element: element.map(Element::id).unwrap_or_default(),
            since: turned.filter(is_new).unwrap_or(now),
            repeat: 0,
            readings,
        };
        Ok(Self { latch, repeat: 0, breaches })
    }
}

/// Returns the terms among those read whose breach this decision records, each with the instant after its end.
fn passed<'r>(
    eval: &Eval,
    read: impl Iterator<Item = &'r Reading>,
    breached: &[Breach],
) -> Vec<(Reading, Moment)> {
    let working = eval.working();
    let passed = read.filter_map(|reading| {
        let term =
            working.case.armed(reading.deadline.as_str()).filter(|d| d.instance == reading.instance)?;
        let is_recorded = || breached.iter().any(|b| b.reading == *reading);
        let is_of_now = term.runs() && eval.now > term.due && (term.armed_at == eval.now || is_recorded());
        is_of_now.then(|| (reading.clone(), term.due.next()))
    });
    passed.collect()
}

/// Returns the instant at which time turned a condition true with the facts before this decision; none where it did not
/// hold with them.
fn turned_before(
    evaluator: &mut Evaluator<'_>,
    rule: &Rule,
    element: Option<&Element>,
    before: &mut Snapshot,
    earliest: Moment,
) -> Result<Option<Moment>, Interruption> {
    let eval = Arc::clone(&evaluator.eval);
    before.swap(&eval);
    let turned = match evaluator.held_at(eval.now, rule, element) {
        Ok(Held::No) => Ok(None),
        Ok(Held::Since(latest)) => turned(evaluator, rule, element, latest, earliest),
        Err(interruption) => Err(interruption),
    };
    before.swap(&eval);
    turned
}

/// Returns the instant at which time turned a condition true that holds now, as far back as `earliest`; none
/// where time did not.
fn turned(
    evaluator: &mut Evaluator<'_>,
    rule: &Rule,
    element: Option<&Element>,
    latest: Option<Moment>,
    earliest: Moment,
) -> Result<Option<Moment>, Interruption> {
    let mut turned = latest;
    for _ in 0..limits::LOOKS_BACK {
        let Some(at) = turned.filter(|at| *at >= earliest) else { return Ok(None) };
        match evaluator.held_at(at.plus_millis(-1), rule, element)? {
            Held::No => return Ok(Some(at)),
            Held::Since(before) => turned = before,
        }
    }
    Ok(turned)
}
