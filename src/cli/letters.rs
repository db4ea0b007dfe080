//! `redress rules letters`: every letter of every scenario on one page, to be read by people.

use super::{Failure, Output};
use crate::complaint::{Language, Recipient, Words};
use crate::config::Settings;
use crate::escape;
use crate::files;
use crate::message::Rendered;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::{Procedure, RulesetSource};
use crate::workflow::Published;
use crate::workflow::letters::{ReadLetter, ReadLetters, of_scenarios};
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

/// The page's own look; everything it needs is in it. What is chosen at the top needs no script.
const STYLE: &str = include_str!("letters.css");

/// What can be chosen: its id, its name in Dutch and in English.
type Choice = (&'static str, &'static str, &'static str);

/// What can be chosen at the top, in groups; of each the first is chosen.
const CHOICES: &[(&str, &[Choice])] = &[
    (
        "language",
        &[
            ("both", "beide talen", "both languages"),
            ("nl", "Nederlands", "Dutch"),
            ("en", "Engels", "English"),
        ],
    ),
    ("view", &[("html", "opgemaakt", "formatted"), ("text", "platte tekst", "plain text")]),
    ("width", &[("wide", "scherm", "screen"), ("phone", "telefoon", "phone")]),
];

/// The scenarios that stand above a letter; the others are folded in.
const SHOWN: usize = 3;

/// Writes the page into a file.
pub(super) fn run(
    rules: &Path,
    settings: &Settings,
    published: Published,
    out: &Path,
    output: &Output,
) -> Result<(), Failure> {
    let wrong = |found: &[Diagnostic]| Failure::of_rules(found, settings.language);
    let scenarios = RulesetSource::read_scenarios(rules).map_err(|found| wrong(&found))?;
    let published = Arc::new(published);
    let read = of_scenarios(&published, settings, &scenarios).map_err(|found| wrong(&[*found]))?;
    for name in &read.failing {
        output.warn(format!("scenario \"{name}\" fails: its letters end there (redress rules test)"));
    }
    files::write(out, page(&read, published.ruleset.procedure(), settings.language).as_bytes())?;
    let (letters, messages) = (read.letters.len(), by_message(&read).len());
    if output.json {
        output.document(
            &json!({"file": out, "letters": letters, "messages": messages, "failing": read.failing}),
        );
    } else {
        output.line(format!("{letters} letters of {messages} messages are in {}", out.display()));
    }
    Ok(())
}

/// Returns the letters of each message, in the order of the page.
fn by_message(read: &ReadLetters) -> Vec<(&str, Vec<&ReadLetter>)> {
    let mut groups: Vec<(&str, Vec<&ReadLetter>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for letter in &read.letters {
        let place = *places.entry(letter.message.as_str()).or_insert(groups.len());
        if place == groups.len() {
            groups.push((letter.message.as_str(), Vec::new()));
        }
        groups[place].1.push(letter);
    }
    groups
}

fn page(read: &ReadLetters, procedure: &Procedure, language: Language) -> String {
    let say = |nl: &'static str, en: &'static str| Words::new(nl, en).in_language(language);
    let (groups, title) = (by_message(read), say("De brieven", "The letters"));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n\
         </head>\n<body>\n"
    );
    for (group, choices) in CHOICES {
        for (i, (id, ..)) in choices.iter().enumerate() {
            let checked = if i == 0 { " checked" } else { "" };
            let _ = writeln!(out, "<input type=\"radio\" name=\"{group}\" id=\"{group}-{id}\"{checked}>");
        }
    }
    let _ = writeln!(out, "<header>\n<h1>{title}</h1>\n<div class=\"choices\">");
    for (group, choices) in CHOICES {
        out.push_str("<p>");
        for (id, nl, en) in *choices {
            let text = if language == Language::Dutch { nl } else { en };
            let _ = write!(out, "<label for=\"{group}-{id}\">{text}</label>");
        }
        out.push_str("</p>\n");
    }
    let _ =
        writeln!(out, "</div>\n<details><summary>{}</summary><ul>", say("Alle berichten", "All messages"));
    for (message, letters) in &groups {
        let name = escape::markup(message);
        let _ = writeln!(out, "<li><a href=\"#{name}\">{name}</a> ({})</li>", letters.len());
    }
    out.push_str("</ul></details>\n</header>\n<main>\n");
    for (message, letters) in &groups {
        let _ = writeln!(out, "<section id=\"{0}\">\n<h2>{0}</h2>", escape::markup(message));
        for letter in letters {
            article(&mut out, letter, &recipient(letter, procedure, language), say);
        }
        out.push_str("</section>\n");
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// Writes a letter, and above it to whom it goes and the scenarios that send it.
fn article(
    out: &mut String,
    letter: &ReadLetter,
    recipient: &str,
    say: impl Fn(&'static str, &'static str) -> &'static str,
) {
    let _ = writeln!(out, "<article>\n<p class=\"who\">{recipient}</p>");
    let (shown, more) = letter.scenarios.split_at(letter.scenarios.len().min(SHOWN));
    list(out, shown);
    if !more.is_empty() {
        let folded = say("scenario's meer", "more scenarios");
        let _ = writeln!(out, "<details><summary>{} {folded}</summary>", more.len());
        list(out, more);
        out.push_str("</details>\n");
    }
    out.push_str("<div class=\"languages\">\n");
    letter.words.iter().for_each(|words| rendered(out, words));
    out.push_str("</div>\n</article>\n");
}

/// Says to whom a letter goes.
fn recipient(letter: &ReadLetter, procedure: &Procedure, language: Language) -> String {
    let said = |nl: &str, en: &str| match language {
        Language::Dutch => format!("aan {nl}"),
        Language::English => format!("to {en}"),
    };
    match &letter.recipient {
        Recipient::Complainant => said("de klager", "the complainant"),
        Recipient::Responsible => said("wie verantwoordelijk is", "whoever is responsible"),
        Recipient::Person(address) => said(&escape::markup(address), &escape::markup(address)),
        Recipient::Role(role) => match procedure.roles.get(role) {
            Some(declared) => said(&escape::markup(&declared.nl), &escape::markup(&declared.en)),
            None => said(role.as_str(), role.as_str()),
        },
    }
}

fn list(out: &mut String, scenarios: &[String]) {
    out.push_str("<ul class=\"scenarios\">\n");
    for scenario in scenarios {
        let _ = writeln!(out, "<li>{}</li>", escape::markup(scenario));
    }
    out.push_str("</ul>\n");
}

fn rendered(out: &mut String, words: &Rendered) {
    let Rendered { subject, text, html, language, .. } = words;
    let (subject, language) = (escape::markup(subject), escape::markup(language));
    let _ = writeln!(
        out,
        "<div class=\"letter {language}\" lang=\"{language}\">\n<p class=\"subject\">{subject}</p>\n\
         <div class=\"formatted\">\n{html}</div>\n<pre class=\"plain\">{}</pre>\n</div>",
        escape::markup(text)
    );
}
