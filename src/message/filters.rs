//! Dates and moments in words, in the language of the message.

use super::shape::Shape;
use crate::complaint::{Language, span_in_words};
use chrono::Datelike;
use minijinja::{Error, ErrorKind, State};

const NL: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const NL_DAYS: [&str; 7] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];
const EN_DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A value that cannot be written as what it should be.
#[derive(Debug, thiserror::Error)]
#[error("`{value}` is no {wanted:?}")]
pub(super) struct Unwritable {
    pub value: String,
    pub wanted: Shape,
}

fn unwritable(value: &str, wanted: Shape) -> Error {
    Error::from(ErrorKind::InvalidOperation).with_source(Unwritable { value: value.to_owned(), wanted })
}

/// Returns whether the message is rendered in English.
fn in_english(state: &State) -> bool {
    state.lookup("language").is_some_and(|l| l.as_str() == Some("en"))
}

/// Says `2027-01-04` as "maandag 4 januari 2027"; a moment gives its local day.
pub(super) fn date(state: &State, value: &str) -> Result<String, Error> {
    let day = value.get(..10).and_then(|d| d.parse::<chrono::NaiveDate>().ok());
    let day = day.ok_or_else(|| unwritable(value, Shape::Date))?;
    let (days, language) = if in_english(state) { (EN_DAYS, "en") } else { (NL_DAYS, "nl") };
    let weekday = days[day.weekday().num_days_from_monday() as usize];
    Ok(format!("{weekday} {}", day_in_words(day, language)))
}

/// Returns a day in the words of a language, `nl` or `en`, without the day of the week: "4 januari 2027".
pub fn day_in_words(day: chrono::NaiveDate, language: &str) -> String {
    let months = if language == "en" { EN } else { NL };
    format!("{} {} {}", day.day(), months[day.month0() as usize], day.year())
}

/// Says `2027-01-04T09:00:00.000+01:00` as "maandag 4 januari 2027 om 09:00 uur".
pub(super) fn moment(state: &State, value: &str) -> Result<String, Error> {
    let time = value.get(11..16);
    let time = time.ok_or_else(|| unwritable(value, Shape::Moment))?;
    let day = date(state, value)?;
    Ok(if in_english(state) { format!("{day} at {time}") } else { format!("{day} om {time} uur") })
}

/// Says a span, "2 weeks" or "5 working days" in contexts, in the language of the message.
pub(super) fn term(state: &State, value: &str) -> Result<String, Error> {
    let language = if in_english(state) { Language::English } else { Language::Dutch };
    span_in_words(value, language).ok_or_else(|| unwritable(value, Shape::Term))
}
