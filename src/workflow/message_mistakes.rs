//! What is wrong with the placeholders of messages, known without rendering them: by the kinds of what each sees
//! where it is sent.

use super::message_shape::of_site;
use crate::message::{Mistake, MistakeKind, Placeholders, Shape, slips};
use crate::rules::diagnostics::kinds::{
    block_not_closed, message_may_be_empty, message_template, single_brace, unknown_filter,
    unknown_placeholder, whole_shown, wrong_filter,
};
use crate::rules::diagnostics::{Diagnostic, Location, Words};
use crate::rules::{NotifySite, Ruleset, RulesetSource, ValueKind};
use std::collections::{BTreeMap, BTreeSet};

/// Returns what is wrong with the braces and blocks of all messages.
pub(super) fn slipped(source: &RulesetSource) -> Vec<Diagnostic> {
    let messages = source.messages();
    messages
        .flat_map(|(language, message, text)| {
            let file = file(language, message);
            slips(&text.replace("\r\n", "\n")).into_iter().map(|m| told(&file, text, m)).collect::<Vec<_>>()
        })
        .collect()
}

/// Returns what is wrong with the placeholders of all messages where they are sent.
pub(super) fn mistaken(ruleset: &Ruleset, sites: &[NotifySite]) -> BTreeSet<Diagnostic> {
    let mut found = BTreeSet::new();
    let mut handed: BTreeMap<&str, BTreeMap<String, ValueKind>> = BTreeMap::new();
    for site in sites {
        let known = handed.entry(&site.message).or_default();
        for (name, kind) in &site.kinds {
            let held = known.entry(name.clone()).or_insert(*kind);
            if held != kind {
                *held = ValueKind::Unknown;
            }
        }
    }
    for (language, message, text) in ruleset.source().messages() {
        let Some(known) = handed.get(message) else { continue };
        let as_read = text.replace("\r\n", "\n");
        let Some(placeholders) = Placeholders::parse(&as_read) else { continue };
        let file = file(language, message);
        for site in sites.iter().filter(|site| site.message == message) {
            let sent_from = format!("{}:{}:{}", site.file, site.line, site.column);
            let shape = of_site(ruleset, site, known);
            let mistakes = placeholders.mistakes(&shape).into_iter();
            found.extend(mistakes.map(|m| {
                let told = told(&file, text, m);
                if told.remedy.is_some() { told } else { message_template::sent_from(told, &sent_from) }
            }));
        }
    }
    found
}

fn file(language: &str, message: &str) -> String {
    format!("messages/{language}/{message}.md")
}

fn told(file: &str, text: &str, mistake: Mistake) -> Diagnostic {
    let place = (mistake.line, mistake.column);
    let at = Location::word(file, text, place);
    match mistake.kind {
        MistakeKind::SingleBrace { written, meant } => {
            single_brace::report(Location::written(file, text, place, &written), &written, &meant)
        }
        MistakeKind::NotClosed { block } => {
            block_not_closed::report(Location::written(file, text, place, "{%"), &block)
        }
        MistakeKind::UnknownName { name, of, known } => {
            unknown_placeholder::report(at, &of, &name, known.iter().map(String::as_str))
        }
        MistakeKind::UnknownFilter { name } => unknown_filter::report(at, &name),
        MistakeKind::WrongFilter { filter, of, given } => {
            wrong_filter::report(at, &filter, &of, described(&given))
        }
        MistakeKind::MayBeEmpty { of } => {
            message_may_be_empty::report_shown(Location::written(file, text, place, &of), &of)
        }
        MistakeKind::Whole { of } => whole_shown::report(Location::written(file, text, place, &of), &of),
    }
}

fn described(shape: &Shape) -> Words {
    match shape {
        Shape::Any => Words::new("een waarde", "a value"),
        Shape::Text => Words::new("een tekst", "a text"),
        Shape::Number => Words::new("een getal", "a number"),
        Shape::YesNo => Words::new("waar of onwaar", "true or false"),
        Shape::Date => Words::new("een datum", "a date"),
        Shape::Moment => Words::new("een tijdstip", "a moment"),
        Shape::Term => Words::new("een duur", "a span"),
        Shape::List(_) => Words::new("een lijst", "a list"),
        Shape::Group(_) => Words::new("een groep", "a group"),
    }
}
