//! Effects: what bodies may do. Each only records; nothing reaches the outside world from here.

use super::element::Element;
use super::time::{ScriptMoment, shown};
use super::values::to_json;
use crate::calendar::{Date, Moment, Span};
use crate::complaint::{
    Deadline, DeadlineName, EventKind, Letter, LetterStatus, Link, LinkKind, MessageName, Notification,
    Number, Recipient, Role, Source, State,
};
use crate::rules::language::limits;
use crate::rules::words::context::{Eval, Failure, Perform, Phase, Refused, Working, fail};
use rhai::{Array, Dynamic, Engine, EvalAltResult, Map, NativeCallContext, Position};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(in crate::rules) fn register(engine: &mut Engine) {
    register_course(engine);
    register_deadlines(engine);
    register_messages(engine);
    register_links(engine);
}

fn register_course(engine: &mut Engine) {
    engine.register_fn("register", |context: NativeCallContext| -> Result<(), Failure> {
        let eval = Eval::for_effects(&context)?;
        let mut working = eval.working();
        if working.case.complaint.number.is_some() {
            return Err(fail("this complaint already has a number"));
        }
        working.case.complaint.number = Some(Number::pending());
        working.case.complaint.registered_at = Some(eval.now);
        let summary = format!("registered as {}", Number::PENDING);
        working.record(EventKind::Registered, summary, json!({"number": Number::PENDING}));
        Ok(())
    });
    engine.register_fn("enter", |context: NativeCallContext, state: &str| -> Result<(), Failure> {
        let eval = Eval::for_effects(&context)?;
        if !eval.procedure.states.contains_key(state) {
            return Err(undeclared("state", state));
        }
        enter(&eval, &mut eval.working(), state);
        Ok(())
    });
    engine.register_fn("escalate", |context: NativeCallContext, step: &str| -> Result<(), Failure> {
        let eval = Eval::for_effects(&context)?;
        if !eval.procedure.escalations.contains_key(step) {
            return Err(undeclared("escalation", step));
        }
        let mut working = eval.working();
        let from = working.case.complaint.escalation.replace(step.into());
        happened(&mut working, step, eval.now);
        let summary = format!("escalation: {step}");
        working.record(EventKind::Escalated, summary, json!({"from": from, "to": step}));
        Ok(())
    });
    engine.register_fn("remark", |context: NativeCallContext, text: &str| -> Result<(), Failure> {
        let eval = Eval::for_effects(&context)?;
        let personal = Some(json!({"text": text}));
        eval.working().record_personal(EventKind::Remarked, "remark", json!({}), personal);
        Ok(())
    });
    engine.register_fn("refuse", |context: NativeCallContext, text: &str| -> Result<(), Failure> {
        let eval = Eval::for_effects(&context)?;
        if eval.working().phase != Phase::ActionEffects {
            return Err(fail("only an action can be refused"));
        }
        let refused = Dynamic::from(Refused(text.to_owned()));
        Err(EvalAltResult::ErrorRuntime(refused, Position::NONE).into())
    });
    engine.register_fn(
        "perform",
        |context: NativeCallContext, action: &str, input: Map| -> Result<(), Failure> {
            let eval = Eval::for_effects(&context)?;
            let input = to_json(&eval.calendar, &Dynamic::from(input))?;
            let input: BTreeMap<String, Value> = input.as_object().cloned().into_iter().flatten().collect();
            let mut working = eval.working();
            if working.performs.iter().any(|p| p.action == action) {
                return Err(fail(format!("action `{action}` is performed twice in one settling")));
            }
            working.performs.push(Perform { action: action.to_owned(), input });
            Ok(())
        },
    );
}

pub(in crate::rules) fn undeclared(what: &str, name: &str) -> Failure {
    fail(format!("{what} `{name}` is not declared in procedure.toml"))
}

fn happened(working: &mut Working, name: &str, now: Moment) {
    working.case.complaint.last.insert(name.into(), now);
}

fn enter(eval: &Eval, working: &mut Working, state: &str) {
    let from = std::mem::replace(&mut working.case.complaint.state, State::from(state));
    happened(working, state, eval.now);
    working.record(EventKind::Entered, format!("{from} → {state}"), json!({"from": from, "to": state}));
}

fn register_deadlines(engine: &mut Engine) {
    engine.register_fn(
        "deadline",
        |context: NativeCallContext, name: &str, end: ScriptMoment, owner: &str| {
            let eval = Eval::for_effects(&context)?;
            arm(&eval, name, end.at, end.sum, owner)
        },
    );
    engine.register_fn("deadline", |context: NativeCallContext, name: &str, end: Date, owner: &str| {
        let eval = Eval::for_effects(&context)?;
        let end = eval.calendar.end_of(end).map_err(|e| fail(e.to_string()))?;
        arm(&eval, name, end, None, owner)
    });
    engine.register_fn("met", |context: NativeCallContext, name: &str| close(&context, name, Close::Met));
    engine.register_fn("cancel", |context: NativeCallContext, name: &str| {
        close(&context, name, Close::Cancelled)
    });
    engine.register_fn("cancel", |context: NativeCallContext, names: Array| -> Result<(), Failure> {
        for name in names {
            let name = name
                .into_string()
                .map_err(|t| fail(format!("cancel takes names, not a value of type {t}")))?;
            close(&context, &name, Close::Cancelled)?;
        }
        Ok(())
    });
}

#[derive(Clone, Copy)]
enum Close {
    Met,
    Cancelled,
}

/// Meeting or cancelling what is not armed does nothing: rules may say it to be sure.
fn close(context: &NativeCallContext, name: &str, how: Close) -> Result<(), Failure> {
    let eval = Eval::for_effects(context)?;
    if !eval.procedure.deadlines.contains_key(name) {
        return Err(undeclared("deadline", name));
    }
    let mut working = eval.working();
    let Some(deadline) = working.case.deadlines.iter_mut().find(|d| d.name.as_str() == name && d.is_armed())
    else {
        return Ok(());
    };
    let (kind, verb) = match how {
        Close::Met => {
            deadline.met_at = Some(eval.now);
            (EventKind::DeadlineMet, "met")
        }
        Close::Cancelled => {
            deadline.cancelled_at = Some(eval.now);
            (EventKind::DeadlineCancelled, "cancelled")
        }
    };
    let late = eval.now > deadline.due;
    let data = json!({"deadline": name, "instance": deadline.instance, "late": late});
    working.record(kind, format!("deadline {name} {verb}{}", if late { ", late" } else { "" }), data);
    Ok(())
}

fn arm(
    eval: &Eval,
    name: &str,
    end: Moment,
    sum: Option<(Moment, Span)>,
    owner: &str,
) -> Result<(), Failure> {
    if !eval.procedure.deadlines.contains_key(name) {
        return Err(undeclared("deadline", name));
    }
    if !eval.procedure.roles.contains_key(owner) && Recipient::from(owner) != Recipient::Complainant {
        return Err(undeclared("role", owner));
    }
    if end.is_never() {
        return Err(fail(format!(
            "deadline `{name}` would never end; the term it is counted from is not armed"
        )));
    }
    arm_deadline(eval, &mut eval.working(), name, end, sum, owner)
}

/// Arms a new instance; the one it replaces keeps its end in the record (semantics 3.1).
fn arm_deadline(
    eval: &Eval,
    working: &mut Working,
    name: &str,
    raw_end: Moment,
    sum: Option<(Moment, Span)>,
    owner: &str,
) -> Result<(), Failure> {
    let rolled = eval.calendar.roll(raw_end).map_err(|e| fail(e.to_string()))?;
    let alarm_day = eval.calendar.alarm_day(raw_end).and_then(|d| eval.calendar.start_of(d));
    let alarm_at = alarm_day.map_err(|e| fail(e.to_string()))?;
    let mut instance = 1;
    let mut replaced = None;
    if let Some(i) = working.case.deadlines.iter().position(|d| d.name.as_str() == name) {
        let mut old = working.case.deadlines.remove(i);
        instance = old.instance + 1;
        if old.is_armed() {
            old.replaced_at = Some(eval.now);
            replaced = Some(old.due);
        }
        working.retired.push(old);
    }
    if working.retired.len() > limits::EFFECTS {
        return Err(fail("too many deadlines armed in one decision"));
    }
    let armed_by = working.origin.source.clone();
    working.case.deadlines.push(Deadline {
        name: DeadlineName::from(name),
        instance,
        owner: Role::from(owner),
        base: sum.map(|(base, _)| base),
        span: sum.map(|(_, span)| span.to_string()),
        raw_end,
        due: rolled.due,
        alarm_at: alarm_at.min(rolled.due),
        rolled_because: rolled.because,
        armed_at: eval.now,
        armed_by,
        met_at: None,
        cancelled_at: None,
        replaced_at: None,
        breached_at: None,
    });
    let due = shown(&eval.calendar, rolled.due);
    let data = json!({
        "deadline": name, "instance": instance, "due": rolled.due, "raw_end": raw_end, "replaces_due": replaced,
    });
    working.record(EventKind::DeadlineArmed, format!("deadline {name} ends {due}"), data);
    Ok(())
}

fn register_messages(engine: &mut Engine) {
    engine.register_fn("notify", |context: NativeCallContext, recipient: &str, message: &str| {
        notify(&context, recipient, message, Map::new())
    });
    engine.register_fn("notify", |context: NativeCallContext, recipient: &str, message: &str, data: Map| {
        notify(&context, recipient, message, data)
    });
    engine.register_fn("resend_failed_letters", |context: NativeCallContext| resend_failed_letters(&context));
}

/// Sends every letter again that could not be delivered, as it was, to where the complainant is now.
fn resend_failed_letters(context: &NativeCallContext) -> Result<i64, Failure> {
    let eval = Eval::for_effects(context)?;
    let mut working = eval.working();
    let letters = working.case.complaint.letters.iter();
    let failed: Vec<(MessageName, Value)> = letters
        .filter(|(_, l)| l.status == LetterStatus::Failed)
        .map(|(message, l)| (message.clone(), l.data.clone()))
        .collect();
    let source = working.origin.source.clone();
    for (message, data) in &failed {
        let (message, source) = (message.clone(), source.clone());
        record_notification(&mut working, Recipient::Complainant, message, data.clone(), source);
    }
    Ok(i64::try_from(failed.len()).unwrap_or(i64::MAX))
}

fn notify(context: &NativeCallContext, recipient: &str, message: &str, data: Map) -> Result<(), Failure> {
    let eval = Eval::for_effects(context)?;
    let recipient = Recipient::from(recipient);
    if let Recipient::Role(role) = &recipient
        && !eval.procedure.roles.contains_key(role)
    {
        return Err(undeclared("role", role.as_str()));
    }
    let data = to_json(&eval.calendar, &Dynamic::from(data))?;
    let mut working = eval.working();
    if working.notifications.len() >= limits::EFFECTS {
        return Err(fail("too many notifications in one decision"));
    }
    let source = working.origin.source.clone();
    record_notification(&mut working, recipient, message.into(), data, source);
    Ok(())
}

/// Records a notification and, for the complainant, the letter it is.
pub(in crate::rules) fn record_notification(
    working: &mut Working,
    recipient: Recipient,
    message: MessageName,
    data: Value,
    source: Source,
) {
    let ordinal = u32::try_from(working.notifications.len() + 1).unwrap_or(u32::MAX);
    if recipient == Recipient::Complainant {
        let version = working.case.version + 1;
        let letter = Letter { status: LetterStatus::Queued, version, ordinal, data: data.clone() };
        working.case.complaint.letters.insert(message.clone(), letter);
    }
    let to = if matches!(recipient, Recipient::Person(_)) { "a person" } else { recipient.as_str() };
    let fact = json!({"ordinal": ordinal, "message": message, "to": to});
    working.record(EventKind::Notified, format!("{message} to {to}"), fact);
    working.notifications.push(Notification { ordinal, recipient, message, data, source });
}

fn register_links(engine: &mut Engine) {
    engine.register_fn("unmerge", |context: NativeCallContext| unmerge(&context));
    engine.register_fn("link", |context: NativeCallContext, other: Element| -> Result<(), Failure> {
        let eval = Eval::for_effects(&context)?;
        let Element::Related(other) = other else { return Err(fail("link takes another complaint")) };
        let mut working = eval.working();
        working.case.complaint.refers_to = other.number.clone();
        relink(&mut working, other.id, LinkKind::Repeats);
        let number = other.number.map_or(other.intake_id, |n| n.to_string());
        working.record(
            EventKind::Linked,
            format!("repeats {number}"),
            json!({"kind": "repeats", "other": number}),
        );
        Ok(())
    });
    engine.register_fn("merge", |context: NativeCallContext, number: &str| -> Result<(), Failure> {
        let eval = Eval::for_effects(&context)?;
        let mut working = eval.working();
        let found = working
            .case
            .related
            .iter()
            .find(|r| r.intake_id == number || r.number.as_ref().is_some_and(|n| n.as_str() == number));
        let Some(other) = found.cloned() else {
            return Err(fail(format!("{number} is not among the other complaints of this complainant")));
        };
        if !eval.procedure.is_open(&other.state) {
            return Err(fail(format!("{number} is no longer open")));
        }
        working.case.complaint.refers_to = other.number.clone();
        relink(&mut working, other.id, LinkKind::Merged);
        working.record(
            EventKind::Linked,
            format!("merged into {number}"),
            json!({"kind": "merged", "other": number}),
        );
        Ok(())
    });
}

/// Undoes a merger (T7): the other is a candidate again, and this complaint stands on its own.
fn unmerge(context: &NativeCallContext) -> Result<(), Failure> {
    let eval = Eval::for_effects(context)?;
    let mut working = eval.working();
    let parent = working.case.complaint.links.iter().find(|l| l.kind == LinkKind::Merged).map(|l| l.other);
    let parent = parent.ok_or_else(|| fail("this complaint is not merged into another"))?;
    relink(&mut working, parent, LinkKind::Candidate);
    let number = working.case.complaint.refers_to.take().map(|n| n.to_string());
    working.record(EventKind::Linked, "no longer merged", json!({"kind": "candidate", "other": number}));
    Ok(())
}

fn relink(working: &mut Working, other: crate::complaint::ComplaintId, kind: LinkKind) {
    let links = &mut working.case.complaint.links;
    links.retain(|l| l.other != other);
    links.push(Link { kind, other });
    for related in working.case.related.iter_mut().filter(|r| r.id == other) {
        related.kind = kind;
    }
}
