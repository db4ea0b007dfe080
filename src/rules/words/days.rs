//! Words for spans and days.

use super::context::{Eval, Failure, fail};
use super::kind::Kind::{Date, Day, Moment, Number, Span, TimeOfDay as TimeOfDayKind};
use super::moments::{ScriptMoment, wrong};
use super::word::{Form, Group, Reads, Word, condition, form, help, takes};
use crate::calendar::{self, Calendar, CalendarError, TimeOfDay};
use rhai::{Engine, NativeCallContext};

const SPAN: &[Form] = &[form(&[takes("n", Number)], Span)];
const WORKDAY: &[Form] = &[form(&[takes("day", Day)], Date)];

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "hours",
        group: Group::Days,
        forms: SPAN,
        help: help("precies zoveel uren", "exact hours"),
        example: condition("now >= complaint.received_at + hours(4)"),
        register: |engine, name| span(engine, name, calendar::Span::Hours),
        ..Word::LOOKS
    },
    Word {
        name: "days",
        group: Group::Days,
        forms: SPAN,
        help: help(
            "kalenderdagen; een termijn eindigt aan het einde van de laatste",
            "calendar days; a term ends with the last of them",
        ),
        example: condition("now >= complaint.received_at + days(14)"),
        register: |engine, name| span(engine, name, calendar::Span::Days),
        ..Word::LOOKS
    },
    Word {
        name: "weeks",
        group: Group::Days,
        forms: SPAN,
        help: help("zeven dagen elk", "seven days each"),
        example: condition("now >= complaint.received_at + weeks(6)"),
        register: |engine, name| span(engine, name, calendar::Span::weeks),
        ..Word::LOOKS
    },
    Word {
        name: "months",
        group: Group::Days,
        forms: SPAN,
        help: help(
            "dezelfde dag van een latere maand, of de laatste dag daarvan",
            "the same day of a later month, or its last day",
        ),
        example: condition("now >= complaint.received_at + months(1)"),
        register: |engine, name| span(engine, name, calendar::Span::Months),
        ..Word::LOOKS
    },
    Word {
        name: "years",
        group: Group::Days,
        forms: SPAN,
        help: help("twaalf maanden elk", "twelve months each"),
        example: condition("now >= complaint.received_at + years(2)"),
        register: |engine, name| span(engine, name, calendar::Span::years),
        ..Word::LOOKS
    },
    Word {
        name: "workdays",
        group: Group::Days,
        forms: SPAN,
        help: help(
            "dagen die geen weekend en geen feestdag zijn",
            "days that are neither weekend nor holiday",
        ),
        example: condition("now >= complaint.received_at + workdays(5)"),
        register: |engine, name| span(engine, name, calendar::Span::Workdays),
        ..Word::LOOKS
    },
    Word {
        name: "at",
        group: Group::Days,
        forms: &[form(&[takes("day", Day), takes("time", TimeOfDayKind)], Moment)],
        reads: Reads::Clock,
        help: help("een tijdstip op een dag, als \"09:00\"", "a time of day on a day, as \"09:00\""),
        example: condition("now >= at(complaint.received_at + days(3), \"09:00\")"),
        register: |engine, name| {
            engine.register_fn(name, at_on_date);
            engine.register_fn(name, at_on_day_of);
        },
        ..Word::LOOKS
    },
    Word {
        name: "first_workday_from",
        group: Group::Days,
        forms: WORKDAY,
        reads: Reads::Clock,
        help: help(
            "de dag zelf als het een werkdag is, anders de eerstvolgende werkdag",
            "the day itself when it is a working day, or the next that is",
        ),
        example: condition("today >= first_workday_from(complaint.received_at + weeks(6))"),
        register: |engine, name| workday(engine, name, Calendar::first_workday_from),
        ..Word::LOOKS
    },
    Word {
        name: "last_workday_until",
        group: Group::Days,
        forms: WORKDAY,
        reads: Reads::Clock,
        help: help(
            "de dag zelf als het een werkdag is, anders de laatste werkdag ervoor",
            "the day itself when it is a working day, or the last before",
        ),
        example: condition("today >= last_workday_until(complaint.received_at + months(3))"),
        register: |engine, name| workday(engine, name, Calendar::last_workday_until),
        ..Word::LOOKS
    },
];

fn span(engine: &mut Engine, name: &'static str, unit: fn(i64) -> calendar::Span) {
    engine.register_fn(name, move |n: i64| -> Result<calendar::Span, Failure> {
        let span = unit(n);
        let reasonable = span.is_reasonable();
        reasonable.then_some(span).ok_or_else(|| {
            fail(
                format!("{name}({n}) is langer dan een eeuw"),
                format!("{name}({n}) is longer than a century"),
            )
        })
    });
}

fn at_on_date(context: NativeCallContext, day: calendar::Date, time: &str) -> Result<ScriptMoment, Failure> {
    at(&*Eval::of(&context)?, day, time)
}

fn at_on_day_of(context: NativeCallContext, m: ScriptMoment, time: &str) -> Result<ScriptMoment, Failure> {
    if m.at.is_never() {
        return Ok(m);
    }
    let eval = Eval::of(&context)?;
    at(&eval, eval.calendar.day_of(m.at).map_err(wrong)?, time)
}

fn at(eval: &Eval, day: calendar::Date, time: &str) -> Result<ScriptMoment, Failure> {
    let time = TimeOfDay::parse_from_str(time, "%H:%M").map_err(|_| {
        fail(
            format!("`{time}` is geen tijd op de dag; schrijf \"09:00\""),
            format!("`{time}` is not a time of day; write it as \"09:00\""),
        )
    })?;
    Ok(eval.calendar.at(day, time).map_err(wrong)?.into())
}

type Roll = fn(&Calendar, calendar::Date) -> Result<calendar::Date, CalendarError>;

fn workday(engine: &mut Engine, name: &'static str, roll: Roll) {
    engine.register_fn(name, move |context: NativeCallContext, day: calendar::Date| {
        roll(&Eval::of(&context)?.calendar, day).map_err(wrong)
    });
    engine.register_fn(name, move |context: NativeCallContext, m: ScriptMoment| {
        let eval = Eval::of(&context)?;
        let day = eval.calendar.day_of(m.at).map_err(wrong)?;
        roll(&eval.calendar, day).map_err(wrong)
    });
}
