//! Rolling: a term that ends on a day off runs to the next working day, and says why.

use super::{Calendar, CalendarError, Date, Moment, holiday};
use chrono::{Datelike, Weekday};

/// A term's end before and after rolling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rolled {
    /// The legal end: the raw end, or the end of the first working day after it.
    pub due: Moment,
    /// The reasons why it moved, in Dutch, day by day: "25 dec is Eerste Kerstdag"; none when it did not.
    pub because: Option<String>,
}

impl Calendar {
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
