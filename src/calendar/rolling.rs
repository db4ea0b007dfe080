//! The ends of terms: one on a day off runs to the next working day, and says why; one that was paused moves on.

use super::{Calendar, CalendarError, Date, Moment, Span, holiday};
use chrono::{Datelike, Weekday};
use serde::{Deserialize, Serialize};

/// A term's end before and after rolling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rolled {
    /// The legal end: the raw end, or the end of the first working day after it.
    pub due: Moment,
    /// The reasons why it moved, in Dutch, day by day: "25 dec is Eerste Kerstdag"; none when it did not.
    pub because: Option<String>,
}

/// The time that a pause adds to a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Added {
    /// Calendar days, to a term that ends with a day.
    Days(i64),
    /// Milliseconds, to a term that ends at an hour.
    Millis(i64),
}

impl Calendar {
    /// Moves the end of a term on by the time from `from` to `to`, in which it was paused: the end of a day by the calendar
    /// days between the two, an hour by exactly that time (docs/semantics.md 3.4). The end is not rolled yet.
    pub fn moved_on(&self, end: Moment, from: Moment, to: Moment) -> Result<(Moment, Added), CalendarError> {
        let day = self.day_of(end)?;
        if self.end_of(day)? != end {
            let passed = to.millis().saturating_sub(from.millis());
            let moved = Moment::from_millis(end.millis().saturating_add(passed));
            self.day_of(moved)?;
            return Ok((moved, Added::Millis(passed)));
        }
        let days = self.day_of(to)?.signed_duration_since(self.day_of(from)?).num_days();
        let moved = self.end_of(self.add_to_day(day, Span::Days(days))?)?;
        Ok((moved, Added::Days(days)))
    }

    /// Rolls a term end (docs/procedure.md 2.5). Only ends of local days roll; exact hours stay.
    pub fn roll(&self, raw: Moment) -> Result<Rolled, CalendarError> {
        let day = self.day_of(raw)?;
        if self.end_of(day)? != raw {
            return Ok(Rolled { due: raw, because: None });
        }
        let due_day = self.first_workday_from(day)?;
        if due_day == day {
            return Ok(Rolled { due: raw, because: None });
        }
        let reasons: Vec<String> = day.iter_days().take_while(|d| *d < due_day).map(reason).collect();
        Ok(Rolled { due: self.end_of(due_day)?, because: Some(reasons.join(", ")) })
    }

    /// Lists the days after `from` and up to `to` that working days are not counted on, each with its reason;
    /// at most a year of them.
    pub fn days_off(&self, from: Date, to: Date) -> Vec<String> {
        let days = from.iter_days().skip(1).take_while(|d| *d <= to).take(366);
        days.filter(|d| !self.is_workday(*d)).map(reason).collect()
    }
}

fn reason(day: Date) -> String {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
    let month = MONTHS[day.month0() as usize];
    let what = match (holiday(day), day.weekday()) {
        (Some(h), _) => h.name,
        (None, Weekday::Sat) => "zaterdag",
        (None, _) => "zondag",
    };
    format!("{} {month} is {what}", day.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::from_millis(chrono::DateTime::parse_from_rfc3339(text).expect("a time").timestamp_millis())
    }

    #[test]
    fn a_pause_adds_calendar_days_to_days_and_its_length_to_hours() {
        let calendar = Calendar::new(chrono_tz::Europe::Amsterdam, []);
        for (end, from, to, moved, added) in [
            // A week, whatever the hour at which it began and ended.
            (
                "2027-03-05T23:59:59.999+01:00",
                "2027-03-03T17:00:00+01:00",
                "2027-03-10T08:00:00+01:00",
                "2027-03-12T23:59:59.999+01:00",
                Added::Days(7),
            ),
            // Within one day, nothing; over midnight, one day.
            (
                "2027-03-05T23:59:59.999+01:00",
                "2027-03-03T00:00:00+01:00",
                "2027-03-03T23:59:59.999+01:00",
                "2027-03-05T23:59:59.999+01:00",
                Added::Days(0),
            ),
            (
                "2027-03-05T23:59:59.999+01:00",
                "2027-03-03T23:59:59.999+01:00",
                "2027-03-04T00:00:00+01:00",
                "2027-03-06T23:59:59.999+01:00",
                Added::Days(1),
            ),
            // Over the night on which an hour is skipped: days are days, hours are exact.
            (
                "2027-03-27T23:59:59.999+01:00",
                "2027-03-27T12:00:00+01:00",
                "2027-03-29T12:00:00+02:00",
                "2027-03-29T23:59:59.999+02:00",
                Added::Days(2),
            ),
            (
                "2027-03-27T15:00:00+01:00",
                "2027-03-27T12:00:00+01:00",
                "2027-03-28T12:00:00+02:00",
                "2027-03-28T15:00:00+02:00",
                Added::Millis(23 * 3_600_000),
            ),
        ] {
            let found = calendar.moved_on(at(end), at(from), at(to));
            assert_eq!(found, Ok((at(moved), added)), "{end}, {from} to {to}");
        }
    }
}
