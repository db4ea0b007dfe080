//! Words that move a complaint along: its number, states, steps, remarks, refusals, and actions done by the
//! system.

use super::context::{Eval, Failure, Perform, Phase, Refused, Working, fail};
use super::kind::Kind::{Map as MapKind, Name, Nothing, Text};
use super::terms::undeclared;
use super::values::to_json;
use super::vocabulary::Vocabulary;
use super::word::{Does, Phases, Place, Word, body, example, form, help, takes};
use crate::calendar::Moment;
use crate::complaint::{EventKind, Number, State, Words};
use rhai::{Dynamic, EvalAltResult, Map, NativeCallContext, Position};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "register",
        forms: &[form(&[], Nothing)],
        help: help("geeft de klacht een nummer", "gives the complaint its number"),
        example: body("if !known(\"number\") { register(); }"),
        register: |engine, name| {
            engine.register_fn(name, give_number);
        },
        ..Word::ACTS
    },
    Word {
        name: "enter",
        forms: &[form(&[takes("state", Name(Vocabulary::State))], Nothing)],
        does: Does::Enters,
        help: help("de klacht gaat een status in", "the complaint enters a state"),
        example: body("enter(\"{state}\");"),
        register: |engine, name| {
            engine.register_fn(name, enter);
        },
        ..Word::ACTS
    },
    Word {
        name: "escalate",
        forms: &[form(&[takes("step", Name(Vocabulary::Escalation))], Nothing)],
        does: Does::Escalates,
        help: help("de escalatie gaat een stap in", "the escalation enters a step"),
        example: body("escalate(\"{escalation}\");"),
        register: |engine, name| {
            engine.register_fn(name, escalate);
        },
        ..Word::ACTS
    },
    Word {
        name: "remark",
        forms: &[form(&[takes("text", Text)], Nothing)],
        help: help("een opmerking in het logboek", "a remark in the audit trail"),
        example: body("remark(\"Gebeld, geen gehoor.\");"),
        register: |engine, name| {
            engine.register_fn(name, remark);
        },
        ..Word::ACTS
    },
    Word {
        name: "refuse",
        forms: &[form(&[takes("why", Text)], Nothing)],
        does: Does::Refuses,
        phases: Phases::ActionBodies,
        help: help(
            "in een actie: zegt de persoon waarom het niet kan; er is dan niets gebeurd",
            "in an action: tells the person why not; nothing has happened then",
        ),
        example: example(Place::Action, "if input.a == \"nee\" { refuse(\"Dat kan niet.\"); }"),
        register: |engine, name| {
            engine.register_fn(name, refuse);
        },
        ..Word::ACTS
    },
    Word {
        name: "perform",
        forms: &[form(&[takes("action", Name(Vocabulary::Action)), takes("input", MapKind)], Nothing)],
        does: Does::Performs,
        help: help(
            "het systeem, of wie de actie doet waarin dit staat, doet een actie na de rest van dit blok",
            "the system, or whoever does the action in which this stands, does an action after the rest of this block",
        ),
        example: body("if false { perform(\"{action}\", #{}); }"),
        register: |engine, name| {
            engine.register_fn(name, perform);
        },
        ..Word::ACTS
    },
];

fn give_number(context: NativeCallContext) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    let mut working = eval.working();
    if working.case.complaint.number.is_some() {
        return Err(fail("deze klacht heeft al een nummer", "this complaint already has a number"));
    }
    working.case.complaint.number = Some(Number::pending());
    working.case.complaint.registered_at = Some(eval.now);
    let summary = format!("registered as {}", Number::PENDING);
    working.record(EventKind::Registered, summary, json!({"number": Number::PENDING}));
    Ok(())
}

fn enter(context: NativeCallContext, state: &str) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    if !eval.procedure.states.contains_key(state) {
        return Err(undeclared(Words::new("status", "state"), state));
    }
    let working = &mut eval.working();
    let from = std::mem::replace(&mut working.case.complaint.state, State::from(state));
    happened(working, state, eval.now);
    working.record(EventKind::Entered, format!("{from} → {state}"), json!({"from": from, "to": state}));
    Ok(())
}

fn escalate(context: NativeCallContext, step: &str) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    if !eval.procedure.escalations.contains_key(step) {
        return Err(undeclared(Words::new("escalatie", "escalation"), step));
    }
    let mut working = eval.working();
    let from = working.case.complaint.escalation.replace(step.into());
    happened(&mut working, step, eval.now);
    let summary = format!("escalation: {step}");
    working.record(EventKind::Escalated, summary, json!({"from": from, "to": step}));
    Ok(())
}

fn happened(working: &mut Working, name: &str, now: Moment) {
    working.case.complaint.last.insert(name.into(), now);
}

fn remark(context: NativeCallContext, text: &str) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    let personal = Some(json!({"text": text}));
    eval.working().record_personal(EventKind::Remarked, "remark", json!({}), personal);
    Ok(())
}

fn refuse(context: NativeCallContext, text: &str) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    if eval.working().phase != Phase::ActionEffects {
        return Err(fail("alleen een actie kan worden geweigerd", "only an action can be refused"));
    }
    let refused = Dynamic::from(Refused(text.to_owned()));
    Err(EvalAltResult::ErrorRuntime(refused, Position::NONE).into())
}

fn perform(context: NativeCallContext, action: &str, input: Map) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    let input = to_json(&eval.calendar, &Dynamic::from(input))?;
    let input: BTreeMap<String, Value> = input.as_object().cloned().into_iter().flatten().collect();
    let mut working = eval.working();
    if working.performs.iter().any(|p| p.action == action) {
        return Err(fail(
            format!("actie `{action}` wordt twee keer achter elkaar uitgevoerd"),
            format!("action `{action}` is performed twice in one settling"),
        ));
    }
    working.performs.push(Perform { action: action.to_owned(), input });
    Ok(())
}
