//! The fields `complaint.*`: one table from which getters, setters, the lint and the reference come.

use super::facts::ComplaintHandle;
use super::time::ScriptMoment;
use crate::calendar::{Calendar, Date};
use crate::complaint::{Channel, ComplainantKind, Complaint, EventKind, Name, Number};
use crate::rules::eval::{Failure, Phase, Working, fail};
use crate::rules::{Label, Procedure};
use rhai::{Array, Dynamic, Engine, FuncRegistration};
use serde_json::json;
use std::collections::BTreeMap;

/// What a script may do with a field.
#[derive(Clone, Copy)]
pub(in crate::rules) enum Access {
    /// Set by the engine or an effect.
    Read,
    /// Assignable in bodies.
    Write(fn(&mut Complaint, Dynamic, &Procedure) -> Result<(), Failure>),
}

/// How much of a field may be shown where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Privacy {
    /// Categories, dates and states.
    Plain,
    /// A name or address.
    Personal,
    /// Free text: never reaches conditions (DESIGN §2).
    FreeText,
}

#[derive(Clone, Copy)]
pub(in crate::rules) struct Field {
    pub name: &'static str,
    pub privacy: Privacy,
    get: fn(&Working, &Procedure) -> Dynamic,
    access: Access,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Field {
    pub fn is_writable(&self) -> bool {
        matches!(self.access, Access::Write(_))
    }

    pub fn is_set(&self, working: &Working, procedure: &Procedure) -> bool {
        let value = (self.get)(working, procedure);
        !value.is_unit() && value.into_immutable_string().map_or(true, |t| !t.trim().is_empty())
    }
}

const fn read(name: &'static str, get: fn(&Working, &Procedure) -> Dynamic) -> Field {
    Field { name, privacy: Privacy::Plain, get, access: Access::Read }
}

const fn write(
    name: &'static str,
    privacy: Privacy,
    get: fn(&Working, &Procedure) -> Dynamic,
    set: fn(&mut Complaint, Dynamic, &Procedure) -> Result<(), Failure>,
) -> Field {
    Field { name, privacy, get, access: Access::Write(set) }
}

use Privacy::{FreeText, Personal, Plain};

pub(in crate::rules) const FIELDS: &[Field] = &[
    read("state", |w, _| w.case.complaint.state.as_str().into()),
    read("is_open", |w, p| p.is_open(&w.case.complaint.state).into()),
    read("number", |w, _| optional(w.case.complaint.number.as_ref().map(Number::as_str))),
    read("channel", |w, _| channel(w.case.complaint.channel).into()),
    read("complainant_kind", |w, _| kind(w.case.complaint.complainant_kind).into()),
    read("received_at", |w, _| Dynamic::from(ScriptMoment::from(w.case.complaint.received_at))),
    read("registered_at", |w, _| {
        w.case.complaint.registered_at.map_or(Dynamic::UNIT, |m| Dynamic::from(ScriptMoment::from(m)))
    }),
    read("promised_by_original", |w, _| day(w.case.complaint.promised_by_original)),
    read("escalation", |w, _| name(&w.case.complaint.escalation)),
    read("triage_reason", |w, _| name(&w.case.complaint.triage_reason)),
    Field {
        privacy: Personal,
        ..read("forwarded_by", |w, _| optional(w.case.complaint.forwarded_by.as_deref()))
    },
    read("measures", |w, _| super::element::measures(w).into()),
    read("duplicates", |w, _| super::element::related(w).into()),
    write(
        "subject",
        Personal,
        |w, _| w.case.complaint.subject.as_str().into(),
        |c, v, _| {
            c.subject = text(v)?;
            Ok(())
        },
    ),
    write(
        "language",
        Plain,
        |w, _| w.case.complaint.language.as_str().into(),
        |c, v, _| {
            let language = text(v)?;
            if !["nl", "en"].contains(&language.as_str()) {
                return Err(fail(format!("language is nl or en, not `{language}`")));
            }
            c.language = language;
            Ok(())
        },
    ),
    write(
        "complainant",
        Personal,
        |w, _| w.case.complaint.complainant.email.as_str().into(),
        |c, v, _| {
            c.complainant.email = text(v)?.trim().to_lowercase();
            Ok(())
        },
    ),
    write(
        "complainant_name",
        Personal,
        |w, _| w.case.complaint.complainant.name.as_str().into(),
        |c, v, _| {
            c.complainant.name = text(v)?;
            Ok(())
        },
    ),
    write(
        "arose_on",
        Plain,
        |w, _| day(w.case.complaint.arose_on),
        |c, v, _| {
            c.arose_on = date(v)?;
            Ok(())
        },
    ),
    write(
        "promised_by",
        Plain,
        |w, _| day(w.case.complaint.promised_by),
        |c, v, _| {
            c.promised_by = date(v)?;
            c.promised_by_original = c.promised_by_original.or(c.promised_by);
            Ok(())
        },
    ),
    write(
        "decided_on",
        Plain,
        |w, _| day(w.case.complaint.decided_on),
        |c, v, _| {
            c.decided_on = date(v)?;
            Ok(())
        },
    ),
    write(
        "verdict",
        Plain,
        |w, _| name(&w.case.complaint.verdict),
        |c, v, p| {
            c.verdict = declared(v, &p.verdicts, "verdict")?;
            Ok(())
        },
    ),
    write(
        "ground",
        Plain,
        |w, _| name(&w.case.complaint.ground),
        |c, v, p| {
            c.ground = declared(v, &p.grounds, "ground")?;
            Ok(())
        },
    ),
    write(
        "agreement",
        Plain,
        |w, _| name(&w.case.complaint.agreement),
        |c, v, p| {
            c.agreement = declared(v, &p.agreements, "agreement")?;
            Ok(())
        },
    ),
    write(
        "responsible",
        Plain,
        |w, _| optional(w.case.complaint.responsible.as_deref()),
        |c, v, _| {
            c.responsible = filled(v)?.map(|t| t.to_lowercase());
            Ok(())
        },
    ),
    write(
        "proposed_by",
        Plain,
        |w, _| optional(w.case.complaint.proposed_by.as_deref()),
        |c, v, _| {
            c.proposed_by = filled(v)?;
            Ok(())
        },
    ),
    write(
        "refers_to",
        Plain,
        |w, _| optional(w.case.complaint.refers_to.as_ref().map(Number::as_str)),
        |c, v, _| {
            c.refers_to = filled(v)?.map(Number::from);
            Ok(())
        },
    ),
    write(
        "description",
        FreeText,
        |w, _| optional(w.case.complaint.description.as_deref()),
        |c, v, _| {
            c.description = filled(v)?;
            Ok(())
        },
    ),
    write(
        "reasons",
        FreeText,
        |w, _| optional(w.case.complaint.reasons.as_deref()),
        |c, v, _| {
            c.reasons = filled(v)?;
            Ok(())
        },
    ),
    write(
        "solution",
        FreeText,
        |w, _| optional(w.case.complaint.solution.as_deref()),
        |c, v, _| {
            c.solution = filled(v)?;
            Ok(())
        },
    ),
    write(
        "cause",
        FreeText,
        |w, _| optional(w.case.complaint.cause.as_deref()),
        |c, v, _| {
            c.cause = filled(v)?;
            Ok(())
        },
    ),
];

pub(super) fn register(engine: &mut Engine) {
    for field in FIELDS {
        let get = *field;
        FuncRegistration::new_getter(field.name).with_purity(true).register_into_engine(
            engine,
            move |handle: &mut ComplaintHandle| -> Result<Dynamic, Failure> {
                let mut working = handle.0.working();
                if get.privacy == FreeText && matches!(working.phase, Phase::Condition | Phase::Offer) {
                    return Err(fail(format!(
                        "free text does not reach conditions; use known(\"{}\")",
                        get.name
                    )));
                }
                let value = (get.get)(&working, &handle.0.procedure);
                if get.privacy == Plain {
                    let calendar = &handle.0.calendar;
                    working.note(|| format!("complaint.{} is {}", get.name, read_out(calendar, &value)));
                }
                Ok(value)
            },
        );
        if let Access::Write(set) = field.access {
            let field = *field;
            FuncRegistration::new_setter(field.name).with_purity(true).register_into_engine(
                engine,
                move |handle: &mut ComplaintHandle, value: Dynamic| -> Result<(), Failure> {
                    handle.0.require_effects(&format!("complaint.{} = …", field.name))?;
                    assign(&mut handle.0.working(), &handle.0.procedure, field, set, value)
                },
            );
        }
    }
}

fn assign(
    working: &mut Working,
    procedure: &Procedure,
    field: Field,
    set: fn(&mut Complaint, Dynamic, &Procedure) -> Result<(), Failure>,
    value: Dynamic,
) -> Result<(), Failure> {
    let before = shown(&(field.get)(working, procedure));
    set(&mut working.case.complaint, value, procedure)?;
    let after = shown(&(field.get)(working, procedure));
    if before == after {
        return Ok(());
    }
    let change = json!({"field": field.name, "from": before, "to": after});
    let summary = format!("{} changed", field.name);
    if field.privacy == Plain {
        working.record(EventKind::FactChanged, summary, change);
    } else {
        working.record_personal(EventKind::FactChanged, summary, json!({"field": field.name}), Some(change));
    }
    Ok(())
}

/// A value for the reason of a firing.
fn read_out(calendar: &Calendar, value: &Dynamic) -> String {
    match value.read_lock::<ScriptMoment>() {
        Some(moment) => super::time::shown(calendar, moment.at),
        None => shown(value),
    }
}

fn shown(value: &Dynamic) -> String {
    if value.is_unit() {
        return "not set".to_owned();
    }
    if let Some(day) = value.read_lock::<Date>() {
        return day.to_string();
    }
    if let Some(list) = value.read_lock::<Array>() {
        return format!("{} of them", list.len());
    }
    value.to_string()
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "email",
        Channel::Forwarded => "forwarded",
    }
}

fn kind(kind: ComplainantKind) -> &'static str {
    match kind {
        ComplainantKind::Internal => "internal",
        ComplainantKind::External => "external",
    }
}

fn optional(text: Option<&str>) -> Dynamic {
    text.map_or(Dynamic::UNIT, Into::into)
}

fn name(name: &Option<Name>) -> Dynamic {
    optional(name.as_ref().map(Name::as_str))
}

fn day(day: Option<Date>) -> Dynamic {
    day.map_or(Dynamic::UNIT, Dynamic::from)
}

fn text(value: Dynamic) -> Result<String, Failure> {
    let kind = value.type_name();
    value.into_string().map_err(|_| fail(format!("a text is needed here, not a value of type {kind}")))
}

fn filled(value: Dynamic) -> Result<Option<String>, Failure> {
    if value.is_unit() {
        return Ok(None);
    }
    Ok(Some(text(value)?).filter(|t| !t.trim().is_empty()))
}

fn date(value: Dynamic) -> Result<Option<Date>, Failure> {
    if value.is_unit() {
        return Ok(None);
    }
    let kind = value.type_name();
    let day = value.try_cast::<Date>();
    day.map(Some).ok_or_else(|| fail(format!("a date is needed here, not a value of type {kind}")))
}

fn declared(value: Dynamic, known: &BTreeMap<Name, Label>, what: &str) -> Result<Option<Name>, Failure> {
    let Some(text) = filled(value)? else { return Ok(None) };
    if known.contains_key(text.as_str()) {
        return Ok(Some(text.into()));
    }
    let names: Vec<&str> = known.keys().map(Name::as_str).collect();
    Err(fail(format!("{what} `{text}` is not declared; it is one of {}", names.join(", "))))
}
