//! Periods as people write them: a year, a quarter, or a first and a last day.

use crate::calendar::Date;
use crate::complaint::Language;
use crate::message;

/// Reads a period: `2026`, `2026-Q3`, `2026-07-01/2026-09-30`; in an address `_` stands for the stroke. None where it is
/// none.
pub fn period(text: &str) -> Option<(Date, Date)> {
    let day = |y: i32, m: u32, d: u32| Date::from_ymd_opt(y, m, d);
    let days = || -> Option<(Date, Date)> {
        if let Some((from, to)) = text.split_once(['/', '_']) {
            return Some((from.parse().ok()?, to.parse().ok()?));
        }
        if let Some((year, quarter)) = text.split_once("-Q") {
            let (year, quarter) = (year.parse().ok()?, quarter.parse::<u32>().ok()?);
            let from = (1..=4).contains(&quarter).then(|| day(year, quarter * 3 - 2, 1))??;
            return Some((from, from.checked_add_months(chrono::Months::new(3))?.pred_opt()?));
        }
        let year = text.parse().ok()?;
        Some((day(year, 1, 1)?, day(year, 12, 31)?))
    };
    days().filter(|(from, to)| from <= to)
}

/// Returns a day as it is written out: `1 juli 2026`.
pub fn day_in_words(day: Date, language: Language) -> String {
    message::day_in_words(day, language.as_str())
}

/// Returns a period as it stands in an address and in the name of a file.
pub fn period_text((from, to): (Date, Date)) -> String {
    format!("{from}_{to}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_written_in_three_ways() {
        let shown = |text: &str| period(text).map(|(from, to)| format!("{from} {to}"));
        assert_eq!(shown("2026").as_deref(), Some("2026-01-01 2026-12-31"));
        assert_eq!(shown("2026-Q4").as_deref(), Some("2026-10-01 2026-12-31"));
        assert_eq!(shown("2026-02-01/2026-02-03").as_deref(), Some("2026-02-01 2026-02-03"));
        for wrong in
            ["2026-Q5", "2026-Q0", "kwartaal", "2026-02-03/2026-02-01", "", "999999999", "2026-Q1_2026-Q2"]
        {
            assert_eq!(shown(wrong), None, "{wrong}");
        }
        let quarter = period("2026-Q3").unwrap();
        assert_eq!(period(&period_text(quarter)), Some(quarter));
    }
}
