//! Days of scenarios, which are reckoned with: a scenario speaks of the terms of `00_terms.rhai`, and not of the dates
//! that they come to.

use crate::calendar::{Calendar, CalendarError, Date, Span, TimeOfDay};
use crate::complaint::Text;
use crate::rules::words::context::{Failure, fail, told};
use chrono::TimeDelta;
use rhai::Engine;
use std::sync::Arc;

/// Registers arithmetic with days, as rules know it, where there is no complaint that is decided about.
pub(super) fn register(engine: &mut Engine, calendar: &Arc<Calendar>) {
    let c = Arc::clone(calendar);
    engine.register_fn("+", move |day: Date, span: Span| reckoned(c.add_to_day(day, span)));
    let c = Arc::clone(calendar);
    engine.register_fn("-", move |day: Date, span: Span| reckoned(c.add_to_day(day, span.negated())));
    let c = Arc::clone(calendar);
    engine.register_fn("first_workday_from", move |day: Date| reckoned(c.first_workday_from(day)));
    let c = Arc::clone(calendar);
    engine.register_fn("last_workday_until", move |day: Date| reckoned(c.last_workday_until(day)));
}

fn reckoned(day: Result<Date, CalendarError>) -> Result<Date, Failure> {
    day.map_err(|e| told(Text::from(e)))
}

/// Returns the day on which a term ends that is counted up to this one: on a day off, the next working day.
pub(super) fn end(calendar: &Calendar, day: Date) -> Result<Date, Failure> {
    let rolled = calendar.end_of(day).and_then(|end| calendar.roll(end));
    reckoned(rolled.and_then(|rolled| calendar.day_of(rolled.due)))
}

/// Returns the minute before a time of day on a day, as a scenario writes a time.
pub(super) fn minute_before(day: Date, time: &str) -> Result<String, Failure> {
    let time = TimeOfDay::parse_from_str(time, "%H:%M").map_err(|_| {
        fail(
            format!("`{time}` is geen tijd; schrijf \"09:00\""),
            format!("`{time}` is not a time; write \"09:00\""),
        )
    })?;
    let before = day.and_time(time).checked_sub_signed(TimeDelta::minutes(1));
    let before = before.ok_or_else(|| told(Text::from(CalendarError::OutOfRange)))?;
    Ok(before.format("%Y-%m-%d %H:%M").to_string())
}
