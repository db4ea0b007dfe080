//! Words for periods and the reports about them.

use super::context::{Eval, Failure, fail};
use super::kind::Kind::{Date as DateKind, Map as MapKind, Number, Period, YesNo};
use super::moments::wrong;
use super::word::{Group, Phases, Place, Reads, Word, example, form, help, takes};
use crate::calendar::{CalendarError, Date};
use crate::rules::mutants::{Mutant, mutated};
use chrono::{Datelike, Months};
use rhai::{Dynamic, Map, NativeCallContext};

/// The key of a map that refers to a report; the workflow puts the figures in its place
/// (docs/semantics.md 2.10).
pub(in crate::rules) const REPORT: &str = "report";

const QUARTER: Months = Months::new(3);
const YEAR: Months = Months::new(12);

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "previous_quarter",
        group: Group::Periods,
        forms: &[form(&[], Period)],
        reads: Reads::Clock,
        help: help(
            "eerste en laatste dag van het vorige kwartaal, als .from en .to",
            "first and last day of the quarter before, as .from and .to",
        ),
        example: example(
            Place::Schedule,
            "let k = previous_quarter(); if today > k.to + weeks(2) { notify(\"{reporter}\", \"{report}\", #{ report: report(k) }); }",
        ),
        register: |engine, name| {
            engine.register_fn(name, previous_quarter);
        },
        ..Word::LOOKS
    },
    Word {
        name: "previous_year",
        group: Group::Periods,
        forms: &[form(&[], Period)],
        reads: Reads::Clock,
        help: help("eerste en laatste dag van het vorige jaar", "first and last day of the year before"),
        example: example(
            Place::Schedule,
            "notify(\"{reporter}\", \"{report}\", #{ report: report(previous_year()) });",
        ),
        register: |engine, name| {
            engine.register_fn(name, previous_year);
        },
        ..Word::LOOKS
    },
    Word {
        name: "report",
        group: Group::Periods,
        forms: &[form(&[takes("period", Period)], MapKind)],
        help: help(
            "de cijfers over een periode, ingevuld als het bericht geschreven wordt",
            "the figures of a period, filled in when the message is written",
        ),
        example: example(
            Place::Schedule,
            "notify(\"{reporter}\", \"{report}\", #{ report: report(previous_year()) });",
        ),
        register: |engine, name| {
            engine.register_fn(name, |period: Map| -> Map {
                [(REPORT.into(), Dynamic::from(period))].into_iter().collect()
            });
        },
        ..Word::LOOKS
    },
    Word {
        name: "concluded",
        group: Group::Periods,
        forms: &[form(&[takes("period", Period)], YesNo)],
        reads: Reads::Records,
        phases: Phases::Schedules,
        help: help(
            "of het verslag over een periode is vastgesteld",
            "whether the report of a period has been concluded",
        ),
        example: example(
            Place::Schedule,
            "if !concluded(previous_quarter()) { notify(\"{reporter}\", \"{report}\", #{ report: report(previous_quarter()) }); }",
        ),
        register: |engine, name| {
            engine.register_fn(name, concluded);
        },
        ..Word::LOOKS
    },
    Word {
        name: "recommendations_by",
        group: Group::Periods,
        forms: &[form(&[takes("day", DateKind)], Number)],
        reads: Reads::Records,
        phases: Phases::Schedules,
        help: help(
            "hoeveel openstaande aanbevelingen op een dag weer bekeken moeten zijn",
            "how many open recommendations are to be looked at by a day",
        ),
        example: example(
            Place::Schedule,
            "if recommendations_by(today) > 0 { notify(\"{reporter}\", \"{report}\", #{ report: report(previous_year()) }); }",
        ),
        register: |engine, name| {
            engine.register_fn(name, recommendations_by);
        },
        ..Word::LOOKS
    },
];

fn previous_quarter(context: NativeCallContext) -> Result<Map, Failure> {
    let eval = Eval::of(&context)?;
    let today = eval.today;
    let (year, quarter) = match today.month0() / 3 {
        0 => (today.year() - 1, 4),
        q => (today.year(), q),
    };
    let first =
        Date::from_ymd_opt(year, quarter * 3 - 2, 1).ok_or_else(|| wrong(CalendarError::OutOfRange))?;
    let next = first.checked_add_months(QUARTER).ok_or_else(|| wrong(CalendarError::OutOfRange))?;
    turns_with(&eval, next, QUARTER);
    let last = next.pred_opt().ok_or_else(|| wrong(CalendarError::OutOfRange))?;
    Ok(period(first, last))
}

fn previous_year(context: NativeCallContext) -> Result<Map, Failure> {
    let eval = Eval::of(&context)?;
    let year = eval.today.year() - 1;
    if let Some(began) = Date::from_ymd_opt(year + 1, 1, 1) {
        turns_with(&eval, began, YEAR);
    }
    let ends = Date::from_ymd_opt(year, 1, 1).zip(Date::from_ymd_opt(year, 12, 31));
    ends.map(|(a, b)| period(a, b)).ok_or_else(|| wrong(CalendarError::OutOfRange))
}

/// Notes that the period before changes with the one that `began` and is `length` long.
fn turns_with(eval: &Eval, began: Date, length: Months) {
    if !mutated(Mutant::PeriodsUnrecorded) {
        [Some(began), began.checked_add_months(length)]
            .into_iter()
            .flatten()
            .for_each(|day| eval.turns_on(day));
    }
}

fn period(from: Date, to: Date) -> Map {
    [("from".into(), Dynamic::from(from)), ("to".into(), Dynamic::from(to))].into_iter().collect()
}

/// Returns first and last day of a period that a word is given.
pub(super) fn ends(word: &str, period: &Map) -> Result<(Date, Date), Failure> {
    let day = |name: &str| period.get(name).and_then(|d| d.clone().try_cast::<Date>());
    day("from").zip(day("to")).ok_or_else(|| {
        fail(
            format!("{word} vraagt een periode, zoals previous_quarter()"),
            format!("{word} takes a period, such as previous_quarter()"),
        )
    })
}

fn concluded(context: NativeCallContext, period: Map) -> Result<bool, Failure> {
    let eval = Eval::of(&context)?;
    let ends = ends("concluded", &period)?;
    let working = eval.working();
    let is_before = working.schedule.since.is_some_and(|since| ends.1 < since);
    Ok(is_before || working.schedule.concluded.contains(&ends))
}

fn recommendations_by(context: NativeCallContext, day: Date) -> Result<i64, Failure> {
    let eval = Eval::of(&context)?;
    let waiting = eval.working().schedule.follow_ups.iter().filter(|d| **d <= day).count();
    Ok(i64::try_from(waiting).unwrap_or(i64::MAX))
}
