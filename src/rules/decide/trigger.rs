//! The changes that a trigger itself makes, before any rule looks.

use super::input::{Sender, Trigger};
use crate::calendar::Date;
use crate::calendar::Moment;
use crate::complaint::{
    Actor, Coming, Complaint, EventKind, LetterStatus, MessageName, Number, Origin, SurveyAnswer, SurveyStep,
    Via,
};
use crate::rules::words::context::{Eval, Working};
use serde_json::{Value, json};

/// Records what happened.
pub(super) fn apply(trigger: &Trigger, eval: &Eval) {
    let mut working = eval.working();
    match trigger {
        Trigger::Received { by, via } => {
            wrote(&mut working, eval.now, EventKind::Received, "complaint received", by, *via);
        }
        Trigger::Mail { by, sender: Sender::Complainant } => {
            let kind = EventKind::ComplainantReplied;
            wrote(&mut working, eval.now, kind, "the complainant wrote", by, Via::Mail);
        }
        Trigger::Mail { by, sender: Sender::Other } => {
            wrote(&mut working, eval.now, EventKind::MailAdded, "a mail was added", by, Via::Mail);
        }
        Trigger::Attendance { by, meeting, coming } => answered(&mut working, by, *meeting, *coming),
        Trigger::Delivered { message, version, ordinal, status } => {
            working.origin = Origin { via: Via::Delivery, ..Origin::ENGINE };
            delivered(&mut working, message, (*version, *ordinal), *status, eval.today);
        }
        Trigger::Recalled { by, via, message, version, ordinal } => {
            working.origin = Origin::person(Actor::Person(by.clone()), *via);
            recalled(&mut working, message, (*version, *ordinal));
        }
        Trigger::SurveyAnswered { step } => survey_answered(&mut working, *step, (eval.now, eval.today)),
        Trigger::Resume { by, via } => {
            working.origin = Origin::person(by.as_str().into(), *via);
            working.record(EventKind::Resumed, "suspended rules are tried again", json!({}));
        }
        Trigger::Imported { by, via, from } => imported(&mut working, by, *via, from.clone()),
        Trigger::ImportUndone { by, via, import, to } => {
            working.origin = Origin::person(Actor::Person(by.clone()), *via);
            let summary = format!("import {import} undone");
            working.record(EventKind::ImportUndone, summary, json!({"import": import}));
            let from = std::mem::replace(&mut working.case.complaint.state, to.clone());
            working.case.complaint.last.insert(to.as_str().into(), eval.now);
            working.record(EventKind::Entered, format!("{from} → {to}"), json!({"from": from, "to": to}));
        }
        Trigger::Due => {}
    }
    working.origin = Origin::ENGINE;
}

/// Records that it was taken over, with the number it is given and the state it stands in: both are facts already.
fn imported(working: &mut Working, by: &str, via: Via, from: Value) {
    working.origin = Origin::person(Actor::Person(by.to_owned()), via);
    working.record(EventKind::Imported, "imported from an earlier register", from);
    let summary = format!("registered as {}", Number::PENDING);
    working.record(EventKind::Registered, summary, json!({"number": Number::PENDING}));
    let to = working.case.complaint.state.clone();
    working.record(EventKind::Entered, format!("→ {to}"), json!({"to": to}));
}

fn wrote(working: &mut Working, now: Moment, kind: EventKind, summary: &str, by: &str, via: Via) {
    // Who wrote is personal; the trail keeps that somebody did.
    let actor = if via == Via::Mail { Actor::Mail } else { Actor::Person(by.to_owned()) };
    working.origin = Origin::person(actor, via);
    working.case.complaint.last.insert(kind.as_str().into(), now);
    let personal = by.contains('@').then(|| json!({"from": by}));
    working.record_personal(kind, summary, json!({}), personal);
}

fn answered(working: &mut Working, by: &str, meeting: u32, coming: Coming) {
    let planned = working.case.complaint.meeting.as_mut();
    let Some(planned) = planned.filter(|m| m.number == meeting) else { return };
    planned.answer = Some(coming);
    working.origin = Origin::person(Actor::Mail, Via::Mail);
    working.record_personal(
        EventKind::MeetingRecorded,
        format!("invitation to meeting {meeting} {}", coming.as_str()),
        json!({"meeting": meeting, "answer": coming}),
        Some(json!({"from": by})),
    );
}

/// Records the outcome of a letter; that of an older letter of the same name is ignored.
fn delivered(
    working: &mut Working,
    message: &MessageName,
    sent: (i64, u32),
    status: LetterStatus,
    today: Date,
) {
    let letter = working.case.complaint.letters.get_mut(message);
    let Some(letter) = letter.filter(|l| (l.version, l.ordinal) == sent && l.status != status) else {
        return;
    };
    letter.status = status;
    let mut fact = json!({"message": message});
    if letter.asks {
        fact["asks"] = true.into();
        asked(&mut working.case.complaint, status, today);
    }
    let kind = match status {
        LetterStatus::Failed => EventKind::LetterFailed,
        LetterStatus::Queued | LetterStatus::Accepted | LetterStatus::Recalled => EventKind::LetterAccepted,
    };
    working.record(kind, format!("letter {message} {}", status.as_str()), fact);
}

/// Notes when the question first went. It counts as not asked where every letter with it came back, and nobody answered.
fn asked(c: &mut Complaint, status: LetterStatus, today: Date) {
    let has_gone = c.letters.values().any(|l| l.asks && l.status == LetterStatus::Accepted);
    if status == LetterStatus::Accepted {
        c.survey.sent_on.get_or_insert(today);
    } else if !has_gone && c.survey.answer.is_none() {
        c.survey.sent_on = None;
    }
}

/// Records an answer to the question, or another one. Whoever answers has the letter, whatever is known of its delivery.
fn survey_answered(working: &mut Working, step: SurveyStep, (now, today): (Moment, Date)) {
    let survey = &mut working.case.complaint.survey;
    let before = survey.step();
    if before == Some(step) || survey.is_full() {
        return;
    }
    survey.sent_on.get_or_insert(today);
    survey.answer = Some(SurveyAnswer { step, at: now });
    survey.answers += 1;
    working.origin = Origin::person(Actor::Mail, Via::Letter);
    let summary = format!("satisfaction with the handling: {step} of {}", SurveyStep::COUNT);
    working.record(EventKind::SurveyAnswered, summary, json!({"step": step, "before": before}));
}

/// Records that somebody called a letter back. Of an earlier letter of the same name, or one to somebody else, that is all.
fn recalled(working: &mut Working, message: &MessageName, sent: (i64, u32)) {
    let letter = working.case.complaint.letters.get_mut(message);
    let letter = letter.filter(|l| (l.version, l.ordinal) == sent && l.status == LetterStatus::Queued);
    let is_latest = letter.map(|l| l.status = LetterStatus::Recalled).is_some();
    let fact = json!({"message": message, "is_latest": is_latest});
    working.record(EventKind::LetterRecalled, format!("letter {message} called back"), fact);
}
