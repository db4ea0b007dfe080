//! Dates and moments in words, in the language of the message.

use super::shape::Shape;
use minijinja::{Environment, Error, ErrorKind, State};

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

/// What a filter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// A day, or a moment for the day on which it lies.
    Day,
    Moment,
    Term,
    /// Anything that is there.
    Anything,
    /// Anything, or nothing at all, for which it gives something.
    Nothing,
}

impl Takes {
    pub fn fits(self, shape: &Shape) -> bool {
        match self {
            Self::Day => matches!(shape, Shape::Any | Shape::Date | Shape::Moment),
            Self::Moment => matches!(shape, Shape::Any | Shape::Moment),
            Self::Term => matches!(shape, Shape::Any | Shape::Term),
            Self::Anything | Self::Nothing => true,
        }
    }

    pub fn gives(self) -> Shape {
        match self {
            Self::Day | Self::Moment | Self::Term => Shape::Text,
            Self::Anything | Self::Nothing => Shape::Any,
        }
    }
}

/// Returns what the filter of a name takes; none when there is no such filter.
pub(super) fn takes(name: &str) -> Option<Takes> {
    match name {
        "date" => Some(Takes::Day),
        "moment" => Some(Takes::Moment),
        "term" => Some(Takes::Term),
        "default" | "d" => Some(Takes::Nothing),
        other => is_brought(other).then_some(Takes::Anything),
    }
}

/// Returns whether the template engine brings a filter of a name.
fn is_brought(name: &str) -> bool {
    let environment = Environment::new();
    let tried = environment.compile_expression_owned(format!("1|{name}")).and_then(|e| e.eval(()));
    // What it cannot take a number for, it knows.
    tried.map_or_else(|e| e.kind() != ErrorKind::UnknownFilter, |_| true)
}

/// Returns whether the message is rendered in English.
fn in_english(state: &State) -> bool {
    state.lookup("language").is_some_and(|l| l.as_str() == Some("en"))
}

/// Says `2027-01-04` as "4 januari 2027"; a moment gives its local day.
pub(super) fn date(state: &State, value: &str) -> Result<String, Error> {
    let day = value.get(..10).and_then(|d| d.parse::<chrono::NaiveDate>().ok());
    let day =
        day.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("`{value}` is not a date")))?;
    let months = if in_english(state) { EN } else { NL };
    let month = months[chrono::Datelike::month0(&day) as usize];
    Ok(format!("{} {month} {}", chrono::Datelike::day(&day), chrono::Datelike::year(&day)))
}

/// Says `2027-01-04T09:00:00.000+01:00` as "4 januari 2027 om 09:00 uur".
pub(super) fn moment(state: &State, value: &str) -> Result<String, Error> {
    let time = value.get(11..16);
    let time =
        time.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("`{value}` is not a moment")))?;
    let day = date(state, value)?;
    Ok(if in_english(state) { format!("{day} at {time}") } else { format!("{day} om {time} uur") })
}

/// Says a span, "2 weeks" or "5 working days" in contexts, in the language of the message.
pub(super) fn term(state: &State, value: &str) -> Result<String, Error> {
    let wrong = || Error::new(ErrorKind::InvalidOperation, format!("`{value}` is not a term"));
    let (count, unit) = value.split_once(' ').ok_or_else(wrong)?;
    let one = count == "1";
    let (singular, plural) = match (unit, in_english(state)) {
        ("hours", true) => ("hour", "hours"),
        ("hours", false) => ("uur", "uur"),
        ("days", true) => ("day", "days"),
        ("days", false) => ("dag", "dagen"),
        ("working days", true) => ("working day", "working days"),
        ("working days", false) => ("werkdag", "werkdagen"),
        ("weeks", true) => ("week", "weeks"),
        ("weeks", false) => ("week", "weken"),
        ("months", true) => ("month", "months"),
        ("months", false) => ("maand", "maanden"),
        ("years", true) => ("year", "years"),
        ("years", false) => ("jaar", "jaar"),
        _ => return Err(wrong()),
    };
    Ok(format!("{count} {}", if one { singular } else { plural }))
}
