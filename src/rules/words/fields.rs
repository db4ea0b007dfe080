//! The fields `complaint.*`: one table from which getters, setters, the lint and the reference come.

use super::convert::{address, date, day, declared, filled, language, name, optional, put, receipt, text};
use super::facts::ComplaintHandle;
use super::time::ScriptMoment;

use crate::calendar::{Calendar, Date};
use crate::complaint::{ComplainantKind, Complaint, EventKind, Number, Responsibility};
use crate::rules::procedure::declared::Procedure;
use crate::rules::words::context::{Eval, Failure, Phase, Working, fail};
use rhai::{Array, Dynamic, Engine, FuncRegistration};
use serde_json::json;

type Setter = fn(&mut Complaint, Dynamic, &Eval) -> Result<(), Failure>;

/// What a script may do with a field.
#[derive(Clone, Copy)]
pub(in crate::rules) enum Access {
    /// Set by the engine or an effect.
    Read,
    /// Assignable in bodies.
    Write(Setter),
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
    pub fn is_free_text(&self) -> bool {
        self.privacy == FreeText
    }

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
    set: Setter,
) -> Field {
    Field { name, privacy, get, access: Access::Write(set) }
}

use Privacy::{FreeText, Personal, Plain};

pub(in crate::rules) const FIELDS: &[Field] = &[
    read("state", |w, _| w.case.complaint.state.as_str().into()),
    read("is_open", |w, p| p.is_open(&w.case.complaint.state).into()),
    read("number", |w, _| optional(w.case.complaint.number.as_ref().map(Number::as_str))),
    read("channel", |w, _| w.case.complaint.channel.as_str().into()),
    read("complainant_kind", |w, _| kind(w.case.complaint.complainant_kind).into()),
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
    read("meeting_answer", |w, _| {
        let answer = w.case.complaint.meeting.as_ref().and_then(|m| m.answer);
        optional(answer.map(|a| a.as_str()))
    }),
    read("proposed_complainant", |w, _| {
        let proposed = w.case.complaint.proposed_complainant.as_ref();
        optional(proposed.map(|p| p.email.as_str()))
    }),
    read("meeting_status", |w, _| optional(w.case.complaint.meeting.as_ref().map(|m| m.status.as_str()))),
    read("meeting_on", |w, _| day(w.case.complaint.meeting.as_ref().map(|m| m.day))),
    read("measures", |w, _| super::element::measures(w).into()),
    read("duplicates", |w, _| super::element::related(w).into()),
    write(
        "subject",
        Personal,
        |w, _| w.case.complaint.subject.as_str().into(),
        |c, v, _| put(&mut c.subject, text(v)),
    ),
    write(
        "language",
        Plain,
        |w, _| w.case.complaint.language.as_str().into(),
        |c, v, _| put(&mut c.language, language(v)),
    ),
    write(
        "complainant",
        Personal,
        |w, _| w.case.complaint.complainant.email.as_str().into(),
        |c, v, _| put(&mut c.complainant.email, text(v).map(|t| t.trim().to_lowercase())),
    ),
    write(
        "complainant_name",
        Personal,
        |w, _| w.case.complaint.complainant.name.as_str().into(),
        |c, v, _| put(&mut c.complainant.name, text(v)),
    ),
    write(
        "received_at",
        Plain,
        |w, _| Dynamic::from(ScriptMoment::from(w.case.complaint.received_at)),
        |c, v, e| put(&mut c.received_at, receipt(v, e)),
    ),
    write(
        "first_contact_on",
        Plain,
        |w, _| day(w.case.complaint.first_contact_on),
        |c, v, _| put(&mut c.first_contact_on, date(v)),
    ),
    write("arose_on", Plain, |w, _| day(w.case.complaint.arose_on), |c, v, _| put(&mut c.arose_on, date(v))),
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
        |c, v, _| put(&mut c.decided_on, date(v)),
    ),
    write(
        "verdict",
        Plain,
        |w, _| name(&w.case.complaint.verdict),
        |c, v, e| put(&mut c.verdict, declared(v, &e.procedure.verdicts, "verdict")),
    ),
    write(
        "ground",
        Plain,
        |w, _| name(&w.case.complaint.ground),
        |c, v, e| put(&mut c.ground, declared(v, &e.procedure.grounds, "ground")),
    ),
    write(
        "cause_kind",
        Plain,
        |w, _| name(&w.case.complaint.cause_kind),
        |c, v, e| put(&mut c.cause_kind, declared(v, &e.procedure.causes, "cause")),
    ),
    write(
        "agreement",
        Plain,
        |w, _| name(&w.case.complaint.agreement),
        |c, v, e| put(&mut c.agreement, declared(v, &e.procedure.agreements, "agreement")),
    ),
    write(
        "submitter",
        Personal,
        |w, _| optional(w.case.complaint.submitter.as_deref()),
        |c, v, _| put(&mut c.submitter, address(v)),
    ),
    write(
        "about",
        Personal,
        |w, _| optional(w.case.complaint.about.as_deref()),
        |c, v, _| put(&mut c.about, address(v)),
    ),
    write(
        "incident",
        Plain,
        |w, _| optional(w.case.complaint.incident.as_deref()),
        |c, v, _| put(&mut c.incident, filled(v)),
    ),
    write(
        "responsible",
        Plain,
        |w, _| optional(w.case.complaint.responsible.as_deref()),
        |c, v, _| put(&mut c.responsible, address(v)),
    ),
    write(
        "proposed_by",
        Plain,
        |w, _| optional(w.case.complaint.proposed_by.as_deref()),
        |c, v, _| put(&mut c.proposed_by, filled(v)),
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
        |c, v, _| put(&mut c.description, filled(v)),
    ),
    write(
        "reasons",
        FreeText,
        |w, _| optional(w.case.complaint.reasons.as_deref()),
        |c, v, _| put(&mut c.reasons, filled(v)),
    ),
    write(
        "solution",
        FreeText,
        |w, _| optional(w.case.complaint.solution.as_deref()),
        |c, v, _| put(&mut c.solution, filled(v)),
    ),
    write(
        "cause",
        FreeText,
        |w, _| optional(w.case.complaint.cause.as_deref()),
        |c, v, _| put(&mut c.cause, filled(v)),
    ),
];

pub(in crate::rules) fn register(engine: &mut Engine) {
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
                    assign(&handle.0, field, set, value)
                },
            );
        }
    }
}

fn assign(eval: &Eval, field: Field, set: Setter, value: Dynamic) -> Result<(), Failure> {
    let mut working = eval.working();
    let working = &mut *working;
    let before = read_out(&eval.calendar, &(field.get)(working, &eval.procedure));
    let held = working.case.complaint.responsible.clone();
    set(&mut working.case.complaint, value, eval)?;
    let after = read_out(&eval.calendar, &(field.get)(working, &eval.procedure));
    if before == after {
        return Ok(());
    }
    if working.case.complaint.responsible != held {
        let person = working.case.complaint.responsible.clone();
        let since = Responsibility { person, from: eval.now, by: working.origin.by.to_string() };
        working.case.complaint.responsibilities.push(since);
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

fn kind(kind: ComplainantKind) -> &'static str {
    match kind {
        ComplainantKind::Internal => "internal",
        ComplainantKind::External => "external",
    }
}
