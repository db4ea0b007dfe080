//! The organisation's own fields: `complaint.extra.*`, and their place in forms.

use super::context::{ComplaintHandle, Eval, Failure, Phase, fail};
use super::convert::date;
use super::field::OWN_FIELD_PREFIX;
use super::history::unknown;
use super::kind::Kind::{Map as MapKind, Nothing};
use super::questions::{AskBuilder, AskKind};
use super::values::{from_json, to_json};
use super::word::{Phases, Place, Word, example, form, help};
use crate::calendar::Date;
use crate::complaint::{EventKind, Name, Words};
use crate::rules::procedure::extra::{ExtraField, ExtraKind};
use rhai::{Dynamic, Engine, FuncRegistration, Map, NativeCallContext};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "own_fields",
        forms: &[form(&[], MapKind)],
        help: help(
            "de vragen naar uw eigen velden, bij de vragen van een actie gevoegd",
            "the questions of your own fields, added to an action's own",
        ),
        example: example(
            Place::File,
            "action vul_aan \"Aanvullen\" by [\"{role}\"] asks #{ reden: text(\"Waarom?\") } + own_fields() when complaint.is_open then { record_own_fields(); remark(input.reden); }",
        ),
        register: |engine, name| {
            engine.register_fn(name, own_fields);
        },
        ..Word::ASKS
    },
    Word {
        name: "record_own_fields",
        forms: &[form(&[], Nothing)],
        phases: Phases::ActionBodies,
        help: help(
            "neemt over wat het formulier over uw eigen velden vroeg",
            "takes over what the form asked of your own fields",
        ),
        example: example(Place::Action, "record_own_fields();"),
        register: |engine, name| {
            engine.register_fn(name, record_own_fields);
        },
        ..Word::ACTS
    },
];

/// `complaint.extra`.
#[derive(Clone, Debug)]
struct Extra(Arc<Eval>);

/// Registers `complaint.extra`.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Extra>("extra");
    FuncRegistration::new_getter("extra")
        .with_purity(true)
        .register_into_engine(engine, |c: &mut ComplaintHandle| Extra(Arc::clone(&c.0)));
    engine.register_indexer_get(|extra: &mut Extra, name: &str| read(&extra.0, name));
    engine.register_indexer_set(|extra: &mut Extra, name: &str, value: Dynamic| -> Result<(), Failure> {
        write(&extra.0, name, value)
    });
}

fn own_fields(context: NativeCallContext) -> Result<Map, Failure> {
    let eval = Eval::of(&context)?;
    let fields = eval.procedure.extra.iter();
    Ok(fields.map(|(name, field)| (name.as_str().into(), Dynamic::from(ask(&eval, name, field)))).collect())
}

fn record_own_fields(context: NativeCallContext) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    let given = eval.working().input.clone();
    for name in eval.procedure.extra.keys() {
        if let Some(value) = given.get(name.as_str()).filter(|v| !v.is_unit()) {
            write(&eval, name.as_str(), value.clone())?;
        }
    }
    Ok(())
}

fn declared<'e>(eval: &'e Eval, name: &str) -> Result<&'e ExtraField, Failure> {
    let known = &eval.procedure.extra;
    known
        .get(name)
        .ok_or_else(|| unknown(Words::new("eigen veld", "extra field"), name, known.keys().map(Name::as_str)))
}

fn read(eval: &Eval, name: &str) -> Result<Dynamic, Failure> {
    let field = declared(eval, name)?;
    let mut working = eval.working();
    if field.kind == ExtraKind::Text && matches!(working.phase, Phase::Condition | Phase::Offer) {
        return Err(fail(
            format!("vrije tekst kan niet in een voorwaarde; geef extra.{name} in redress.toml als keuze op"),
            format!("free text does not reach conditions; declare extra.{name} as a choice in redress.toml"),
        ));
    }
    let value = working.case.complaint.extra.get(name).cloned().unwrap_or(Value::Null);
    let what = format!("complaint.{OWN_FIELD_PREFIX}{name}");
    working.note_personal(&what, || format!("{what} is {value}"));
    // Under other declarations it may hold what no longer fits; then it counts as not filled in.
    if !field.fits(&value) {
        return Ok(Dynamic::UNIT);
    }
    Ok(match (&field.kind, &value) {
        (ExtraKind::Date, Value::String(text)) => text.parse::<Date>().map_or(Dynamic::UNIT, Dynamic::from),
        _ => from_json(&value),
    })
}

fn write(eval: &Eval, name: &str, value: Dynamic) -> Result<(), Failure> {
    let field = declared(eval, name)?;
    eval.require_effects("complaint.extra")?;
    if field.kind == ExtraKind::Date {
        date(value.clone())?;
    }
    let value = to_json(&eval.calendar, &value)?;
    if !value.is_null() && !field.fits(&value) {
        return Err(fail(
            format!("extra.{name} vraagt een waarde van de soort {}, niet {value}", field.kind.as_str()),
            format!("extra.{name} takes a value of type {}, not {value}", field.kind.as_str()),
        ));
    }
    let mut working = eval.working();
    let before = working.case.complaint.extra.get(name).cloned().unwrap_or(Value::Null);
    if before != value {
        working.case.complaint.extra.insert(name.into(), value.clone());
        let field = format!("{OWN_FIELD_PREFIX}{name}");
        let change = json!({"field": field, "from": before, "to": value});
        let data = json!({"field": field});
        working.record_personal(EventKind::FactChanged, format!("{field} changed"), data, Some(change));
    }
    Ok(())
}

fn ask(eval: &Eval, name: &Name, field: &ExtraField) -> AskBuilder {
    let kind = match &field.kind {
        ExtraKind::Text => AskKind::Text,
        ExtraKind::Date => AskKind::Date,
        ExtraKind::Number => AskKind::Number,
        ExtraKind::YesNo => AskKind::YesNo,
        ExtraKind::Choice(options) => AskKind::Choice(options.clone()),
    };
    let held = eval.working().case.complaint.extra.get(name).filter(|v| field.fits(v)).cloned();
    let preset = held.map(|v| match (&field.kind, &v) {
        (ExtraKind::Date, Value::String(text)) => text.parse::<Date>().map_or(Dynamic::UNIT, Dynamic::from),
        _ => from_json(&v),
    });
    AskBuilder { required: false, preset, ..AskBuilder::new(&field.label.nl, kind) }
}
