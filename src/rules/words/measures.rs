//! Measures: what bodies may do with them; each has a life of its own (docs/procedure.md rows 29 and 30).

use super::context::{Eval, Failure, fail};
use super::convert::{date, filled};
use super::kind::Kind;
use super::kind::Kind::{Any, Map as MapKind, Number};
use super::terms::undeclared;
use super::word::{Word, body, form, help, takes};
use crate::complaint::{EventKind, Measure, Name, Words};
use crate::rules::language::limits;
use rhai::{Dynamic, Map, NativeCallContext};
use serde_json::json;

pub(super) const WORDS: &[Word] = &[Word {
    name: "measure",
    // With a number first, the second is a map or the name of a state; the check looks at both.
    forms: &[
        form(&[takes("measure", MapKind)], Number),
        form(&[takes("id", Number), takes("change", Any)], Any),
    ],
    help: help(
        "legt een maatregel vast; met zijn nummer vooraan: wijzigt er een",
        "records a measure; with its number first, changes one",
    ),
    example: body("measure(#{ description: \"Eerder bellen\", owner: \"{role}\", state: \"{measure}\" });"),
    register: |engine, name| {
        engine.register_fn(name, |context: NativeCallContext, fields: Map| add(&context, &fields));
        engine.register_fn(name, |context: NativeCallContext, id: i64, state: &str| {
            change(&context, id, &[("state".into(), state.into())].into_iter().collect())
        });
        engine.register_fn(name, |context: NativeCallContext, id: i64, fields: Map| {
            change(&context, id, &fields)
        });
    },
    ..Word::ACTS
}];

/// The keys of a measure that a script may give.
pub(in crate::rules) const KEYS: &[&str] = &["description", "owner", "due", "check_on", "note", "state"];

/// Returns the kind of what a measure has under a key; none where another check looks at it.
pub(in crate::rules) fn kind(key: &str) -> Option<Kind> {
    match key {
        "description" | "owner" | "note" => Some(Kind::Text),
        "due" | "check_on" => Some(Kind::Date),
        _ => None,
    }
}

fn add(context: &NativeCallContext, fields: &Map) -> Result<i64, Failure> {
    let eval = Eval::for_effects(context)?;
    let mut measure = Measure {
        id: 0,
        description: String::new(),
        owner: String::new(),
        due: None,
        check_on: None,
        note: None,
        state: Name::from(""),
    };
    fill(&eval, &mut measure, fields)?;
    if measure.description.is_empty() {
        return Err(fail("een maatregel heeft een omschrijving nodig", "a measure needs a description"));
    }
    if measure.state.as_str().is_empty() {
        return Err(fail("een maatregel heeft een status nodig", "a measure needs a state"));
    }
    let mut working = eval.working();
    let measures = &mut working.case.complaint.measures;
    if measures.len() >= limits::ELEMENTS {
        return Err(fail(
            "een klacht heeft ten hoogste 1.000 maatregelen",
            "a complaint has at most 1,000 measures",
        ));
    }
    measure.id = u32::try_from(measures.len() + 1).unwrap_or(u32::MAX);
    measures.push(measure.clone());
    let summary = format!("measure {} {}", measure.id, measure.state);
    let data = json!({"measure": measure.id, "state": measure.state, "due": measure.due});
    let personal = json!({"description": measure.description, "owner": measure.owner, "note": measure.note});
    working.record_personal(EventKind::MeasureRecorded, summary, data, Some(personal));
    Ok(i64::from(measure.id))
}

fn change(context: &NativeCallContext, id: i64, fields: &Map) -> Result<(), Failure> {
    let eval = Eval::for_effects(context)?;
    let found = eval.working().case.complaint.measures.iter().position(|m| i64::from(m.id) == id);
    let place = found.ok_or_else(|| {
        fail(format!("deze klacht heeft geen maatregel {id}"), format!("this complaint has no measure {id}"))
    })?;
    let before = eval.working().case.complaint.measures[place].clone();
    let mut measure = before.clone();
    fill(&eval, &mut measure, fields)?;
    if measure == before {
        return Ok(());
    }
    let mut working = eval.working();
    working.case.complaint.measures[place] = measure.clone();
    let summary = format!("measure {id}: {} → {}", before.state, measure.state);
    let data = json!({
        "measure": id, "from": before.state, "state": measure.state, "due": measure.due, "check_on": measure.check_on,
    });
    let personal = json!({"description": measure.description, "owner": measure.owner, "note": measure.note});
    working.record_personal(EventKind::MeasureRecorded, summary, data, Some(personal));
    Ok(())
}

fn fill(eval: &Eval, measure: &mut Measure, fields: &Map) -> Result<(), Failure> {
    for (key, value) in fields {
        let value: Dynamic = value.clone();
        match key.as_str() {
            "description" => measure.description = filled(value)?.unwrap_or_default(),
            "owner" => measure.owner = filled(value)?.unwrap_or_default(),
            "note" => measure.note = filled(value)?,
            "due" => measure.due = date(value)?,
            "check_on" => measure.check_on = date(value)?,
            "state" => {
                let state = filled(value)?.unwrap_or_default();
                if !eval.procedure.measures.contains_key(state.as_str()) {
                    return Err(undeclared(Words::new("maatregelstatus", "measure state"), &state));
                }
                measure.state = state.as_str().into();
            }
            other => {
                return Err(fail(
                    format!("een maatregel heeft geen `{other}`; wel {}", KEYS.join(", ")),
                    format!("a measure has no `{other}`; it has {}", KEYS.join(", ")),
                ));
            }
        }
    }
    Ok(())
}
