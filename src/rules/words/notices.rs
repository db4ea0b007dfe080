//! Words that send messages.

use super::context::{Eval, Failure, Working, fail};
use super::element::Element;
use super::kind::Items;
use super::kind::Kind::{self, List, Map as MapKind, Name, Nothing, Number};
use super::terms::undeclared;
use super::values::to_json;
use super::vocabulary::Vocabulary::Message;
use super::word::{Does, Phases, Word, body, form, help, takes};
use crate::complaint::{
    EventKind, Letter, LetterStatus, MessageName, Notification, Recipient, Source, Words,
};
use crate::rules::language::limits;
use rhai::{Array, Dynamic, Map, NativeCallContext};
use serde_json::{Value, json};

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "notify",
        forms: &[
            form(&[takes("to", Kind::Recipient), takes("message", Name(Message))], Nothing),
            form(
                &[takes("to", Kind::Recipient), takes("message", Name(Message)), takes("data", MapKind)],
                Nothing,
            ),
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
    Word {
        name: "resend_recalled_letters",
        forms: &[form(&[], Number)],
        help: help(
            "stuurt elke brief die is teruggehaald alsnog",
            "sends every letter that was called back after all",
        ),
        example: body("resend_recalled_letters();"),
        register: |engine, name| {
            engine.register_fn(name, resend_recalled_letters);
        },
        ..Word::ACTS
    },
    Word {
        name: "drop_recalled_letters",
        forms: &[form(&[], Nothing)],
        help: help(
            "brieven die zijn teruggehaald hoeven niet meer te gaan",
            "letters that were called back need not go any more",
        ),
        example: body("drop_recalled_letters();"),
        register: |engine, name| {
            engine.register_fn(name, drop_recalled_letters);
        },
        ..Word::ACTS
    },
    Word {
        name: "drop_letters",
        forms: &[form(&[takes("messages", List(Items::Names(Message)))], Nothing)],
        help: help(
            "deze brieven hoeven niet meer te worden bezorgd, als dat niet gelukt was of ze zijn teruggehaald",
            "these letters need not be delivered any more, where they could not be or were called back",
        ),
        example: body("drop_letters([\"{message}\"]);"),
        register: |engine, name| {
            engine.register_fn(name, drop_letters);
        },
        ..Word::ACTS
    },
];

/// Forgets those letters of these names that could not be delivered or were called back: what they say no longer matters.
fn drop_letters(context: NativeCallContext, messages: Array) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    let mut working = eval.working();
    let letters = &mut working.case.complaint.letters;
    for message in messages {
        let message = message.into_string().unwrap_or_default();
        if letters.get(message.as_str()).is_some_and(|letter| is_undelivered(letter.status)) {
            letters.remove(message.as_str());
        }
    }
    Ok(())
}

fn is_undelivered(status: LetterStatus) -> bool {
    matches!(status, LetterStatus::Failed | LetterStatus::Recalled)
}

/// Forgets every letter that was called back.
fn drop_recalled_letters(context: NativeCallContext) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    let mut working = eval.working();
    working.case.complaint.letters.retain(|_, letter| letter.status != LetterStatus::Recalled);
    Ok(())
}

/// Sends every letter again that could not be delivered, as it was, to where the complainant is now.
fn resend_failed_letters(context: NativeCallContext) -> Result<i64, Failure> {
    resend(&context, LetterStatus::Failed)
}

/// Sends every letter that was called back, in the words that its facts give now.
fn resend_recalled_letters(context: NativeCallContext) -> Result<i64, Failure> {
    resend(&context, LetterStatus::Recalled)
}

fn resend(context: &NativeCallContext, status: LetterStatus) -> Result<i64, Failure> {
    let eval = Eval::for_effects(context)?;
    let mut working = eval.working();
    let letters = working.case.complaint.letters.iter();
    let failed: Vec<(MessageName, Value)> = letters
        .filter(|(_, l)| l.status == status)
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
        return Err(undeclared(Words::new("rol", "role"), role.as_str()));
    }
    let data = Dynamic::from(data);
    let leaves = matches!(recipient, Recipient::Complainant | Recipient::Person(_));
    if leaves && holds_members(&data) {
        return Err(fail(
            "klachten van een groep zijn van anderen; alleen een bericht aan een rol mag ze noemen",
            "the complaints of a group are other people's; only a message to a role may name them",
        ));
    }
    let data = to_json(&eval.calendar, &data)?;
    let mut working = eval.working();
    if working.notifications.len() >= limits::EFFECTS {
        return Err(fail("te veel berichten in één beslissing", "too many notifications in one decision"));
    }
    let source = working.origin.source.clone();
    record_notification(&mut working, recipient, message.into(), data, source);
    Ok(())
}

/// Returns whether complaints of a group stand anywhere in a value; deeper than values go is said elsewhere.
fn holds_members(value: &Dynamic) -> bool {
    if let Some(element) = value.read_lock::<Element>() {
        return matches!(*element, Element::Member(_));
    }
    if let Some(list) = value.read_lock::<Array>() {
        return list.iter().any(holds_members);
    }
    value.read_lock::<Map>().is_some_and(|map| map.values().any(holds_members))
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
        let letter =
            Letter { status: LetterStatus::Queued, version, ordinal, data: data.clone(), asks: false };
        working.case.complaint.letters.insert(message.clone(), letter);
    }
    let to = if matches!(recipient, Recipient::Person(_)) { "a person" } else { recipient.as_str() };
    let fact = json!({"ordinal": ordinal, "message": message, "to": to});
    working.record(EventKind::Notified, format!("{message} to {to}"), fact);
    working.notifications.push(Notification {
        ordinal,
        recipient,
        message,
        data,
        source,
        unless_reached_by: Vec::new(),
        firing: None,
        tells_breach: false,
    });
}
