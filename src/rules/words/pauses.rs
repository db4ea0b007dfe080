//! Words that let a term wait, while it is somebody else's turn (docs/semantics.md 3.4).

use super::context::{Eval, Failure, fail, told};
use super::kind::Kind::{Name, Nothing, YesNo};
use super::moments::shown;
use super::terms::declared;
use super::vocabulary::Vocabulary::Deadline as Term;
use super::word::{Does, Group, Phases, Reads, Word, body, condition, form, help, takes};
use crate::complaint::{Deadline, EventKind, Pause, PauseEnd};
use rhai::NativeCallContext;
use serde_json::json;

/// The most pauses of one instance of a term.
const MOST: usize = 100;

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "paused",
        group: Group::Terms,
        forms: &[form(&[takes("name", Name(Term))], YesNo)],
        reads: Reads::TermRuns,
        help: help("of een termijn gepauzeerd is", "whether a term is paused"),
        example: condition("paused(\"{deadline}\")"),
        register: |engine, name| {
            engine.register_fn(name, paused);
        },
        ..Word::LOOKS
    },
    Word {
        name: "pause",
        group: Group::Terms,
        forms: &[form(&[takes("name", Name(Term))], Nothing)],
        does: Does::Records,
        phases: Phases::Bodies,
        help: help(
            "laat een lopende termijn wachten: hij gaat niet voorbij tot hij verdergaat; doet niets als hij niet loopt of al voorbij is",
            "lets a running term wait: it does not pass until it runs on; nothing when it does not run or has passed",
        ),
        example: body("pause(\"{deadline}\");"),
        register: |engine, name| {
            engine.register_fn(name, pause);
        },
        ..Word::ACTS
    },
    Word {
        name: "resume",
        group: Group::Terms,
        forms: &[form(&[takes("name", Name(Term))], Nothing)],
        does: Does::Records,
        phases: Phases::Bodies,
        help: help(
            "een gepauzeerde termijn gaat verder; zijn einde schuift op met de kalenderdagen die hij wachtte; doet niets als hij niet gepauzeerd is",
            "a paused term runs on; its end moves by the calendar days that it waited; nothing when it is not paused",
        ),
        example: body("resume(\"{deadline}\");"),
        register: |engine, name| {
            engine.register_fn(name, resume);
        },
        ..Word::ACTS
    },
];

fn paused(context: NativeCallContext, name: &str) -> Result<bool, Failure> {
    let eval = Eval::of(&context)?;
    declared(&eval, name)?;
    let mut working = eval.working();
    let since = working.case.armed(name).and_then(Deadline::paused_at);
    working.note(|| match since {
        Some(since) => format!("\"{name}\" is paused since {}", shown(&eval.calendar, since)),
        None => format!("paused(\"{name}\") is false"),
    });
    Ok(since.is_some())
}

fn pause(context: NativeCallContext, name: &str) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    declared(&eval, name)?;
    let mut working = eval.working();
    let working = &mut *working;
    let by = working.origin.source.clone();
    let term = working.case.deadlines.iter_mut().find(|d| d.name.as_str() == name);
    // What has passed has passed.
    let Some(term) = term.filter(|d| d.runs() && eval.now <= d.due) else { return Ok(()) };
    if term.pauses.len() >= MOST {
        return Err(fail(
            format!("termijn `{name}` is al {MOST} keer gepauzeerd"),
            format!("deadline `{name}` was paused {MOST} times already"),
        ));
    }
    term.pauses.push(Pause { from: eval.now, by, ended: None });
    let data = json!({"deadline": name, "instance": term.instance, "due": term.due});
    working.record(EventKind::DeadlinePaused, format!("deadline {name} paused"), data);
    Ok(())
}

fn resume(context: NativeCallContext, name: &str) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    declared(&eval, name)?;
    let mut working = eval.working();
    let working = &mut *working;
    let by = working.origin.source.clone();
    let term = working.case.deadlines.iter_mut().find(|d| d.name.as_str() == name);
    let Some((term, from)) = term.and_then(|d| d.paused_at().map(|from| (d, from))) else { return Ok(()) };
    // In the days to which it had rolled, what was left of it were those.
    let end = if from > term.raw_end { term.due } else { term.raw_end };
    let calendar = &eval.calendar;
    let (raw_end, added) = calendar.moved_on(end, from, eval.now).map_err(told)?;
    let rolled = calendar.roll(raw_end).map_err(told)?;
    let alarm_at = calendar.alarm_day(raw_end).and_then(|d| calendar.start_of(d)).map_err(told)?;
    if let Some(pause) = term.pauses.last_mut() {
        pause.ended = Some(PauseEnd { at: eval.now, by, added });
    }
    term.raw_end = raw_end;
    term.due = rolled.due;
    term.alarm_at = alarm_at.min(rolled.due);
    term.rolled_because = rolled.because;
    let data = json!({
        "deadline": name, "instance": term.instance, "due": term.due, "raw_end": raw_end, "paused_at": from,
        "added": added,
    });
    let summary = format!("deadline {name} runs on, and ends {}", shown(calendar, term.due));
    working.record(EventKind::DeadlineResumed, summary, data);
    Ok(())
}
