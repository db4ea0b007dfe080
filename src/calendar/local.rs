//! `Calendar`: local days in the organisation's zone, working days, and the arithmetic of terms.

use super::{Date, Moment, Span, TimeOfDay, holiday};
use chrono::{Datelike, Days, LocalResult, Months, NaiveDateTime, TimeZone, Weekday};
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// The first and last year in which terms are computed.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2400;

/// An error of the arithmetic of terms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// A day before 1970 or after 2400.
    #[error("the date lies outside the years 1970 to 2400; check the term it was computed with")]
    OutOfRange,
}

/// The organisation's calendar: a time zone and its own closing days.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: Tz,
    closing_days: BTreeSet<Date>,
}

impl Calendar {
    /// Makes the calendar of a time zone. `closing_days` bring alarms forward and never lengthen a term
    /// (docs/procedure.md 2.5).
    pub fn new(zone: Tz, closing_days: impl IntoIterator<Item = Date>) -> Self {
        Self { zone, closing_days: closing_days.into_iter().collect() }
    }

    /// Returns the organisation's time zone.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// Returns the organisation's own closing days, earliest first.
    pub fn closing_days(&self) -> impl Iterator<Item = &Date> {
        self.closing_days.iter()
    }

    /// Returns the reading of the organisation's wall clock at `moment`.
    pub fn local(&self, moment: Moment) -> Result<NaiveDateTime, CalendarError> {
        let utc = moment.utc().ok_or(CalendarError::OutOfRange)?;
        let local = utc.with_timezone(&self.zone).naive_local();
        in_range(local.date())?;
        Ok(local)
    }

    /// Writes a moment as RFC 3339 in the organisation's zone, to the millisecond; `never` for one that no
    /// calendar reaches.
    pub fn rfc3339(&self, moment: Moment) -> String {
        moment.utc().map_or_else(
            || "never".to_owned(),
            |utc| utc.with_timezone(&self.zone).to_rfc3339_opts(chrono::SecondsFormat::Millis, false),
        )
    }

    /// Returns the local day on which `moment` lies.
    pub fn day_of(&self, moment: Moment) -> Result<Date, CalendarError> {
        Ok(self.local(moment)?.date())
    }

    /// Returns the first instant of a local day.
    pub fn start_of(&self, day: Date) -> Result<Moment, CalendarError> {
        self.at(day, TimeOfDay::MIN)
    }

    /// Returns the last millisecond of a local day: 23:59:59.999 on the wall clock.
    pub fn end_of(&self, day: Date) -> Result<Moment, CalendarError> {
        let next = day.checked_add_days(Days::new(1)).ok_or(CalendarError::OutOfRange)?;
        Ok(Moment::from_millis(self.start_of(next)?.millis() - 1))
    }

    /// Returns the moment of a wall clock time on a day. A time that the clock skips becomes the next valid
    /// instant, one that it shows twice the earlier of the two.
    pub fn at(&self, day: Date, time: TimeOfDay) -> Result<Moment, CalendarError> {
        in_range(day)?;
        let mut local = day.and_time(time);
        for _ in 0..=8 {
            match self.zone.from_local_datetime(&local) {
                LocalResult::Single(t) | LocalResult::Ambiguous(t, _) => {
                    return Ok(Moment::from_millis(t.timestamp_millis()));
                }
                // Gaps are whole quarters of an hour in every zone, so aligned steps find their end.
                LocalResult::None => local = next_quarter(local),
            }
        }
        Err(CalendarError::OutOfRange)
    }

    /// Adds a span to a moment: exactly for hours, else to the last millisecond of the local day reached
    /// (docs/semantics.md 2.8). Never stays never.
    pub fn add(&self, moment: Moment, span: Span) -> Result<Moment, CalendarError> {
        if moment.is_never() {
            return Ok(moment);
        }
        if let Span::Hours(hours) = span {
            let moved = Moment::from_millis(moment.millis().saturating_add(hours.saturating_mul(3_600_000)));
            self.day_of(moved)?;
            return Ok(moved);
        }
        self.end_of(self.add_to_day(self.day_of(moment)?, span)?)
    }

    /// Adds a span to a day. Hours do not move a day; a month that is too short gives its last day.
    pub fn add_to_day(&self, day: Date, span: Span) -> Result<Date, CalendarError> {
        if !span.is_reasonable() {
            return Err(CalendarError::OutOfRange);
        }
        let moved = match span {
            Span::Hours(_) => Some(day),
            Span::Days(n) => shift(day, n),
            Span::Months(n) => {
                let months = Months::new(u32::try_from(n.unsigned_abs()).unwrap_or(u32::MAX));
                if n < 0 { day.checked_sub_months(months) } else { day.checked_add_months(months) }
            }
            Span::Workdays(n) => self.count_workdays(day, n),
        };
        in_range(moved.ok_or(CalendarError::OutOfRange)?)
    }

    /// Returns whether a day is a working day by law: not a weekend and not a holiday.
    pub fn is_workday(&self, day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && holiday(day).is_none()
    }

    /// Returns whether a day is a working day on which the organisation is open as well.
    pub fn is_open_day(&self, day: Date) -> bool {
        self.is_workday(day) && !self.closing_days.contains(&day)
    }

    /// Returns the first working day on or after `day`.
    pub fn first_workday_from(&self, day: Date) -> Result<Date, CalendarError> {
        self.scan(day, 1, |d| self.is_workday(d))
    }

    /// Returns the last working day on or before `day`.
    pub fn last_workday_until(&self, day: Date) -> Result<Date, CalendarError> {
        self.scan(day, -1, |d| self.is_workday(d))
    }

    /// Returns the last day on or before the term's raw end on which people are at work.
    pub fn alarm_day(&self, raw: Moment) -> Result<Date, CalendarError> {
        self.scan(self.day_of(raw)?, -1, |d| self.is_open_day(d))
    }

    /// Returns the `k`-th repeat of `every SPAN` counted from `since`, at the same wall clock time
    /// (docs/semantics.md 2.9).
    pub fn repeat(&self, since: Moment, span: Span, k: i64) -> Result<Moment, CalendarError> {
        let times = |n: i64| n.saturating_mul(k);
        let span = match span {
            Span::Hours(n) => return self.add(since, Span::Hours(times(n))),
            Span::Days(n) => Span::Days(times(n)),
            Span::Workdays(n) => Span::Workdays(times(n)),
            Span::Months(n) => Span::Months(times(n)),
        };
        let local = self.local(since)?;
        self.at(self.add_to_day(local.date(), span)?, local.time())
    }

    fn count_workdays(&self, day: Date, n: i64) -> Option<Date> {
        let step = if n < 0 { -1 } else { 1 };
        let mut left = n.unsigned_abs();
        let mut day = day;
        while left > 0 {
            day = shift(day, step)?;
            left -= u64::from(self.is_workday(day));
        }
        Some(day)
    }

    fn scan(&self, from: Date, step: i64, fits: impl Fn(Date) -> bool) -> Result<Date, CalendarError> {
        let mut day = in_range(from)?;
        while !fits(day) {
            day = in_range(shift(day, step).ok_or(CalendarError::OutOfRange)?)?;
        }
        Ok(day)
    }
}

fn in_range(day: Date) -> Result<Date, CalendarError> {
    if YEARS.contains(&day.year()) { Ok(day) } else { Err(CalendarError::OutOfRange) }
}

fn shift(day: Date, days: i64) -> Option<Date> {
    let n = Days::new(days.unsigned_abs());
    if days < 0 { day.checked_sub_days(n) } else { day.checked_add_days(n) }
}

fn next_quarter(local: NaiveDateTime) -> NaiveDateTime {
    const QUARTER: i64 = 15 * 60;
    let seconds = local.and_utc().timestamp();
    let aligned = (seconds.div_euclid(QUARTER) + 1) * QUARTER;
    chrono::DateTime::from_timestamp(aligned, 0).map_or(local, |t| t.naive_utc())
}
