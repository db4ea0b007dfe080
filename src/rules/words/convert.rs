//! Script values as the facts hold them, and back; what does not fit is an error that names both types.

use super::moments::ScriptMoment;
use crate::calendar::{Date, Moment, TimeOfDay};
use crate::complaint::{Language, Name, Words};
use crate::rules::language::run_error::kind;
use crate::rules::procedure::label::Label;
use crate::rules::words::context::{Eval, Failure, fail, told};
use rhai::Dynamic;
use std::collections::BTreeMap;

pub(in crate::rules) fn put<T>(slot: &mut T, value: Result<T, Failure>) -> Result<(), Failure> {
    *slot = value?;
    Ok(())
}

pub(in crate::rules) fn optional(text: Option<&str>) -> Dynamic {
    text.map_or(Dynamic::UNIT, Into::into)
}

pub(in crate::rules) fn name(name: &Option<Name>) -> Dynamic {
    optional(name.as_ref().map(Name::as_str))
}

pub(in crate::rules) fn day(day: Option<Date>) -> Dynamic {
    day.map_or(Dynamic::UNIT, Dynamic::from)
}

pub(in crate::rules) fn text(value: Dynamic) -> Result<String, Failure> {
    let kind = kind(value.type_name());
    value.into_string().map_err(|_| {
        fail(
            format!("hier hoort een tekst, niet {}", kind.nl),
            format!("a text is needed here, not {}", kind.en),
        )
    })
}

pub(in crate::rules) fn filled(value: Dynamic) -> Result<Option<String>, Failure> {
    if value.is_unit() {
        return Ok(None);
    }
    Ok(Some(text(value)?).filter(|t| !t.trim().is_empty()))
}

pub(in crate::rules) fn date(value: Dynamic) -> Result<Option<Date>, Failure> {
    if value.is_unit() {
        return Ok(None);
    }
    let kind = kind(value.type_name());
    let day = value.try_cast::<Date>();
    day.map(Some).ok_or_else(|| {
        fail(
            format!("hier hoort een datum, niet {}", kind.nl),
            format!("a date is needed here, not {}", kind.en),
        )
    })
}

pub(in crate::rules) fn declared(
    value: Dynamic,
    known: &BTreeMap<Name, Label>,
    what: Words,
) -> Result<Option<Name>, Failure> {
    let Some(text) = filled(value)? else { return Ok(None) };
    if known.contains_key(text.as_str()) {
        return Ok(Some(text.into()));
    }
    let names: Vec<&str> = known.keys().map(Name::as_str).collect();
    let names = names.join(", ");
    Err(fail(
        format!("{} `{text}` bestaat niet; er is {names}", what.nl),
        format!("{} `{text}` is not declared; it is one of {names}", what.en),
    ))
}

pub(in crate::rules) fn address(value: Dynamic) -> Result<Option<String>, Failure> {
    Ok(filled(value)?.map(|t| t.trim().to_lowercase()))
}

pub(in crate::rules) fn language(value: Dynamic) -> Result<Language, Failure> {
    let language = text(value)?;
    let known: Vec<&str> = Language::ALL.iter().map(|l| l.as_str()).collect();
    language.parse().map_err(|_| {
        fail(
            format!("de taal is {}, niet `{language}`", known.join(" of ")),
            format!("language is {}, not `{language}`", known.join(" or ")),
        )
    })
}

/// Reads the moment of a receipt, which lies in the past; a day stands for its beginning, and terms count
/// whole days anyway.
pub(in crate::rules) fn receipt(value: Dynamic, eval: &Eval) -> Result<Moment, Failure> {
    let moment = value.read_lock::<ScriptMoment>().map(|m| m.at);
    let at = match moment {
        Some(at) => at,
        None => {
            let day = date(value)?.ok_or_else(|| {
                fail("een klacht is op enig moment ontvangen", "a complaint was received at some time")
            })?;
            eval.calendar.at(day, TimeOfDay::MIN).map_err(told)?
        }
    };
    if at > eval.now {
        Err(fail("een ontvangst kan niet in de toekomst liggen", "a receipt cannot lie in the future"))
    } else {
        Ok(at)
    }
}
