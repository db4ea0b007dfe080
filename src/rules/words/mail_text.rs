//! Words that answer questions about what was written, without showing it.

use super::context::{Eval, Failure, Need, fail, need};
use super::element::Element;
use super::folded::Phrase;
use super::kind::Items;
use super::kind::Kind::{Complaint, List, Number, YesNo};
use super::text::same_subject;
use super::word::{Place, Reads, Word, condition, example, form, help, takes};
use crate::complaint::{FoldedText, LATER_MAIL};
use crate::script::meter;
use rhai::{Array, NativeCallContext};
use std::sync::Arc;

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "text_mentions",
        forms: &[form(&[takes("words", List(Items::Texts))], YesNo)],
        reads: Reads::MailText,
        help: help(
            "of onderwerp of mails van de klager een van de woorden bevat; hele woorden, met `*` elk einde",
            "whether subject or the complainant's mails contain one of the words; whole words, with `*` any ending",
        ),
        example: condition("text_mentions([\"klacht*\", \"complaint\"])"),
        register: |engine, name| {
            engine.register_fn(name, text_mentions);
        },
        ..Word::LOOKS
    },
    Word {
        name: "text_length",
        forms: &[form(&[], Number)],
        reads: Reads::MailText,
        help: help("het aantal tekens van de eerste mail", "characters of the first mail"),
        example: condition("text_length() >= 40"),
        register: |engine, name| {
            engine.register_fn(name, text_length);
        },
        ..Word::LOOKS
    },
    Word {
        name: "same_subject",
        forms: &[form(&[takes("other", Complaint), takes("general_words", List(Items::Texts))], YesNo)],
        reads: Reads::Fact,
        help: help(
            "of beide onderwerpen gelijk zijn zonder voorvoegsels en algemene woorden, en dan nog iets zeggen",
            "whether both subjects are equal without prefixes and general words, and still say something",
        ),
        example: example(Place::Element, "same_subject(it, [\"klacht\", \"over\"])"),
        register: |engine, name| {
            engine.register_fn(name, has_same_subject);
        },
        ..Word::LOOKS
    },
    Word {
        name: "from_same_sender",
        forms: &[form(&[takes("other", Complaint)], YesNo)],
        reads: Reads::Fact,
        help: help(
            "of beide klagers hetzelfde adres hebben",
            "whether both complainants have the same address",
        ),
        example: example(Place::Element, "from_same_sender(it)"),
        register: |engine, name| {
            engine.register_fn(name, from_same_sender);
        },
        ..Word::LOOKS
    },
];

fn text_mentions(context: NativeCallContext, words: Array) -> Result<bool, Failure> {
    let eval = Eval::of(&context)?;
    let text = text(&eval)?;
    let words: Vec<String> = words.into_iter().map(|w| w.into_string().unwrap_or_default()).collect();
    let mut working = eval.working();
    if let Some(known) = working.mentions.get(&words).copied() {
        working.note(|| format!("text_mentions(…) is {known}"));
        return Ok(known);
    }
    // A search goes through a text about four times as fast as the rest of what texts are counted for.
    meter::charge(meter::of_text(text.len() / 4) * words.len() as u64);
    let written = working.folded_text.get_or_insert_with(|| Arc::new(FoldedText::of(&text)));
    let written = Arc::clone(written);
    let found = words.iter().any(|said| Phrase::new(said).stands_in(&written));
    working.mentions.insert(words, found);
    working.note(|| format!("text_mentions(…) is {found}"));
    Ok(found)
}

fn text_length(context: NativeCallContext) -> Result<i64, Failure> {
    let eval = Eval::of(&context)?;
    // The subject is the first line; it does not explain the dissatisfaction.
    let text = text(&eval)?;
    let mut working = eval.working();
    let length = working.text_length.unwrap_or_else(|| {
        meter::charge(meter::of_text(text.len()));
        let first = text.split(LATER_MAIL).next().unwrap_or_default();
        let body = first.split_once('\n').map_or("", |(_, body)| body);
        let length = body.split_whitespace().map(|w| w.chars().count() + 1).sum::<usize>();
        i64::try_from(length).unwrap_or(i64::MAX)
    });
    working.text_length = Some(length);
    working.note(|| format!("text_length() is {length}"));
    Ok(length)
}

fn has_same_subject(context: NativeCallContext, other: Element, generic: Array) -> Result<bool, Failure> {
    let eval = Eval::of(&context)?;
    let Element::Related(other) = other else {
        return Err(fail("same_subject vergelijkt klachten", "same_subject compares complaints"));
    };
    let generic: Vec<String> = generic.into_iter().filter_map(|w| w.into_string().ok()).collect();
    let mut working = eval.working();
    let words: usize = generic.iter().map(String::len).sum();
    meter::charge(8 * meter::of_text(other.subject.len() + words));
    let same = same_subject(&working.case.complaint.subject, &other.subject, &generic);
    working.note(|| format!("same subject as {}: {same}", other.intake_id));
    Ok(same)
}

fn from_same_sender(context: NativeCallContext, other: Element) -> Result<bool, Failure> {
    let eval = Eval::of(&context)?;
    let Element::Related(other) = other else {
        return Err(fail("from_same_sender vergelijkt klachten", "from_same_sender compares complaints"));
    };
    let mut working = eval.working();
    let sender = &working.case.complaint.complainant.email;
    let same = !sender.is_empty() && *sender == other.complainant_email;
    working.note(|| format!("same sender as {}: {same}", other.intake_id));
    Ok(same)
}

fn text(eval: &Eval) -> Result<Arc<str>, Failure> {
    eval.working().case.text.clone().ok_or_else(|| need(Need::Text))
}
