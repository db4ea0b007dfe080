//! What single cells say: numbers of complaints, numbers, yes and no.

use super::comparing::folded;
use serde_json::Value;

/// Returns what an earlier number is known by: the signs in it tell numbers apart. A mere sign is none.
pub(super) fn number_key(number: &str) -> Option<String> {
    let key = number.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    key.chars().any(char::is_alphanumeric).then_some(key)
}

/// Reads a number as people write it.
pub(super) fn number(text: &str) -> Option<Value> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '€').collect();
    // 1.250,50 as in Dutch; 1250.50 as a spreadsheet has it.
    let plain = if plain.contains(',') { plain.replace('.', "").replace(',', ".") } else { plain };
    let number = plain.parse::<f64>().ok().filter(|number| number.is_finite())?;
    let is_whole = number.fract() == 0.0 && number.abs() < 1e15;
    if is_whole {
        Some(Value::from(number as i64))
    } else {
        serde_json::Number::from_f64(number).map(Value::Number)
    }
}

/// Reads a yes or a no.
pub(super) fn yes_or_no(text: &str) -> Option<Value> {
    match folded(text).as_str() {
        "ja" | "yes" | "true" | "waar" | "x" | "1" => Some(true.into()),
        "nee" | "no" | "false" | "onwaar" | "0" => Some(false.into()),
        _ => None,
    }
}
