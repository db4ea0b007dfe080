//! The fields `complaint.*`: the list of all of them, and how scripts reach them.

mod course;
mod dates;
mod outcome;
mod people;

use super::context::{ComplaintHandle, Eval, Failure, Phase, fail};
use super::field::{Access, Field, OWN_FIELD_PREFIX, Presence, Setter};
use super::kind::ValueKind;
use super::moments::{ScriptMoment, shown as shown_moment};
use super::values::to_json;
use crate::calendar::{Calendar, Date};
use crate::complaint::{Case, EventKind, Language, Responsibility};
use crate::rules::procedure::declared::Procedure;
use rhai::{Array, Dynamic, Engine, FuncRegistration};
use serde_json::json;

/// Returns every field of a complaint.
pub(in crate::rules) fn all() -> impl Iterator<Item = &'static Field> {
    [course::FIELDS, people::FIELDS, dates::FIELDS, outcome::FIELDS].into_iter().flatten()
}

/// Returns the field of a name.
pub(in crate::rules) fn find(name: &str) -> Option<&'static Field> {
    all().find(|f| f.name == name)
}

/// Returns whether a field, as events name it, says who somebody is or holds what somebody wrote; the
/// organisation's own fields always may.
pub fn is_personal_field(name: &str) -> bool {
    name.starts_with(OWN_FIELD_PREFIX) || find(name).is_some_and(Field::is_personal)
}

/// Registers a getter for every field, and a setter where it can be assigned.
pub(super) fn register(engine: &mut Engine) {
    for field in all() {
        let get = *field;
        FuncRegistration::new_getter(field.name).with_purity(true).register_into_engine(
            engine,
            move |handle: &mut ComplaintHandle| -> Result<Dynamic, Failure> {
                let mut working = handle.0.working();
                if get.is_free_text() && matches!(working.phase, Phase::Condition | Phase::Offer) {
                    return Err(fail(
                        format!("vrije tekst kan niet in een voorwaarde; gebruik known(\"{}\")", get.name),
                        format!("free text does not reach conditions; use known(\"{}\")", get.name),
                    ));
                }
                let value = (get.get)(&working.case, &handle.0.procedure);
                let calendar = &handle.0.calendar;
                let line = || format!("complaint.{} is {}", get.name, read_out(calendar, &value));
                match get.is_personal() {
                    false => working.note(line),
                    // Free text is read where effects are, and gives no reason.
                    true if get.is_free_text() => {}
                    true => working.note_personal(&format!("complaint.{}", get.name), line),
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
    let before = read_out(&eval.calendar, &(field.get)(&working.case, &eval.procedure));
    let held = working.case.complaint.responsible.clone();
    set(&mut working.case.complaint, value, eval)?;
    let after = read_out(&eval.calendar, &(field.get)(&working.case, &eval.procedure));
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
    if field.is_personal() {
        working.record_personal(EventKind::FactChanged, summary, json!({"field": field.name}), Some(change));
    } else {
        working.record(EventKind::FactChanged, summary, change);
    }
    Ok(())
}

/// Returns a value in the words of a firing's reason.
fn read_out(calendar: &Calendar, value: &Dynamic) -> String {
    match value.read_lock::<ScriptMoment>() {
        Some(moment) => shown_moment(calendar, moment.at),
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

/// Returns every field as messages see it: days as `YYYY-MM-DD`, moments as RFC 3339 in the organisation's
/// zone, names that people read (verdict, ground, agreement, step, cause) by their label in `language`, null
/// for what is not filled in.
pub fn field_values(
    case: &Case,
    procedure: &Procedure,
    calendar: &Calendar,
    language: Language,
) -> serde_json::Map<String, serde_json::Value> {
    let value = |field: &Field| {
        let value = (field.get)(case, procedure);
        let name = value.read_lock::<rhai::ImmutableString>().map(|name| name.to_string());
        let labels = field.kind.vocabulary().and_then(|v| v.labels(procedure));
        let label = name.zip(labels).and_then(|(name, labels)| labels.get(name.as_str()));
        match label {
            Some(label) => json!(label.in_language(language)),
            // A field holds nothing that JSON could not.
            None => to_json(calendar, &value).unwrap_or(serde_json::Value::Null),
        }
    };
    all().map(|field| (field.name.to_owned(), value(field))).collect()
}

/// A field as messages see it.
#[derive(Clone, Copy, Debug)]
pub struct FieldKind {
    /// The name.
    pub name: &'static str,
    /// The kind of its value.
    pub kind: ValueKind,
    /// True when every complaint has it.
    pub is_always_filled: bool,
}

/// Returns the kind of every field, as [`field_values`] gives it.
pub fn field_kinds() -> impl Iterator<Item = FieldKind> {
    all().map(|field| FieldKind {
        name: field.name,
        kind: field.kind.in_messages(),
        is_always_filled: field.presence == Presence::Always,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::words::kind::Kind;

    #[test]
    fn what_holds_text_is_personal_but_the_number() {
        for field in all() {
            let is_text = matches!(field.kind, Kind::Text | Kind::Address) && field.name != "number";
            assert_eq!(is_personal_field(field.name), is_text, "{field:?}");
        }
        assert!(is_personal_field("extra.course_code"));
        assert!(!is_personal_field("flags.urgent"));
    }
}
