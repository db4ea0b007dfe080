//! Words that send messages.

use super::context::{Eval, Failure, Working, fail};
use super::kind::Kind::{Map as MapKind, Name, Nothing, Number, Recipient};
use super::terms::{COMPLAINANT, undeclared};
use super::values::to_json;
use super::vocabulary::Vocabulary::Message;
use super::word::{Does, Phases, Word, body, form, help, takes};
use crate::complaint::{EventKind, Letter, LetterStatus, MessageName, Notification};
use crate::rules::language::limits;
use rhai::{Dynamic, Map, NativeCallContext};
use serde_json::{Value, json};

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "notify",
        forms: &[
            form(&[takes("to", Recipient), takes("message", Name(Message))], Nothing),
            form(&[takes("to", Recipient), takes("message", Name(Message)), takes("data", MapKind)], Nothing),
        ],
        does: Does::Sends,
        phases: Phases::BodiesAndSchedules,
        help: help(
            "stuurt een bericht aan een rol, \"complainant\", \"responsible\" of een adres; er kan een map mee",
            "sends a message to a role, \"complainant\", \"responsible\" or an address; a map may go along",
        ),
        example: body("notify(\"{role}\", \"{message}\");"),
        register: |engine, name| {
            engine.register_fn(name, |context: NativeCallContext, recipient: &str, message: &str| {
                notify(&context, recipient, message, Map::new())
            });
            engine.register_fn(name, |context: NativeCallContext, to: &str, message: &str, data: Map| {
                notify(&context, to, message, data)
            });
        },
        ..Word::ACTS
    },
    Word {
        name: "resend_failed_letters",
        forms: &[form(&[], Number)],
        help: help(
            "stuurt elke brief die niet bezorgd kon worden nog eens",
            "sends every letter again that could not be delivered",
        ),
        example: body("resend_failed_letters();"),
        register: |engine, name| {
            engine.register_fn(name, resend_failed_letters);
        },
        ..Word::ACTS
    },
];

/// Sends every letter again that could not be delivered, as it was, to where the complainant is now.
fn resend_failed_letters(context: NativeCallContext) -> Result<i64, Failure> {
    let eval = Eval::for_effects(&context)?;
    let mut working = eval.working();
    let letters = working.case.complaint.letters.iter();
    let failed: Vec<(MessageName, Value)> = letters
        .filter(|(_, l)| l.status == LetterStatus::Failed)
        .map(|(message, l)| (message.clone(), l.data.clone()))
        .collect();
    let rule = working.origin.rule.clone();
    for (message, data) in &failed {
        record_notification(&mut working, COMPLAINANT, message.as_str(), data.clone(), rule.clone());
    }
    Ok(i64::try_from(failed.len()).unwrap_or(i64::MAX))
}

fn notify(context: &NativeCallContext, recipient: &str, message: &str, data: Map) -> Result<(), Failure> {
    let eval = Eval::for_effects(context)?;
    let is_role = eval.procedure.roles.contains_key(recipient)
        || recipient == COMPLAINANT
        || recipient == "responsible";
    if !is_role && !recipient.contains('@') {
        return Err(undeclared("role", recipient));
    }
    let data = to_json(&eval.calendar, &Dynamic::from(data))?;
    let mut working = eval.working();
    if working.notifications.len() >= limits::EFFECTS {
        return Err(fail("too many notifications in one decision"));
    }
    let rule = working.origin.rule.clone();
    record_notification(&mut working, recipient, message, data, rule);
    Ok(())
}

/// Records a notification and, for the complainant, the letter it is.
pub(in crate::rules) fn record_notification(
    working: &mut Working,
    recipient: &str,
    message: &str,
    data: Value,
    rule: Option<String>,
) {
    let ordinal = u32::try_from(working.notifications.len() + 1).unwrap_or(u32::MAX);
    let message = MessageName::from(message);
    if recipient == COMPLAINANT {
        let version = working.case.version + 1;
        let letter = Letter { status: LetterStatus::Queued, version, ordinal, data: data.clone() };
        working.case.complaint.letters.insert(message.clone(), letter);
    }
    let to = if recipient.contains('@') { "a person" } else { recipient };
    let fact = json!({"ordinal": ordinal, "message": message, "to": to});
    working.record(EventKind::Notified, format!("{message} to {to}"), fact);
    let recipient = recipient.to_owned();
    working.notifications.push(Notification { ordinal, recipient, message, data, rule });
}

