//! R415: a word behind `is` that does not exist.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A word behind `is` that does not exist.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R415",
    slug: "unknown-test",
    severity: Severity::Error,
    meaning: Words::new(
        "Achter is staan woorden als `none` (leeg), `defined` (er is zoiets) en `number`. Gewoonlijk is {% if complaint.number %} genoeg.",
        "Behind is stand words such as `none` (empty), `defined` (there is one) and `number`. {% if complaint.number %} is usually enough.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{% if complaint.subject is leeg %}x{% endif %}\n",
        mended: "---\nsubject: s\n---\n{% if complaint.subject is none %}x{% endif %}\n",
    },
};

/// The words that people use.
const KNOWN: [&str; 5] = ["none", "defined", "undefined", "true", "false"];

/// What people write for them.
const WORDS: &[(&str, &str)] = &[
    ("leeg", "none"),
    ("empty", "none"),
    ("null", "none"),
    ("niets", "none"),
    ("waar", "true"),
    ("onwaar", "false"),
    ("bekend", "defined"),
    ("ingevuld", "defined"),
];

/// Says that there is no such word.
pub fn report(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(format!("`is {name}` bestaat niet"), format!("`is {name}` does not exist"));
    let told = Diagnostic::new(&KIND, at, message);
    if let Some((_, meant)) = WORDS.iter().find(|(written, _)| *written == name.to_lowercase()) {
        return told.remedy(format!("schrijf `is {meant}`"), format!("write `is {meant}`"));
    }
    let told = told.nearest(name, KNOWN.iter().copied());
    if told.remedy.is_some() {
        return told;
    }
    let known = KNOWN.map(|name| format!("`{name}`")).join(", ");
    told.remedy(format!("wat u zoekt is een van {known}"), format!("what you look for is one of {known}"))
}
