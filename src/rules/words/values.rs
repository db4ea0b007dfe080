//! Script values as JSON and back: what is stored, sent and typed in.

use super::element::Element;
use super::moments::ScriptMoment;
use crate::calendar::{Calendar, Date, Span};
use crate::rules::language::run_error::kind;
use crate::rules::words::context::{Failure, fail};
use crate::script::meter;
use rhai::{Array, Dynamic, Map};
use serde_json::{Value, json};

const DEPTH: u32 = 8;

/// Returns a script value as JSON: dates as `YYYY-MM-DD`, moments as RFC 3339 in the organisation's zone.
pub(in crate::rules) fn to_json(calendar: &Calendar, value: &Dynamic) -> Result<Value, Failure> {
    convert(calendar, value, DEPTH)
}

fn convert(calendar: &Calendar, value: &Dynamic, depth: u32) -> Result<Value, Failure> {
    if depth == 0 {
        return Err(fail("deze waarde is te diep genest", "this value is nested too deeply"));
    }
    meter::charge(1);
    if value.is_unit() {
        return Ok(Value::Null);
    }
    if let Ok(b) = value.as_bool() {
        return Ok(json!(b));
    }
    if let Ok(n) = value.as_int() {
        return Ok(json!(n));
    }
    if let Ok(x) = value.as_float() {
        return Ok(json!(x));
    }
    if let Ok(text) = value.clone().into_immutable_string() {
        meter::charge(meter::of_text(text.len()));
        return Ok(json!(text.as_str()));
    }
    if let Some(day) = value.read_lock::<Date>() {
        return Ok(json!(day.to_string()));
    }
    if let Some(moment) = value.read_lock::<ScriptMoment>() {
        return Ok(json!(calendar.rfc3339(moment.at)));
    }
    if let Some(span) = value.read_lock::<Span>() {
        return Ok(json!(span.to_string()));
    }
    if let Some(element) = value.read_lock::<Element>() {
        return Ok(element.to_json());
    }
    if let Some(map) = value.read_lock::<Map>() {
        let pairs = map.iter().map(|(k, v)| Ok((k.to_string(), convert(calendar, v, depth - 1)?)));
        return Ok(Value::Object(pairs.collect::<Result<_, Failure>>()?));
    }
    if let Some(array) = value.read_lock::<Array>() {
        let items = array.iter().map(|v| convert(calendar, v, depth - 1));
        return Ok(Value::Array(items.collect::<Result<_, Failure>>()?));
    }
    Err(fail(
        format!("{} kan niet worden bewaard of verstuurd", kind(value.type_name()).nl),
        format!("{} cannot be kept or sent", kind(value.type_name()).en),
    ))
}

/// Returns JSON as a script value; texts stay texts.
pub(in crate::rules) fn from_json(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(b) => (*b).into(),
        Value::Number(n) => n.as_i64().map_or_else(|| n.as_f64().unwrap_or_default().into(), Dynamic::from),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(from_json).collect::<Array>().into(),
        Value::Object(pairs) => {
            let pairs = pairs.iter().map(|(k, v)| (k.as_str().into(), from_json(v)));
            Dynamic::from(pairs.collect::<Map>())
        }
    }
}
