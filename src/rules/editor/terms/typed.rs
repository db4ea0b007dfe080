//! What somebody typed, read as the value of a term.

use super::mistake::TermMistake;
use super::value::{TermKind, TermValue, is_address, no_address, no_time, only_in_file};
use crate::rules::procedure::amount::{Amount, Unit, time_of_day};

/// The fields of a form for one term, as they were typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Typed<'t> {
    /// The value: the number of a span, `yes` or `no`, a text, a list with one text on each line.
    pub value: &'t str,
    /// The unit of a span, by its word in scripts: `weeks`; empty for other kinds.
    pub unit: &'t str,
}

/// Reads what was typed as a value of a kind. Bounds are [`super::Terms::check`]'s.
///
/// # Errors
/// What is wrong with it, by field.
pub fn parse(kind: TermKind, typed: &Typed) -> Result<TermValue, TermMistake> {
    let value = typed.value.trim();
    let read = match kind {
        TermKind::Span => span(value, typed.unit.trim())?,
        TermKind::YesNo => yes_no(value)?,
        TermKind::Number => TermValue::Number(number(value)?),
        TermKind::Text => TermValue::Text(value.to_owned()),
        TermKind::Texts => {
            let lines = value.lines().map(str::trim).filter(|line| !line.is_empty());
            TermValue::Texts(lines.map(str::to_owned).collect())
        }
        TermKind::Time => {
            let time = time_of_day(value).ok_or_else(no_time)?;
            TermValue::Time(time.format("%H:%M").to_string())
        }
        TermKind::Address if is_address(value) => TermValue::Address(value.to_owned()),
        TermKind::Address => return Err(no_address()),
        TermKind::Expression => return Err(only_in_file()),
    };
    read.written()?;
    Ok(read)
}

/// Reads a value as people write it on one line: `2 weeks`, `2 weken`, `weeks(2)`, `ja`, `a, b, c`.
///
/// # Errors
/// What is wrong with it.
pub fn parse_written(kind: TermKind, written: &str) -> Result<TermValue, TermMistake> {
    let written = written.trim();
    match kind {
        TermKind::Span => {
            if let Some(Amount::Span { count, unit }) = Amount::read(written) {
                return parse(kind, &Typed { value: &count.to_string(), unit: unit.word() });
            }
            let at = written.find(|c: char| !(c.is_ascii_digit() || c == '-')).unwrap_or(written.len());
            let (count, unit) = written.split_at(at);
            parse(kind, &Typed { value: count, unit: unit.trim() })
        }
        TermKind::Texts => parse(kind, &Typed { value: &written.replace(',', "\n"), unit: "" }),
        _ => parse(kind, &Typed { value: written, unit: "" }),
    }
}

fn span(count: &str, unit: &str) -> Result<TermValue, TermMistake> {
    let count = number(count)?;
    let named =
        |u: &Unit| [1, 2].map(|n| u.called(n)).iter().any(|words| words.nl == unit || words.en == unit);
    let unit = Unit::named(unit).or_else(|| Unit::ALL.into_iter().find(named));
    let unit = unit.ok_or_else(|| {
        TermMistake::of_unit(
            "Kies uren, dagen, werkdagen, weken, maanden of jaren.",
            "Choose hours, days, working days, weeks, months or years.",
        )
    })?;
    Ok(TermValue::Span { count, unit })
}

fn number(typed: &str) -> Result<i64, TermMistake> {
    let is_plain = typed.strip_prefix('-').unwrap_or(typed).chars().all(|c| c.is_ascii_digit());
    let number = typed.parse().ok().filter(|_| is_plain);
    number.ok_or_else(|| {
        TermMistake::new("Vul een heel getal in, zoals 14.", "Fill in a whole number, such as 14.")
    })
}

fn yes_no(typed: &str) -> Result<TermValue, TermMistake> {
    match typed.to_lowercase().as_str() {
        "yes" | "ja" | "true" => Ok(TermValue::YesNo(true)),
        "no" | "nee" | "false" => Ok(TermValue::YesNo(false)),
        _ => Err(TermMistake::new("Kies ja of nee.", "Choose yes or no.")),
    }
}
