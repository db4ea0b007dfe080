//! Days as people write them: 2024-03-01, 1-3-2024, 01/03/24, 1 maart 2024, and the numbers by which spreadsheets count.

use crate::calendar::Date;
use crate::complaint::Text;
use chrono::{Datelike, Days};
use serde::{Deserialize, Serialize};

/// What comes first where a day is written in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// The day: 1-3-2024 is in March.
    #[default]
    #[serde(rename = "day_first")]
    DayFirst,
    /// The month: 1/3/2024 is in January.
    #[serde(rename = "month_first")]
    MonthFirst,
}

/// A text that is no day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayMistake {
    /// It is not written as a day.
    NotADay,
    /// It is written as one that no calendar has.
    NoSuchDay,
}

impl DayMistake {
    /// Says it of what was written.
    pub fn said(&self, written: &str) -> Text {
        match self {
            Self::NotADay => Text::new(
                format!("“{written}” is geen datum; schrijf bijvoorbeeld 1-3-2024"),
                format!("\"{written}\" is not a date; write 2024-03-01, for instance"),
            ),
            Self::NoSuchDay => Text::new(
                format!("“{written}” is geen bestaande dag"),
                format!("\"{written}\" is not a day that exists"),
            ),
        }
    }
}

const MONTHS: &[&[&str]] = &[
    &["januari", "jan", "january"],
    &["februari", "feb", "february", "febr"],
    &["maart", "mrt", "mar", "march", "maa"],
    &["april", "apr"],
    &["mei", "may"],
    &["juni", "jun", "june"],
    &["juli", "jul", "july"],
    &["augustus", "aug", "august"],
    &["september", "sep", "sept"],
    &["oktober", "okt", "oct", "october"],
    &["november", "nov"],
    &["december", "dec"],
];

const WEEKDAYS: &[&str] = &[
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "ma",
    "di",
    "wo",
    "do",
    "vr",
    "za",
    "zo",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
];

/// Reads a day. A time behind it is left out.
pub fn parse_day(text: &str, order: Order) -> Result<Date, DayMistake> {
    let text = without_time(text.trim()).to_lowercase();
    if text.chars().any(char::is_alphabetic) {
        return in_words(&text);
    }
    let parts: Vec<&str> = text.split(['-', '/', '.']).map(str::trim).collect();
    match parts[..] {
        [year, month, day] if year.len() == 4 => day_of(whole(year)?, whole(month)?, whole(day)?),
        [day, month, year] => {
            let (day, month) = match order {
                Order::DayFirst => (day, month),
                Order::MonthFirst => (month, day),
            };
            day_of(year_of(year)?, whole(month)?, whole(day)?)
        }
        [one] if one.len() == 8 && is_figures(one) => {
            day_of(whole(&one[..4])?, whole(&one[4..6])?, whole(&one[6..])?)
        }
        [one] if one.len() == 5 => serial(f64::from(whole(one)?)),
        _ => Err(DayMistake::NotADay),
    }
}

/// Returns the day that a spreadsheet counts by a number, from 1900; of the years 1954 to 2119.
pub fn serial(number: f64) -> Result<Date, DayMistake> {
    if !(20_000.0..80_000.0).contains(&number) {
        return Err(DayMistake::NotADay);
    }
    let base = Date::from_ymd_opt(1899, 12, 30).ok_or(DayMistake::NotADay)?;
    base.checked_add_days(Days::new(number.floor() as u64)).ok_or(DayMistake::NotADay)
}

fn without_time(text: &str) -> &str {
    let is_time = |rest: &str| rest.contains(':') && rest.starts_with(|c: char| c.is_ascii_digit());
    let behind = |sign: char| {
        let (day, rest) = text.split_once(sign)?;
        is_time(rest.trim()).then_some(day)
    };
    match text.rsplit_once(' ') {
        Some((day, time)) if is_time(time) => day.trim(),
        _ => behind('T').unwrap_or(text),
    }
}

fn in_words(text: &str) -> Result<Date, DayMistake> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '-' | '/'));
    let words = words.filter(|word| !word.is_empty() && !WEEKDAYS.contains(word));
    let words: Vec<&str> = words.collect();
    let month = |word: &str| MONTHS.iter().position(|names| names.contains(&word)).map(|at| at as u32 + 1);
    let day = |word: &str| whole(word.trim_end_matches(|c: char| c.is_alphabetic()));
    match words[..] {
        [first, second, year] => match (month(second), month(first)) {
            (Some(month), _) => day_of(year_of(year)?, month, day(first)?),
            (None, Some(month)) => day_of(year_of(year)?, month, day(second)?),
            (None, None) => Err(DayMistake::NotADay),
        },
        _ => Err(DayMistake::NotADay),
    }
}

fn is_figures(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn whole(text: &str) -> Result<u32, DayMistake> {
    if !is_figures(text) || text.len() > 5 {
        return Err(DayMistake::NotADay);
    }
    text.parse().map_err(|_| DayMistake::NotADay)
}

/// Reads a year of four or two figures; of the latter, 70 and more are of the last century.
fn year_of(text: &str) -> Result<u32, DayMistake> {
    let year = whole(text)?;
    match text.len() {
        4 => Ok(year),
        2 if year >= 70 => Ok(1900 + year),
        2 => Ok(2000 + year),
        _ => Err(DayMistake::NotADay),
    }
}

fn day_of(year: u32, month: u32, day: u32) -> Result<Date, DayMistake> {
    let year = i32::try_from(year).map_err(|_| DayMistake::NotADay)?;
    let day = Date::from_ymd_opt(year, month, day).ok_or(DayMistake::NoSuchDay)?;
    if (1970..=2400).contains(&day.year()) { Ok(day) } else { Err(DayMistake::NoSuchDay) }
}
