//! Moments, dates and spans as scripts hold them, `now` and `today`, and their sums.

use super::context::{Eval, Failure, fail, told};
use crate::calendar::{Calendar, CalendarError, Date, Moment, Span};
use crate::script::meter;
use rhai::{Engine, NativeCallContext};

/// `now` in conditions: it can be compared, and nothing else (docs/semantics.md 2.2).
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Now;

/// `today` in conditions, likewise.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Today;

/// A moment as scripts hold it: it remembers the last sum that made it, so that a deadline can explain
/// itself.
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

/// Writes a moment for people: local time, to the minute.
pub(super) fn shown(calendar: &Calendar, moment: Moment) -> String {
    match calendar.local(moment) {
        Ok(local) => local.format("%Y-%m-%d %H:%M").to_string(),
        Err(_) => "never".to_owned(),
    }
}

/// Makes a script's failure of what the calendar cannot compute.
pub(super) fn wrong(error: CalendarError) -> Failure {
    told(error)
}

/// Registers the types, and the operators between them that give a moment or a date.
pub(super) fn register(engine: &mut Engine) {
    engine
        .register_type_with_name::<Now>("now")
        .register_type_with_name::<Today>("today")
        .register_type_with_name::<ScriptMoment>("moment")
        .register_type_with_name::<Date>("date")
        .register_type_with_name::<Span>("span");
    for (symbol, forward) in [("+", true), ("-", false)] {
        let directed = move |span: Span| if forward { span } else { span.negated() };
        engine.register_fn(symbol, move |context: NativeCallContext, m: ScriptMoment, span: Span| {
            add(&*Eval::of(&context)?, m.at, directed(span))
        });
        engine.register_fn(symbol, move |context: NativeCallContext, day: Date, span: Span| {
            charge(span);
            Eval::of(&context)?.calendar.add_to_day(day, directed(span)).map_err(wrong)
        });
    }
    for name in ["to_string", "to_debug"] {
        engine.register_fn(name, |_: &mut Now| opaque("now"));
        engine.register_fn(name, |_: &mut Today| opaque("today"));
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

/// Says that a condition learns no time: what it knows of the clock, it compares.
fn opaque(name: &str) -> Result<String, Failure> {
    Err(fail(
        format!("{name} kan in een voorwaarde alleen worden vergeleken"),
        format!("{name} can be compared in a condition, and nothing else"),
    ))
}

fn add(eval: &Eval, at: Moment, span: Span) -> Result<ScriptMoment, Failure> {
    charge(span);
    let end = eval.calendar.add(at, span).map_err(wrong)?;
    Ok(ScriptMoment { at: end, sum: Some((at, span)) })
}

/// Counts the work of a sum: working days are gone through one by one.
fn charge(span: Span) {
    if let Span::Workdays(n) = span {
        meter::charge(2 * n.unsigned_abs());
    }
}
