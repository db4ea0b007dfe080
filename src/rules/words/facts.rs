//! `complaint` as a handle, and the facts that are functions: letters, flags, what was mentioned.

use super::element::Element;
use super::fields::FIELDS;
use super::time::ScriptMoment;
use crate::complaint::{EventKind, LetterStatus, Name};
use crate::rules::language::diagnostic::nearest;
use crate::rules::procedure::label::Label;
use crate::rules::words::context::{Eval, Failure, Need, fail, need};
use crate::rules::words::text::same_subject;
use rhai::{Array, Dynamic, Engine, FuncRegistration, NativeCallContext};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// `complaint` in scripts.
#[derive(Clone, Debug)]
pub(in crate::rules) struct ComplaintHandle(pub Arc<Eval>);

/// `complaint.flags`, `complaint.counters`.
#[derive(Clone, Debug)]
struct Flags(Arc<Eval>);
#[derive(Clone, Debug)]
struct Counters(Arc<Eval>);

pub(in crate::rules) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<ComplaintHandle>("complaint");
    register_letters(engine);
    register_text(engine);
    register_flags(engine);
    register_counters(engine);
}

fn register_letters(engine: &mut Engine) {
    engine.register_fn("letter", |context: NativeCallContext, message: &str| -> Result<String, Failure> {
        let eval = Eval::of(&context)?;
        let mut working = eval.working();
        let status =
            working.case.complaint.letters.get(message).map_or("none", |l| LetterStatus::as_str(l.status));
        working.note(|| format!("letter(\"{message}\") is {status}"));
        Ok(status.to_owned())
    });
    engine.register_fn("letters", |context: NativeCallContext, status: &str| -> Result<i64, Failure> {
        let eval = Eval::of(&context)?;
        if !["queued", "accepted", "failed"].contains(&status) {
            return Err(fail(format!("letters are queued, accepted or failed, not `{status}`")));
        }
        let mut working = eval.working();
        let letters = working.case.complaint.letters.values();
        let count = letters.filter(|l| LetterStatus::as_str(l.status) == status).count();
        working.note(|| format!("letters(\"{status}\") is {count}"));
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    });
    engine.register_fn("known", |context: NativeCallContext, name: &str| -> Result<bool, Failure> {
        let eval = Eval::of(&context)?;
        let Some(field) = FIELDS.iter().find(|f| f.name == name) else {
            return Err(unknown("field", name, FIELDS.iter().map(|f| f.name)));
        };
        let mut working = eval.working();
        let known = field.is_set(&working, &eval.procedure);
        working.note(|| format!("known(\"{name}\") is {known}"));
        Ok(known)
    });
    engine.register_fn("happened", |context: NativeCallContext, name: &str| -> Result<bool, Failure> {
        let eval = Eval::of(&context)?;
        let mut working = eval.working();
        let happened = working.case.complaint.last.contains_key(name);
        working.note(|| format!("happened(\"{name}\") is {happened}"));
        Ok(happened)
    });
    FuncRegistration::new("last").with_purity(true).register_into_engine(
        engine,
        |handle: &mut ComplaintHandle, name: &str| -> Dynamic {
            let working = handle.0.working();
            let last = working.case.complaint.last.get(name).copied();
            last.map_or(Dynamic::UNIT, |m| Dynamic::from(ScriptMoment::from(m)))
        },
    );
}

fn register_text(engine: &mut Engine) {
    engine.register_fn(
        "text_mentions",
        |context: NativeCallContext, words: Array| -> Result<bool, Failure> {
            let eval = Eval::of(&context)?;
            let text = text(&eval)?;
            let words = words.into_iter().map(|w| w.into_string().unwrap_or_default().to_lowercase());
            let words: Vec<String> = words.filter(|w| !w.is_empty()).collect();
            let mut working = eval.working();
            let known = working.mentions.get(&words).copied();
            let found = known.unwrap_or_else(|| words.iter().any(|w| text.contains(w)));
            working.mentions.insert(words, found);
            working.note(|| format!("text_mentions(…) is {found}"));
            Ok(found)
        },
    );
    engine.register_fn("text_length", |context: NativeCallContext| -> Result<i64, Failure> {
        let eval = Eval::of(&context)?;
        // The subject is the first line; it does not explain the dissatisfaction.
        let text = text(&eval)?;
        let mut working = eval.working();
        let length = working.text_length.unwrap_or_else(|| {
            let body = text.split_once('\n').map_or("", |(_, body)| body);
            let length = body.split_whitespace().map(|w| w.chars().count() + 1).sum::<usize>();
            i64::try_from(length).unwrap_or(i64::MAX)
        });
        working.text_length = Some(length);
        working.note(|| format!("text_length() is {length}"));
        Ok(length)
    });
    engine.register_fn("same_subject", |context: NativeCallContext, other: Element, generic: Array| {
        let eval = Eval::of(&context)?;
        let Element::Related(other) = other else { return Err(fail("same_subject compares complaints")) };
        let generic: Vec<String> = generic.into_iter().filter_map(|w| w.into_string().ok()).collect();
        let mut working = eval.working();
        let same = same_subject(&working.case.complaint.subject, &other.subject, &generic);
        working.note(|| format!("same subject as {}: {same}", other.intake_id));
        Ok(same)
    });
    engine.register_fn("from_same_sender", |context: NativeCallContext, other: Element| {
        let eval = Eval::of(&context)?;
        let Element::Related(other) = other else { return Err(fail("from_same_sender compares complaints")) };
        let mut working = eval.working();
        let sender = &working.case.complaint.complainant.email;
        let same = !sender.is_empty() && *sender == other.complainant_email;
        working.note(|| format!("same sender as {}: {same}", other.intake_id));
        Ok(same)
    });
}

fn text(eval: &Eval) -> Result<Arc<str>, Failure> {
    eval.working().case.text.clone().ok_or_else(|| need(Need::Text))
}

pub(in crate::rules) fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let hint = nearest(name, known).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
    fail(format!("{what} `{name}` is not declared{hint}"))
}

fn check(what: &str, known: &BTreeMap<Name, Label>, name: &str) -> Result<(), Failure> {
    if known.contains_key(name) {
        return Ok(());
    }
    Err(unknown(what, name, known.keys().map(Name::as_str)))
}

fn register_flags(engine: &mut Engine) {
    engine.register_type_with_name::<Flags>("flags");
    FuncRegistration::new_getter("flags")
        .with_purity(true)
        .register_into_engine(engine, |c: &mut ComplaintHandle| Flags(Arc::clone(&c.0)));
    engine.register_indexer_get(|flags: &mut Flags, name: &str| -> Result<bool, Failure> {
        check("flag", &flags.0.procedure.flags, name)?;
        let mut working = flags.0.working();
        let set = working.case.complaint.flags.contains(name);
        working.note(|| format!("complaint.flags.{name} is {set}"));
        Ok(set)
    });
    engine.register_indexer_set(|flags: &mut Flags, name: &str, value: bool| -> Result<(), Failure> {
        check("flag", &flags.0.procedure.flags, name)?;
        flags.0.require_effects("complaint.flags")?;
        let mut working = flags.0.working();
        let set = &mut working.case.complaint.flags;
        let changed = if value { set.insert(name.into()) } else { set.remove(name) };
        if changed {
            let data = json!({"flag": name, "to": value});
            working.record(
                EventKind::FactChanged,
                format!("flag {name} {}", if value { "set" } else { "cleared" }),
                data,
            );
        }
        Ok(())
    });
}

fn register_counters(engine: &mut Engine) {
    engine.register_type_with_name::<Counters>("counters");
    FuncRegistration::new_getter("counters")
        .with_purity(true)
        .register_into_engine(engine, |c: &mut ComplaintHandle| Counters(Arc::clone(&c.0)));
    engine.register_indexer_get(|counters: &mut Counters, name: &str| -> Result<i64, Failure> {
        check("counter", &counters.0.procedure.counters, name)?;
        let mut working = counters.0.working();
        let count = working.case.complaint.counters.get(name).copied().unwrap_or(0);
        working.note(|| format!("complaint.counters.{name} is {count}"));
        Ok(count)
    });
    engine.register_indexer_set(|counters: &mut Counters, name: &str, value: i64| -> Result<(), Failure> {
        check("counter", &counters.0.procedure.counters, name)?;
        counters.0.require_effects("complaint.counters")?;
        let mut working = counters.0.working();
        if working.case.complaint.counters.insert(name.into(), value) != Some(value) {
            let data = json!({"counter": name, "to": value});
            working.record(EventKind::FactChanged, format!("counter {name} is {value}"), data);
        }
        Ok(())
    });
}
