//! `Amount`: what a term of the rules comes to, so that terms and their bounds can be compared.

use crate::calendar::{self, TimeOfDay};
use crate::complaint::{Words, unit_in_words};

/// The unit in which a span is written: the word of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Exact hours.
    Hours,
    /// Calendar days.
    Days,
    /// Days that are neither weekend nor holiday.
    Workdays,
    /// Seven days each.
    Weeks,
    /// Calendar months.
    Months,
    /// Twelve months each.
    Years,
}

impl Unit {
    /// Every unit, the shortest first.
    pub const ALL: [Self; 6] =
        [Self::Hours, Self::Days, Self::Workdays, Self::Weeks, Self::Months, Self::Years];

    /// Returns the word that scripts call it by.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Workdays => "workdays",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Years => "years",
        }
    }

    /// Returns the unit of a script's word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.word() == word)
    }

    /// Returns what people call so many of it.
    pub fn called(self, count: i64) -> Words {
        let unit = if self == Self::Workdays { "working days" } else { self.word() };
        unit_in_words(unit, count).unwrap_or(Words::new(unit, unit))
    }

    /// Makes a span of the calendar.
    pub fn span(self, count: i64) -> calendar::Span {
        match self {
            Self::Hours => calendar::Span::Hours(count),
            Self::Days => calendar::Span::Days(count),
            Self::Workdays => calendar::Span::Workdays(count),
            Self::Weeks => calendar::Span::weeks(count),
            Self::Months => calendar::Span::Months(count),
            Self::Years => calendar::Span::years(count),
        }
    }
}

/// What can be more or less: a number, a span or a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// A number.
    Number(i64),
    /// A span, in the unit in which it is written.
    Span {
        /// How many.
        count: i64,
        /// Of what.
        unit: Unit,
    },
    /// A time of day.
    Time(TimeOfDay),
}

impl Amount {
    /// Makes the amount of a span as scripts have it: what is lost is whether weeks or days were written.
    pub fn of_span(span: calendar::Span) -> Self {
        let (count, unit) = match span {
            calendar::Span::Hours(n) => (n, Unit::Hours),
            calendar::Span::Days(n) if n % 7 == 0 && n != 0 => (n / 7, Unit::Weeks),
            calendar::Span::Days(n) => (n, Unit::Days),
            calendar::Span::Workdays(n) => (n, Unit::Workdays),
            calendar::Span::Months(n) if n % 12 == 0 && n != 0 => (n / 12, Unit::Years),
            calendar::Span::Months(n) => (n, Unit::Months),
        };
        Self::Span { count, unit }
    }

    /// Reads an amount as it is written: `weeks(2)`, `40`, `09:00`.
    pub fn read(written: &str) -> Option<Self> {
        let written = written.trim();
        if let Ok(number) = written.parse() {
            return Some(Self::Number(number));
        }
        if let Some(time) = time_of_day(written) {
            return Some(Self::Time(time));
        }
        let (word, count) = written.strip_suffix(')')?.split_once('(')?;
        let (unit, count) = (Unit::named(word.trim())?, count.trim().parse().ok()?);
        unit.span(count).is_reasonable().then_some(Self::Span { count, unit })
    }

    /// Returns whether this is never more than another, from whatever day they are counted; none where they cannot be
    /// compared.
    pub fn is_within(self, most: Self) -> Option<bool> {
        match (self, most) {
            (Self::Number(a), Self::Number(b)) => Some(a <= b),
            (Self::Time(a), Self::Time(b)) => Some(a <= b),
            (Self::Span { count: a, unit: of_a }, Self::Span { count: b, unit: of_b }) => {
                Some(span_is_within(of_a.span(a), of_b.span(b)))
            }
            _ => None,
        }
    }

    /// Returns it in words: `2 weken`, `2 weeks`.
    pub fn words(self) -> crate::complaint::Text {
        match self {
            Self::Number(n) => crate::complaint::Text::same(n.to_string()),
            Self::Time(time) => crate::complaint::Text::same(time.format("%H:%M").to_string()),
            Self::Span { count, unit } => {
                let called = unit.called(count);
                crate::complaint::Text::new(
                    format!("{count} {}", called.nl),
                    format!("{count} {}", called.en),
                )
            }
        }
    }
}

/// Reads a time of day as scripts take it.
pub fn time_of_day(text: &str) -> Option<TimeOfDay> {
    TimeOfDay::parse_from_str(text, "%H:%M").ok()
}

fn span_is_within(a: calendar::Span, b: calendar::Span) -> bool {
    use calendar::Span::{Days, Hours, Months, Workdays};
    match (a, b) {
        (Hours(a), Hours(b)) | (Days(a), Days(b)) | (Workdays(a), Workdays(b)) | (Months(a), Months(b)) => {
            a <= b
        }
        _ => hours_of(a).1 <= hours_of(b).0,
    }
}

/// The days that so many months of a year have, at least and at most.
const MONTHS: [(i64, i64); 12] = [
    (0, 0),
    (28, 31),
    (59, 62),
    (89, 92),
    (120, 123),
    (150, 153),
    (181, 184),
    (212, 215),
    (242, 245),
    (273, 276),
    (303, 306),
    (334, 337),
];

/// Returns the fewest and the most hours that a span can last.
fn hours_of(span: calendar::Span) -> (i64, i64) {
    let days = match span {
        calendar::Span::Hours(n) => return (n, n),
        calendar::Span::Days(n) => (n, n),
        calendar::Span::Workdays(n) if n > 0 => (n.saturating_add(2 * ((n - 1) / 5)), most_days(n)),
        calendar::Span::Workdays(n) => (n, n),
        calendar::Span::Months(n) => {
            let years = n.div_euclid(12);
            let rest = usize::try_from(n.rem_euclid(12)).map_or((0, 0), |month| MONTHS[month]);
            let whole = years.saturating_mul(365);
            (whole + years.div_euclid(4) + rest.0, whole + (years + 3).div_euclid(4) + rest.1)
        }
    };
    (days.0.saturating_mul(24), days.1.saturating_mul(24))
}

/// The most days that one to five working days can last: the holidays of May and of the year's end lie together.
const WORKDAYS: [i64; 5] = [6, 7, 10, 12, 13];

/// Returns the most days that so many working days can last.
fn most_days(workdays: i64) -> i64 {
    let few = usize::try_from(workdays - 1).ok().and_then(|place| WORKDAYS.get(place));
    let more = || (workdays.saturating_add(4) / 5).saturating_mul(7).saturating_add(7 + workdays / 5);
    few.copied().unwrap_or_else(more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, Days, Months, NaiveDate};

    fn within(a: &str, b: &str) -> Option<bool> {
        Amount::read(a).expect(a).is_within(Amount::read(b).expect(b))
    }

    #[test]
    fn what_may_be_longer_is_not_within() {
        assert_eq!(within("weeks(6)", "months(3)"), Some(true));
        assert_eq!(within("days(89)", "months(3)"), Some(true));
        assert_eq!(within("days(90)", "months(3)"), Some(false), "February is short");
        assert_eq!(within("months(3)", "days(92)"), Some(true));
        assert_eq!(within("months(3)", "days(91)"), Some(false));
        assert_eq!(within("weeks(2)", "days(14)"), Some(true));
        assert_eq!(within("days(14)", "weeks(2)"), Some(true));
        assert_eq!(within("years(2)", "months(24)"), Some(true));
        assert_eq!(within("workdays(5)", "weeks(4)"), Some(true));
        assert_eq!(within("workdays(5)", "days(7)"), Some(false), "there may be a holiday");
        assert_eq!(within("hours(48)", "days(2)"), Some(true));
        assert_eq!(within("09:00", "18:00"), Some(true));
        assert_eq!(within("3", "2"), Some(false));
        assert_eq!(within("3", "weeks(3)"), None);
        assert_eq!(within("09:00", "9"), None);
    }

    #[test]
    fn months_are_as_long_as_the_calendar_says() {
        for months in 1..=60_u32 {
            let (least, most) = hours_of(calendar::Span::Months(i64::from(months)));
            let mut day = NaiveDate::from_ymd_opt(2023, 1, 1).expect("a day");
            let (mut shortest, mut longest) = (i64::MAX, 0);
            while day.year() < 2028 {
                let days = (day + Months::new(months) - day).num_days();
                (shortest, longest) = (shortest.min(days), longest.max(days));
                day = day + Days::new(1);
            }
            assert!(least <= shortest * 24 && longest * 24 <= most, "{months}: {shortest} {longest}");
            assert!(shortest * 24 - least <= 48 && most - longest * 24 <= 48, "{months}: {least} {most}");
        }
    }

    #[test]
    fn working_days_are_as_long_as_the_calendar_says() {
        let calendar = calendar::Calendar::new(chrono_tz::Europe::Amsterdam, []);
        for workdays in 1..=250 {
            let (least, most) = hours_of(calendar::Span::Workdays(workdays));
            let mut day = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day");
            while day.year() < 2029 {
                let end = calendar.add_to_day(day, calendar::Span::Workdays(workdays)).expect("in range");
                let hours = (end - day).num_days() * 24;
                assert!(least <= hours && hours <= most, "{workdays} from {day}: {hours}, {least} to {most}");
                day = day + Days::new(1);
            }
        }
    }

    #[test]
    fn amounts_are_read_as_they_are_written() {
        assert_eq!(Amount::read(" weeks( 2 ) "), Some(Amount::Span { count: 2, unit: Unit::Weeks }));
        for text in
            ["", "weeks", "weeks()", "weeks(x)", "weken(2)", "weeks(2", "25:00", "weeks(99999999)", "1.5"]
        {
            assert_eq!(Amount::read(text), None, "{text}");
        }
    }
}
