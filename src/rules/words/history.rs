//! Words about what is known of a complaint and what has happened to it.

use super::context::{ComplaintHandle, Eval, Failure, fail};
use super::fields;
use super::kind::Kind::{Moment, Name, Number, ThisComplaint, YesNo};
use super::moments::ScriptMoment;
use super::vocabulary::{NO_LETTER, Vocabulary};
use super::word::{Reads, Word, condition, form, help, takes};
use crate::complaint::{LetterStatus, Words};
use crate::rules::diagnostics::nearest;
use rhai::{Dynamic, FuncRegistration, NativeCallContext};

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "known",
        forms: &[form(&[takes("field", Name(Vocabulary::Field))], YesNo)],
        reads: Reads::Fact,
        help: help(
            "of een veld is ingevuld; de enige vraag over vrije tekst",
            "whether a field is filled in; the only question about free text",
        ),
        example: condition("known(\"arose_on\")"),
        register: |engine, name| {
            engine.register_fn(name, known);
        },
        ..Word::LOOKS
    },
    Word {
        name: "happened",
        forms: &[form(&[takes("what", Name(Vocabulary::Event))], YesNo)],
        reads: Reads::Fact,
        help: help(
            "of een actie gedaan is, een status of stap is ingegaan, een mail van een soort kwam",
            "whether an action was done, a state or escalation step entered, a mail of a kind came",
        ),
        example: condition("happened(\"{state}\")"),
        register: |engine, name| {
            engine.register_fn(name, happened);
        },
        ..Word::LOOKS
    },
    Word {
        name: "last",
        forms: &[form(&[takes("complaint", ThisComplaint), takes("what", Name(Vocabulary::Event))], Moment)],
        reads: Reads::Fact,
        help: help(
            "wanneer dat voor het laatst was; `()` als het nooit was",
            "when that was, the last time; `()` when never",
        ),
        example: condition("happened(\"{state}\") && now >= complaint.last(\"{state}\") + days(3)"),
        register: |engine, name| {
            FuncRegistration::new(name).with_purity(true).register_into_engine(engine, last);
        },
        ..Word::LOOKS
    },
    Word {
        name: "letter",
        forms: &[form(&[takes("message", Name(Vocabulary::Message))], Name(Vocabulary::LetterState))],
        reads: Reads::Letter,
        help: help(
            "hoe ver de nieuwste brief van een naam is: none, queued, accepted, failed of recalled",
            "how far the newest letter of a name has come: none, queued, accepted, failed or recalled",
        ),
        example: condition("letter(\"{letter}\") == \"accepted\""),
        register: |engine, name| {
            engine.register_fn(name, letter);
        },
        ..Word::LOOKS
    },
    Word {
        name: "letters",
        forms: &[form(&[takes("state", Name(Vocabulary::SentLetterState))], Number)],
        reads: Reads::Fact,
        help: help(
            "hoeveel brieven queued, accepted, failed of recalled zijn",
            "how many letters are queued, accepted, failed or recalled",
        ),
        example: condition("letters(\"failed\") > 0"),
        register: |engine, name| {
            engine.register_fn(name, letters);
        },
        ..Word::LOOKS
    },
];

fn known(context: NativeCallContext, name: &str) -> Result<bool, Failure> {
    let eval = Eval::of(&context)?;
    let Some(field) = fields::find(name) else {
        return Err(unknown(Words::new("gegeven", "field"), name, fields::all().map(|f| f.name)));
    };
    let mut working = eval.working();
    let known = field.is_set(&working.case, &eval.procedure);
    working.note(|| format!("known(\"{name}\") is {known}"));
    Ok(known)
}

fn happened(context: NativeCallContext, name: &str) -> Result<bool, Failure> {
    let eval = Eval::of(&context)?;
    let mut working = eval.working();
    let happened = working.case.complaint.last.contains_key(name);
    working.note(|| format!("happened(\"{name}\") is {happened}"));
    Ok(happened)
}

fn last(handle: &mut ComplaintHandle, name: &str) -> Dynamic {
    let working = handle.0.working();
    let last = working.case.complaint.last.get(name).copied();
    last.map_or(Dynamic::UNIT, |m| Dynamic::from(ScriptMoment::from(m)))
}

fn letter(context: NativeCallContext, message: &str) -> Result<String, Failure> {
    let eval = Eval::of(&context)?;
    let mut working = eval.working();
    let letters = &working.case.complaint.letters;
    let status = letters.get(message).map_or(NO_LETTER, |l| LetterStatus::as_str(l.status));
    working.note(|| format!("letter(\"{message}\") is {status}"));
    Ok(status.to_owned())
}

fn letters(context: NativeCallContext, status: &str) -> Result<i64, Failure> {
    let eval = Eval::of(&context)?;
    if !LetterStatus::ALL.iter().any(|s| s.as_str() == status) {
        return Err(fail(
            format!("brieven zijn queued, accepted, failed of recalled, niet `{status}`"),
            format!("letters are queued, accepted, failed or recalled, not `{status}`"),
        ));
    }
    let mut working = eval.working();
    let letters = working.case.complaint.letters.values();
    let count = letters.filter(|l| LetterStatus::as_str(l.status) == status).count();
    working.note(|| format!("letters(\"{status}\") is {count}"));
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Says that a name is not declared, and which was probably meant.
pub(super) fn unknown<'a>(what: Words, name: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let (nl, en) =
        (format!("{} `{name}` bestaat niet", what.nl), format!("{} `{name}` is not declared", what.en));
    match nearest(name, known) {
        Some(n) => fail(format!("{nl}; bedoelt u `{n}`?"), format!("{en}; did you mean `{n}`?")),
        None => fail(nl, en),
    }
}
