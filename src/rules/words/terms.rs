//! Words about terms: whether they run, when they end, arming and ending them. Pausing them is `pauses.rs`.

use super::context::{Eval, Failure, Phase, Working, fail, told};
use super::kind::Items;
use super::kind::Kind::{Day, List, Moment as MomentKind, Name, Nothing, Number, Owner, YesNo};
use super::moments::{ScriptMoment, shown};
use super::vocabulary::Vocabulary::Deadline as Term;
use super::word::{Does, Form, Group, Phases, Reads, Word, body, condition, form, help, takes};
use crate::calendar::{Date, Moment, Span};
use crate::complaint::{Deadline, DeadlineName, EventKind, Reading, Recipient, Role, Words};
use crate::rules::language::limits;
use crate::rules::language::run_error::kind;
use crate::rules::mutants::{Mutant, mutated};
use crate::rules::procedure::declared::{DeadlineDeclaration, Side};
use rhai::{Array, Dynamic, NativeCallContext};
use serde_json::json;
use std::sync::Arc;

const ASKS_END: &[Form] = &[form(&[takes("name", Name(Term))], MomentKind)];
const ASKS: &[Form] = &[form(&[takes("name", Name(Term))], YesNo)];

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "armed",
        group: Group::Terms,
        forms: ASKS,
        reads: Reads::TermRuns,
        help: help(
            "of een termijn loopt; ook na het einde, tot hij gehaald of ingetrokken is",
            "whether a term runs; it still does after its end, until met or cancelled",
        ),
        example: condition("armed(\"{deadline}\")"),
        register: |engine, name| {
            engine.register_fn(name, armed);
        },
        ..Word::LOOKS
    },
    Word {
        name: "due",
        group: Group::Terms,
        forms: ASKS_END,
        reads: Reads::TermEnd,
        help: help(
            "het einde van een lopende termijn; nooit, zolang hij niet loopt of gepauzeerd is",
            "the end of a running term; never while none runs or it is paused",
        ),
        example: condition("armed(\"{deadline}\") && now >= due(\"{deadline}\") - days(7)"),
        register: |engine, name| {
            engine.register_fn(name, due);
        },
        ..Word::LOOKS
    },
    Word {
        name: "alarm_at",
        group: Group::Terms,
        forms: ASKS_END,
        reads: Reads::TermEnd,
        help: help(
            "het begin van de laatste werkdag op of voor het getelde einde",
            "the start of the last open day on or before the end as counted",
        ),
        example: condition("armed(\"{deadline}\") && now >= alarm_at(\"{deadline}\")"),
        register: |engine, name| {
            engine.register_fn(name, alarm_at);
        },
        ..Word::LOOKS
    },
    Word {
        name: "overdue",
        group: Group::Terms,
        forms: ASKS,
        reads: Reads::TermEnd,
        help: help("of een lopende termijn voorbij is", "whether a running term has passed"),
        example: condition("overdue(\"{deadline}\")"),
        register: |engine, name| {
            engine.register_fn(name, overdue);
        },
        ..Word::LOOKS
    },
    Word {
        name: "overdue_terms",
        group: Group::Terms,
        forms: &[form(&[], Number)],
        reads: Reads::Clock,
        help: help("hoeveel lopende termijnen voorbij zijn", "how many running terms have passed"),
        example: condition("overdue_terms() > 0"),
        register: |engine, name| {
            engine.register_fn(name, overdue_terms);
        },
        ..Word::LOOKS
    },
    Word {
        name: "deadline",
        group: Group::Terms,
        forms: &[form(&[takes("name", Name(Term)), takes("end", Day), takes("owner", Owner)], Nothing)],
        does: Does::ArmsTerm,
        phases: Phases::Bodies,
        help: help(
            "laat een termijn lopen: naam, einde, en de rol die hem moet halen; een einde op een vrije dag schuift naar de volgende werkdag",
            "arms a term: name, end, and the role that must meet it; on a day off it moves to the next working day",
        ),
        example: body("deadline(\"{deadline}\", now + days(14), \"complainant\");"),
        register: |engine, name| {
            engine.register_fn(name, arm_until_moment);
            engine.register_fn(name, arm_until_date);
        },
        ..Word::LOOKS
    },
    Word {
        name: "met",
        group: Group::Terms,
        forms: &[form(&[takes("name", Name(Term))], Nothing)],
        does: Does::EndsTerm,
        phases: Phases::Bodies,
        help: help(
            "de termijn is gehaald; doet niets als hij niet loopt",
            "the duty was done; nothing when the term does not run",
        ),
        example: body("met(\"{deadline}\");"),
        register: |engine, name| {
            engine
                .register_fn(name, |context: NativeCallContext, name: &str| end(&context, name, Ending::Met));
        },
        ..Word::LOOKS
    },
    Word {
        name: "cancel",
        group: Group::Terms,
        forms: &[form(&[takes("names", List(Items::Names(Term)))], Nothing)],
        does: Does::EndsTerm,
        phases: Phases::Bodies,
        help: help(
            "de termijn doet er niet meer toe; neemt een naam of een lijst",
            "the term no longer matters; takes one name or a list",
        ),
        example: body("cancel([\"{deadline}\"]);"),
        register: |engine, name| {
            engine.register_fn(name, |context: NativeCallContext, name: &str| {
                end(&context, name, Ending::Cancelled)
            });
            engine.register_fn(name, cancel_all);
        },
        ..Word::LOOKS
    },
    Word {
        name: "handling_terms",
        group: Group::Terms,
        forms: &[form(&[], List(Items::Names(Term)))],
        phases: Phases::Bodies,
        help: help(
            "alle termijnen van de behandeling: die waarbij in procedure.toml geen `after_handling` staat",
            "all terms of the handling: those without `after_handling` in procedure.toml",
        ),
        example: body("cancel(handling_terms());"),
        register: |engine, name| {
            engine.register_fn(name, |context: NativeCallContext| terms(&context, |d| !d.after_handling));
        },
        ..Word::LOOKS
    },
    Word {
        name: "complainant_terms",
        group: Group::Terms,
        forms: &[form(&[], List(Items::Names(Term)))],
        phases: Phases::Bodies,
        help: help(
            "alle termijnen van de klager: `side = \"complainant\"` in procedure.toml",
            "all terms of the complainant: `side = \"complainant\"` in procedure.toml",
        ),
        example: body("cancel(complainant_terms());"),
        register: |engine, name| {
            engine.register_fn(name, |context: NativeCallContext| {
                terms(&context, |d| d.side == Side::Complainant)
            });
        },
        ..Word::LOOKS
    },
];

/// Returns the names of the declared terms that belong to a set.
fn terms(context: &NativeCallContext, is_one: fn(&DeadlineDeclaration) -> bool) -> Result<Array, Failure> {
    let eval = Eval::for_effects(context)?;
    let declared = eval.procedure.deadlines.iter().filter(|(_, d)| is_one(d));
    Ok(declared.map(|(name, _)| Dynamic::from(name.to_string())).collect())
}

fn armed(context: NativeCallContext, name: &str) -> Result<bool, Failure> {
    let eval = Eval::of(&context)?;
    declared(&eval, name)?;
    let mut working = eval.working();
    let armed = working.case.armed(name).is_some();
    working.note(|| format!("armed(\"{name}\") is {armed}"));
    Ok(armed)
}

fn due(context: NativeCallContext, name: &str) -> Result<ScriptMoment, Failure> {
    let eval = Eval::of(&context)?;
    Ok(read(&eval, name)?.map_or(Moment::NEVER, |(due, _)| due).into())
}

fn alarm_at(context: NativeCallContext, name: &str) -> Result<ScriptMoment, Failure> {
    let eval = Eval::of(&context)?;
    Ok(read(&eval, name)?.map_or(Moment::NEVER, |(_, alarm)| alarm).into())
}

fn overdue(context: NativeCallContext, name: &str) -> Result<bool, Failure> {
    let eval = Eval::of(&context)?;
    let due = read(&eval, name)?.map_or(Moment::NEVER, |(due, _)| due);
    eval.turns_at(due.next());
    let overdue = eval.now > due;
    eval.working().note(|| format!("overdue(\"{name}\") is {overdue}"));
    Ok(overdue)
}

fn overdue_terms(context: NativeCallContext) -> Result<i64, Failure> {
    let eval = Eval::of(&context)?;
    let (mut passed, mut ends) = (Vec::new(), Vec::new());
    for d in eval.working().case.deadlines.iter().filter(|d| d.runs()) {
        ends.push(d.due.next());
        if eval.now > d.due {
            passed.push(Reading { deadline: d.name.clone(), instance: d.instance });
        }
    }
    ends.into_iter().for_each(|end| eval.turns_at(end));
    let count = passed.len();
    let mut working = eval.working();
    working.note(|| format!("overdue_terms() is {count}"));
    working.counted.extend(passed);
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Returns the due and alarm moments of an armed deadline; the reading is part of the latch
/// (docs/semantics.md 4.1).
fn read(eval: &Arc<Eval>, name: &str) -> Result<Option<(Moment, Moment)>, Failure> {
    declared(eval, name)?;
    let mut working = eval.working();
    if working.phase == Phase::Condition {
        working.read_deadline(&DeadlineName::from(name));
    }
    let armed = working.case.armed(name);
    // The end of what waits is not known before it runs on (docs/semantics.md 3.4).
    let paused_at = armed.and_then(Deadline::paused_at).filter(|_| !mutated(Mutant::PausedRead));
    let found = armed.filter(|_| paused_at.is_none()).map(|d| (d.due, d.alarm_at));
    working.note(|| match paused_at {
        Some(since) => format!("\"{name}\" is paused since {}", shown(&eval.calendar, since)),
        None => {
            let due = found.map_or(Moment::NEVER, |(due, _)| due);
            format!("due(\"{name}\") is {}", shown(&eval.calendar, due))
        }
    });
    Ok(found)
}

pub(super) fn declared(eval: &Eval, name: &str) -> Result<(), Failure> {
    if eval.procedure.deadlines.contains_key(name) {
        return Ok(());
    }
    Err(undeclared(Words::new("termijn", "deadline"), name))
}

/// Says that a name stands in no list of `procedure.toml`.
pub(super) fn undeclared(what: Words, name: &str) -> Failure {
    fail(
        format!("{} `{name}` staat niet in procedure.toml", what.nl),
        format!("{} `{name}` is not declared in procedure.toml", what.en),
    )
}

#[derive(Clone, Copy)]
enum Ending {
    Met,
    Cancelled,
}

fn cancel_all(context: NativeCallContext, names: Array) -> Result<(), Failure> {
    for name in names {
        let name = name.into_string().map_err(|t| {
            fail(
                format!("cancel vraagt namen, niet {}", kind(t).nl),
                format!("cancel takes names, not {}", kind(t).en),
            )
        })?;
        end(&context, &name, Ending::Cancelled)?;
    }
    Ok(())
}

/// Ends an armed deadline. What is not armed stays as it is: rules may say it to be sure.
fn end(context: &NativeCallContext, name: &str, how: Ending) -> Result<(), Failure> {
    let eval = Eval::for_effects(context)?;
    declared(&eval, name)?;
    let mut working = eval.working();
    let Some(deadline) = working.case.deadlines.iter_mut().find(|d| d.name.as_str() == name && d.is_armed())
    else {
        return Ok(());
    };
    let (kind, verb) = match how {
        Ending::Met => {
            deadline.met_at = Some(eval.now);
            (EventKind::DeadlineMet, "met")
        }
        Ending::Cancelled => {
            deadline.cancelled_at = Some(eval.now);
            (EventKind::DeadlineCancelled, "cancelled")
        }
    };
    let late = eval.now > deadline.due && deadline.pauses.last().is_none_or(|pause| pause.ended.is_some());
    let data = json!({"deadline": name, "instance": deadline.instance, "late": late});
    working.record(kind, format!("deadline {name} {verb}{}", if late { ", late" } else { "" }), data);
    Ok(())
}

fn arm_until_moment(
    context: NativeCallContext,
    name: &str,
    end: ScriptMoment,
    owner: &str,
) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    arm(&eval, name, end.at, end.sum, owner)
}

fn arm_until_date(context: NativeCallContext, name: &str, end: Date, owner: &str) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    let end = eval.calendar.end_of(end).map_err(told)?;
    arm(&eval, name, end, None, owner)
}

fn arm(
    eval: &Eval,
    name: &str,
    end: Moment,
    sum: Option<(Moment, Span)>,
    owner: &str,
) -> Result<(), Failure> {
    declared(eval, name)?;
    if !eval.procedure.roles.contains_key(owner) && Recipient::from(owner) != Recipient::Complainant {
        return Err(undeclared(Words::new("rol", "role"), owner));
    }
    if end.is_never() {
        return Err(fail(
            format!("termijn `{name}` zou nooit eindigen; de termijn waarvan hij telt, loopt niet"),
            format!("deadline `{name}` would never end; the term it is counted from is not armed"),
        ));
    }
    arm_deadline(eval, &mut eval.working(), name, end, sum, owner)
}

/// Arms a new instance; the one it replaces keeps its end in the record (docs/semantics.md 3.1).
fn arm_deadline(
    eval: &Eval,
    working: &mut Working,
    name: &str,
    raw_end: Moment,
    sum: Option<(Moment, Span)>,
    owner: &str,
) -> Result<(), Failure> {
    let rolled = eval.calendar.roll(raw_end).map_err(told)?;
    let alarm_day = eval.calendar.alarm_day(raw_end).and_then(|d| eval.calendar.start_of(d));
    let alarm_at = alarm_day.map_err(told)?;
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
        return Err(fail("te veel termijnen in één beslissing", "too many deadlines armed in one decision"));
    }
    let armed_by = working.origin.source.clone();
    working.case.deadlines.push(Deadline {
        instance,
        base: sum.map(|(base, _)| base),
        span: sum.map(|(_, span)| span.to_string()),
        raw_end,
        alarm_at: alarm_at.min(rolled.due),
        rolled_because: rolled.because,
        ..Deadline::armed(DeadlineName::from(name), Role::from(owner), rolled.due, eval.now, armed_by)
    });
    let due = shown(&eval.calendar, rolled.due);
    let data = json!({
        "deadline": name, "instance": instance, "due": rolled.due, "raw_end": raw_end, "replaces_due": replaced,
    });
    working.record(EventKind::DeadlineArmed, format!("deadline {name} ends {due}"), data);
    Ok(())
}
