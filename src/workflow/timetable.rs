//! `Timetable`: the hours in which our own people are written to, and the moments at which digests go
//! (docs/semantics.md 8.1).

use crate::calendar::{Calendar, Date, Moment, TimeOfDay};
use crate::message::Timing;
use crate::rules::Procedure;
use chrono::Datelike;
use serde_json::Value;
use std::collections::BTreeMap;

/// The days that are looked through for one on which the organisation is open: an organisation that is closed for
/// longer is written to all the same.
const DAYS: i64 = 400;

/// The working hours, and the time of digests in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timetable {
    digest: TimeOfDay,
    opens: TimeOfDay,
    closes: TimeOfDay,
}

/// A mistake in the declared times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TimetableMistake {
    /// A text that is neither a time nor a parameter that holds one.
    NoTime(String),
    /// The working day ends before it begins.
    NoHours(String),
    /// Digests would go outside working hours.
    DigestOutside(String),
}

impl Default for Timetable {
    fn default() -> Self {
        let (digest, opens, closes) = (hour(9), hour(8), hour(18));
        Self { digest, opens, closes }
    }
}

fn hour(hour: u32) -> TimeOfDay {
    TimeOfDay::from_hms_opt(hour, 0, 0).unwrap_or(TimeOfDay::MIN)
}

impl Timetable {
    /// Reads the declared times; a name stands for the parameter of the rules that holds the time.
    pub fn of(procedure: &Procedure, terms: &BTreeMap<String, Value>) -> Result<Self, TimetableMistake> {
        let declared = &procedure.digest;
        let time = |text: &String| {
            let held = terms.get(text).and_then(Value::as_str).unwrap_or(text);
            TimeOfDay::parse_from_str(held, "%H:%M").map_err(|_| TimetableMistake::NoTime(text.clone()))
        };
        let [from, until] = &declared.working_hours;
        let (digest, opens, closes) = (time(&declared.at)?, time(from)?, time(until)?);
        if opens >= closes {
            return Err(TimetableMistake::NoHours(until.clone()));
        }
        if digest < opens || digest >= closes {
            return Err(TimetableMistake::DigestOutside(declared.at.clone()));
        }
        Ok(Self { digest, opens, closes })
    }

    /// Returns the first moment in working hours, from a moment on: that moment itself when it lies in them.
    pub fn open_from(&self, calendar: &Calendar, at: Moment) -> Moment {
        let Ok(local) = calendar.local(at) else { return at };
        let is_open = calendar.is_open_day(local.date());
        if is_open && (self.opens..self.closes).contains(&local.time()) {
            return at;
        }
        let is_before = local.time() < self.opens;
        let day = if is_before { Some(local.date()) } else { local.date().succ_opt() };
        let opens = day.and_then(|day| open_day(calendar, day)).map(|day| calendar.at(day, self.opens));
        opens.and_then(Result::ok).unwrap_or(at)
    }

    /// Returns the moment of the first digest of a kind, from a moment on.
    pub fn digest_from(&self, calendar: &Calendar, timing: Timing, at: Moment) -> Moment {
        let Ok(today) = calendar.day_of(at) else { return at };
        let first = match timing {
            Timing::Weekly => monday(today),
            _ => today,
        };
        let days = std::iter::successors(open_day(calendar, first), |day| {
            let next = match timing {
                Timing::Weekly => monday(*day) + chrono::Days::new(7),
                _ => day.succ_opt()?,
            };
            open_day(calendar, next)
        });
        let moments = days.take(3).filter_map(|day| calendar.at(day, self.digest).ok());
        moments.into_iter().find(|moment| *moment >= at).unwrap_or(at)
    }
}

/// Returns the first day, from a day on, on which the organisation is open.
fn open_day(calendar: &Calendar, from: Date) -> Option<Date> {
    from.iter_days().take(DAYS as usize).find(|day| calendar.is_open_day(*day))
}

/// Returns the first day of a day's week.
fn monday(day: Date) -> Date {
    let after = chrono::Days::new(u64::from(day.weekday().num_days_from_monday()));
    day.checked_sub_days(after).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn procedure(digest: &str) -> Procedure {
        let text = format!(
            "initial = \"a\"\nfaults_to = \"r\"\nname = {{ nl = \"p\", en = \"p\" }}\n{digest}\n\
             [states.a]\nnl = \"a\"\nen = \"a\"\nphase = \"p\"\n[roles.r]\nnl = \"r\"\nen = \"r\"\n[deadlines]\n"
        );
        toml::from_str(&text).expect("a procedure")
    }

    fn timetable() -> Timetable {
        Timetable::of(&procedure(""), &BTreeMap::new()).expect("the times that hold without being declared")
    }

    fn calendar() -> Calendar {
        let bridge = Date::from_ymd_opt(2026, 12, 28).expect("a day");
        Calendar::new(chrono_tz::Europe::Amsterdam, [bridge])
    }

    fn at(text: &str) -> Moment {
        let (day, time) = text.split_once(' ').expect("day and time");
        let time = TimeOfDay::parse_from_str(time, "%H:%M").expect("a time");
        calendar().at(day.parse().expect("a day"), time).expect("a moment")
    }

    #[test]
    fn outside_working_hours_notices_wait_for_the_next_open_morning() {
        for (decided, goes) in [
            ("2026-12-23 12:00", "2026-12-23 12:00"),
            ("2026-12-23 08:00", "2026-12-23 08:00"),
            ("2026-12-23 07:59", "2026-12-23 08:00"),
            ("2026-12-23 18:00", "2026-12-24 08:00"),
            // Christmas, a weekend, and a day on which the organisation is closed.
            ("2026-12-24 23:00", "2026-12-29 08:00"),
            ("2026-12-25 10:00", "2026-12-29 08:00"),
            ("2026-12-28 10:00", "2026-12-29 08:00"),
        ] {
            assert_eq!(timetable().open_from(&calendar(), at(decided)), at(goes), "{decided}");
        }
    }

    #[test]
    fn digests_go_on_open_days_and_weekly_ones_on_the_first_of_the_week() {
        for (timing, decided, goes) in [
            (Timing::Daily, "2026-12-23 09:00", "2026-12-23 09:00"),
            (Timing::Daily, "2026-12-23 09:01", "2026-12-24 09:00"),
            (Timing::Daily, "2026-12-24 09:01", "2026-12-29 09:00"),
            (Timing::Weekly, "2026-12-21 09:00", "2026-12-21 09:00"),
            (Timing::Weekly, "2026-12-21 09:01", "2026-12-29 09:00"),
            (Timing::Weekly, "2026-12-29 09:01", "2027-01-04 09:00"),
        ] {
            assert_eq!(timetable().digest_from(&calendar(), timing, at(decided)), at(goes), "{decided}");
        }
    }

    #[test]
    fn the_times_may_stand_in_a_parameter_and_are_checked() {
        let terms: BTreeMap<String, Value> = [("AT".to_owned(), Value::from("10:30"))].into();
        let of = |digest: &str| Timetable::of(&procedure(digest), &terms);
        let half_past = TimeOfDay::from_hms_opt(10, 30, 0).expect("a time");
        assert_eq!(of("[digest]\nat = \"AT\"").map(|t| t.digest), Ok(half_past));
        assert_eq!(of("[digest]\nat = \"TA\""), Err(TimetableMistake::NoTime("TA".to_owned())));
        let outside = of("[digest]\nat = \"07:00\"");
        assert_eq!(outside, Err(TimetableMistake::DigestOutside("07:00".to_owned())));
        let backwards = of("[digest]\nworking_hours = [\"18:00\", \"08:00\"]");
        assert_eq!(backwards, Err(TimetableMistake::NoHours("08:00".to_owned())));
    }
}
