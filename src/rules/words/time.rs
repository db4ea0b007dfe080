//! Time for scripts: `now`, `today`, moments, dates, spans, and the facts about deadlines.

use crate::calendar::{Calendar, CalendarError, Date, Moment, Span, TimeOfDay};
use crate::complaint::DeadlineName;
use crate::rules::words::context::{Eval, Failure, Phase, fail};
use chrono::Datelike;
use rhai::{Dynamic, Engine, Map, NativeCallContext};
use std::sync::Arc;

/// `now` in conditions: it can be compared, and nothing else (semantics 2.2).
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Now;

/// `today` in conditions, likewise.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Today;

/// A moment as scripts hold it: it remembers the last sum that made it, so that a deadline can explain itself.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct ScriptMoment {
    pub at: Moment,
    pub sum: Option<(Moment, Span)>,
}

impl From<Moment> for ScriptMoment {
    fn from(at: Moment) -> Self {
        Self { at, sum: None }
    }
}

/// A moment for people: local time, to the minute.
pub(in crate::rules) fn shown(calendar: &Calendar, moment: Moment) -> String {
    match calendar.local(moment) {
        Ok(local) => local.format("%Y-%m-%d %H:%M").to_string(),
        Err(_) => "never".to_owned(),
    }
}

fn wrong(error: CalendarError) -> Failure {
    fail(error.to_string())
}

pub(in crate::rules) fn register(engine: &mut Engine) {
    engine
        .register_type_with_name::<Now>("now")
        .register_type_with_name::<Today>("today")
        .register_type_with_name::<ScriptMoment>("moment")
        .register_type_with_name::<Date>("date")
        .register_type_with_name::<Span>("span");
    register_spans(engine);
    register_sums(engine);
    register_days(engine);
    register_periods(engine);
    register_records(engine);
    register_deadline_facts(engine);
}

fn register_spans(engine: &mut Engine) {
    type Unit = fn(i64) -> Span;
    let units: [(&str, Unit); 6] = [
        ("hours", Span::Hours),
        ("days", Span::Days),
        ("weeks", Span::weeks),
        ("months", Span::Months),
        ("years", Span::years),
        ("workdays", Span::Workdays),
    ];
    for (name, unit) in units {
        engine.register_fn(name, move |n: i64| -> Result<Span, Failure> {
            let span = unit(n);
            let reasonable = span.is_reasonable();
            reasonable.then_some(span).ok_or_else(|| fail(format!("{name}({n}) is longer than a century")))
        });
    }
}

fn register_sums(engine: &mut Engine) {
    for (symbol, forward) in [("+", true), ("-", false)] {
        let directed = move |span: Span| if forward { span } else { span.negated() };
        engine.register_fn(symbol, move |context: NativeCallContext, m: ScriptMoment, span: Span| {
            add(&*Eval::of(&context)?, m.at, directed(span))
        });
        engine.register_fn(symbol, move |context: NativeCallContext, day: Date, span: Span| {
            Eval::of(&context)?.calendar.add_to_day(day, directed(span)).map_err(wrong)
        });
    }
}

fn add(eval: &Eval, at: Moment, span: Span) -> Result<ScriptMoment, Failure> {
    let end = eval.calendar.add(at, span).map_err(wrong)?;
    Ok(ScriptMoment { at: end, sum: Some((at, span)) })
}

fn register_days(engine: &mut Engine) {
    engine.register_fn("at", |context: NativeCallContext, day: Date, time: &str| {
        at(&*Eval::of(&context)?, day, time)
    });
    engine.register_fn("at", |context: NativeCallContext, m: ScriptMoment, time: &str| {
        if m.at.is_never() {
            return Ok(m);
        }
        let eval = Eval::of(&context)?;
        at(&eval, eval.calendar.day_of(m.at).map_err(wrong)?, time)
    });
    type Roll = fn(&Calendar, Date) -> Result<Date, CalendarError>;
    let rolls: [(&str, Roll); 2] = [
        ("first_workday_from", |c, d| c.first_workday_from(d)),
        ("last_workday_until", |c, d| c.last_workday_until(d)),
    ];
    for (name, roll) in rolls {
        engine.register_fn(name, move |context: NativeCallContext, day: Date| {
            roll(&Eval::of(&context)?.calendar, day).map_err(wrong)
        });
        engine.register_fn(name, move |context: NativeCallContext, m: ScriptMoment| {
            let eval = Eval::of(&context)?;
            let day = eval.calendar.day_of(m.at).map_err(wrong)?;
            roll(&eval.calendar, day).map_err(wrong)
        });
    }
    engine.register_fn("to_string", |day: Date| day.format("%d-%m-%Y").to_string());
    engine.register_fn(
        "to_string",
        |context: NativeCallContext, m: ScriptMoment| -> Result<String, Failure> {
            Ok(shown(&Eval::of(&context)?.calendar, m.at))
        },
    );
    engine.register_fn("to_string", |span: Span| span.to_string());
}

fn at(eval: &Eval, day: Date, time: &str) -> Result<ScriptMoment, Failure> {
    let time = TimeOfDay::parse_from_str(time, "%H:%M")
        .map_err(|_| fail(format!("`{time}` is not a time of day; write it as \"09:00\"")))?;
    Ok(eval.calendar.at(day, time).map_err(wrong)?.into())
}

fn register_periods(engine: &mut Engine) {
    engine.register_fn("previous_quarter", |context: NativeCallContext| -> Result<Map, Failure> {
        let today = Eval::of(&context)?.today;
        let (year, quarter) = match today.month0() / 3 {
            0 => (today.year() - 1, 4),
            q => (today.year(), q),
        };
        let first =
            Date::from_ymd_opt(year, quarter * 3 - 2, 1).ok_or_else(|| wrong(CalendarError::OutOfRange))?;
        let last = first.checked_add_months(chrono::Months::new(3)).and_then(|d| d.pred_opt());
        Ok(period(first, last.unwrap_or(first)))
    });
    engine.register_fn("previous_year", |context: NativeCallContext| -> Result<Map, Failure> {
        let year = Eval::of(&context)?.today.year() - 1;
        let ends = Date::from_ymd_opt(year, 1, 1).zip(Date::from_ymd_opt(year, 12, 31));
        ends.map(|(a, b)| period(a, b)).ok_or_else(|| wrong(CalendarError::OutOfRange))
    });
    // A reference; the workflow resolves it before rendering (semantics 2.10).
    engine.register_fn("report", |period: Map| -> Map {
        [("report".into(), Dynamic::from(period))].into_iter().collect()
    });
}

/// Whether the report of a period has been concluded, and how many recommendations wait by a day.
fn register_records(engine: &mut Engine) {
    engine.register_fn("concluded", |context: NativeCallContext, period: Map| -> Result<bool, Failure> {
        let eval = Eval::of(&context)?;
        let day = |name: &str| period.get(name).and_then(|d| d.clone().try_cast::<Date>());
        let ends = day("from").zip(day("to"));
        let ends = ends.ok_or_else(|| fail("concluded takes a period, such as previous_quarter()"))?;
        let working = eval.working();
        let is_before = working.schedule.since.is_some_and(|since| ends.1 < since);
        Ok(is_before || working.schedule.concluded.contains(&ends))
    });
    engine.register_fn(
        "recommendations_by",
        |context: NativeCallContext, day: Date| -> Result<i64, Failure> {
            let eval = Eval::of(&context)?;
            let waiting = eval.working().schedule.follow_ups.iter().filter(|d| **d <= day).count();
            Ok(i64::try_from(waiting).unwrap_or(i64::MAX))
        },
    );
}

fn period(from: Date, to: Date) -> Map {
    [("from".into(), Dynamic::from(from)), ("to".into(), Dynamic::from(to))].into_iter().collect()
}

fn register_deadline_facts(engine: &mut Engine) {
    engine.register_fn("due", |context: NativeCallContext, name: &str| -> Result<ScriptMoment, Failure> {
        let eval = Eval::of(&context)?;
        Ok(read(&eval, name)?.map_or(Moment::NEVER, |(due, _)| due).into())
    });
    engine.register_fn(
        "alarm_at",
        |context: NativeCallContext, name: &str| -> Result<ScriptMoment, Failure> {
            let eval = Eval::of(&context)?;
            Ok(read(&eval, name)?.map_or(Moment::NEVER, |(_, alarm)| alarm).into())
        },
    );
    engine.register_fn("overdue", |context: NativeCallContext, name: &str| -> Result<bool, Failure> {
        let eval = Eval::of(&context)?;
        let due = read(&eval, name)?.map_or(Moment::NEVER, |(due, _)| due);
        let mut working = eval.working();
        let flips = due.next();
        if working.phase == Phase::Condition && flips > eval.now && !flips.is_never() {
            working.wake = working.wake.min(flips);
        }
        let overdue = eval.now > due;
        working.note(|| format!("overdue(\"{name}\") is {overdue}"));
        Ok(overdue)
    });
    engine.register_fn("overdue_terms", |context: NativeCallContext| -> Result<i64, Failure> {
        let eval = Eval::of(&context)?;
        let mut working = eval.working();
        let ends: Vec<Moment> =
            working.case.deadlines.iter().filter(|d| d.is_armed()).map(|d| d.due).collect();
        let flips = ends.iter().map(|due| due.next()).filter(|at| *at > eval.now).min();
        if let Some(flips) = flips.filter(|_| working.phase == Phase::Condition) {
            working.wake = working.wake.min(flips);
        }
        let count = ends.iter().filter(|due| eval.now > **due).count();
        working.note(|| format!("overdue_terms() is {count}"));
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    });
    engine.register_fn("armed", |context: NativeCallContext, name: &str| -> Result<bool, Failure> {
        let eval = Eval::of(&context)?;
        declared(&eval, name)?;
        let mut working = eval.working();
        let armed = working.case.armed(name).is_some();
        working.note(|| format!("armed(\"{name}\") is {armed}"));
        Ok(armed)
    });
}

/// The due and alarm moments of an armed deadline; the reading is part of the latch (semantics 4.1).
fn read(eval: &Arc<Eval>, name: &str) -> Result<Option<(Moment, Moment)>, Failure> {
    declared(eval, name)?;
    let mut working = eval.working();
    if working.phase == Phase::Condition {
        working.read_deadline(&DeadlineName::from(name));
    }
    let found = working.case.armed(name).map(|d| (d.due, d.alarm_at));
    working.note(|| {
        let due = found.map_or(Moment::NEVER, |(due, _)| due);
        format!("due(\"{name}\") is {}", shown(&eval.calendar, due))
    });
    Ok(found)
}

fn declared(eval: &Eval, name: &str) -> Result<(), Failure> {
    if eval.procedure.deadlines.contains_key(name) {
        return Ok(());
    }
    Err(fail(format!("deadline `{name}` is not declared in procedure.toml")))
}
