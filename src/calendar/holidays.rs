//! Dutch holidays: computed (Algemene termijnenwet art. 3(1) and (2)) and equalised by royal decision (art.
//! 3(3)).

use super::Date;
use chrono::{Datelike, Days};

/// The day after which no equalised days are known; computing beyond it deserves a warning.
pub const EQUALISED_VALID_UNTIL: (i32, u32, u32) = (2028, 12, 31);

/// Art. 3(3) days are data, not a formula: the royal decisions follow no rule.
const EQUALISED: &[(i32, u32, u32)] =
    &[(2026, 1, 2), (2026, 5, 15), (2027, 5, 7), (2028, 4, 28), (2028, 5, 26)];

/// A day that the law names as a holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// The name by which people in the Netherlands know it, in Dutch.
    pub name: &'static str,
}

/// Returns the recognised or equalised holiday on `day`, if it is one. Weekends are not holidays.
pub fn holiday(day: Date) -> Option<Holiday> {
    let name = fixed(day).or_else(|| movable(day)).or_else(|| equalised(day))?;
    Some(Holiday { name })
}

fn fixed(day: Date) -> Option<&'static str> {
    match (day.month(), day.day()) {
        (1, 1) => Some("Nieuwjaarsdag"),
        (4, 26 | 27) if Some(day) == kings_day(day.year()) => Some("Koningsdag"),
        (5, 5) => Some("Bevrijdingsdag"),
        (12, 25) => Some("Eerste Kerstdag"),
        (12, 26) => Some("Tweede Kerstdag"),
        _ => None,
    }
}

fn movable(day: Date) -> Option<&'static str> {
    match day.signed_duration_since(easter(day.year())?).num_days() {
        -2 => Some("Goede Vrijdag"),
        1 => Some("Tweede Paasdag"),
        39 => Some("Hemelvaartsdag"),
        50 => Some("Tweede Pinksterdag"),
        _ => None,
    }
}

fn equalised(day: Date) -> Option<&'static str> {
    EQUALISED.contains(&(day.year(), day.month(), day.day())).then_some("gelijkgestelde dag")
}

/// Returns 27 April, or the day before when that is a Sunday.
fn kings_day(year: i32) -> Option<Date> {
    let day = Date::from_ymd_opt(year, 4, 27)?;
    if day.weekday() == chrono::Weekday::Sun { day.checked_sub_days(Days::new(1)) } else { Some(day) }
}

/// Returns Easter Sunday by the anonymous Gregorian computus.
fn easter(year: i32) -> Option<Date> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Date::from_ymd_opt(year, u32::try_from(n / 31).ok()?, u32::try_from(n % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn names_the_days_people_know() {
        let name = |text: &str| holiday(day(text)).map(|h| h.name);
        assert_eq!(name("2027-03-26"), Some("Goede Vrijdag"));
        assert_eq!(name("2027-03-29"), Some("Tweede Paasdag"));
        assert_eq!(name("2026-05-14"), Some("Hemelvaartsdag"));
        assert_eq!(name("2026-05-15"), Some("gelijkgestelde dag"));
        assert_eq!(name("2025-04-26"), Some("Koningsdag"));
        assert_eq!(name("2025-04-27"), None);
        assert_eq!(name("2024-05-20"), Some("Tweede Pinksterdag"));
    }

    #[test]
    fn heuristics_for_bridge_days_are_not_applied() {
        assert_eq!(holiday(day("2026-05-04")), None);
        assert_eq!(holiday(day("2027-04-26")), None);
    }
}
