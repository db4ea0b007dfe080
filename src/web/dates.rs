//! `Dates`: days and moments in words, in the organisation's zone: "ma 4 jan (nog 6 dagen)".

use super::page::Page;
use super::texts::{counted, find, say};
use super::trouble::Trouble;
use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::Language;
use chrono::Datelike;
use std::sync::Arc;

/// How days and moments are said to one reader now.
#[derive(Clone, Debug)]
pub(super) struct Dates {
    calendar: Arc<Calendar>,
    language: Language,
    pub now: Moment,
    pub today: Date,
}

impl Dates {
    /// Returns how they are said now.
    pub async fn now(page: &Page, language: Language) -> Result<Self, Trouble> {
        let now = page.workflow.now().await?;
        Ok(Self::at(Arc::clone(&page.workflow.settings().calendar), language, now))
    }

    pub fn at(calendar: Arc<Calendar>, language: Language, now: Moment) -> Self {
        let today = calendar.day_of(now).unwrap_or_default();
        Self { calendar, language, now, today }
    }

    /// Returns the local day of a moment; none outside of the years that are known.
    pub fn day_of(&self, moment: Moment) -> Option<Date> {
        self.calendar.day_of(moment).ok()
    }

    /// Returns a day as people say it; the year only where it is another.
    pub fn day(&self, day: Date) -> String {
        let weekdays = find(self.language, "weekdays").unwrap_or_default();
        let word = |words: &str, i: u32| words.split(' ').nth(i as usize).unwrap_or_default().to_owned();
        let weekday = word(weekdays, day.weekday().num_days_from_monday());
        let month = self.month(day);
        let year = if day.year() == self.today.year() { String::new() } else { format!(" {}", day.year()) };
        format!("{weekday} {} {month}{year}", day.day())
    }

    /// Returns the short name of the month of a day.
    pub fn month(&self, day: Date) -> String {
        let months = find(self.language, "months").unwrap_or_default();
        months.split(' ').nth(day.month0() as usize).unwrap_or_default().to_owned()
    }

    /// Returns a moment as people say it.
    pub fn moment(&self, moment: Moment) -> String {
        match self.calendar.local(moment) {
            Ok(local) => format!("{}, {}", self.day(local.date()), local.format("%H:%M")),
            Err(_) => String::new(),
        }
    }

    /// Returns the end of a term, and how far it is.
    pub fn end(&self, end: Moment) -> String {
        self.end_seen_from(end, self)
    }

    /// Returns the end of a term, and how far it was from another moment.
    pub fn end_seen_from(&self, end: Moment, from: &Self) -> String {
        let Ok(day) = self.calendar.day_of(end) else { return String::new() };
        format!("{} ({})", self.day(day), from.distance(day, end))
    }

    fn distance(&self, day: Date, end: Moment) -> String {
        let days = (day - self.today).num_days();
        let count = |key: &str, n: i64| say(self.language, &counted(key, n), &[("n", &n.to_string())]);
        match days {
            0 if end < self.now => say(self.language, "late_today", &[]),
            0 => say(self.language, "today", &[]),
            1 => say(self.language, "tomorrow", &[]),
            2.. => count("days_left", days),
            _ => count("days_late", -days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_said_as_people_say_them() {
        let calendar = Arc::new(Calendar::new(chrono_tz::Europe::Amsterdam, []));
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let now = calendar.start_of(day("2026-12-29")).expect("a moment").plus_millis(36_000_000);
        let end = |text: &str, language| {
            let dates = Dates::at(Arc::clone(&calendar), language, now);
            dates.end(calendar.end_of(day(text)).expect("a moment"))
        };
        for (text, said) in [
            ("2026-12-29", "di 29 dec (vandaag)"),
            ("2026-12-30", "wo 30 dec (morgen)"),
            ("2026-12-31", "do 31 dec (nog 2 dagen)"),
            ("2027-01-04", "ma 4 jan 2027 (nog 6 dagen)"),
            ("2026-12-28", "ma 28 dec (1 dag te laat)"),
            ("2026-12-01", "di 1 dec (28 dagen te laat)"),
        ] {
            assert_eq!(end(text, Language::Dutch), said);
        }
        assert_eq!(end("2026-12-31", Language::English), "Thu 31 Dec (2 days left)");
        let dates = Dates::at(calendar, Language::Dutch, now);
        assert_eq!(dates.moment(now), "di 29 dec, 10:00");
        assert_eq!(dates.end(now.plus_millis(-1)), "di 29 dec (vandaag te laat)");
    }
}
