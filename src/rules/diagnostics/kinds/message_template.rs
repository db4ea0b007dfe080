//! R402: a message that cannot be read or filled in.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A message that cannot be read or filled in.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R402",
    slug: "message-template",
    severity: Severity::Error,
    meaning: Words::new(
        "Het bericht klopt niet: de kop ontbreekt, er staat een onbekend gegeven tussen {{ en }}, of een haakje is niet gesloten.",
        "The message is not right: its head is missing, an unknown field stands between {{ and }}, or a bracket is not closed.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{{ complaint.subject\n",
        mended: "---\nsubject: s\n---\n{{ complaint.subject }}\n",
    },
};

/// Says that braces are never closed; `opening` is `{{` or `{%`.
pub fn report_unclosed(at: Location, opening: &str) -> Diagnostic {
    let closing = match opening {
        "{%" => "%}",
        "{{" => "}}",
        quote => quote,
    };
    let message = Text::new(
        format!("deze `{opening}` wordt nergens gesloten"),
        format!("this `{opening}` is never closed"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("zet er `{closing}` achter"), format!("put `{closing}` behind it"))
}

/// What people write, what they mean, and whether that is certain.
const STRAY: &[(&str, &str)] = &[
    ("=", "=="),
    ("&&", "and"),
    ("&", "and"),
    ("||", "or"),
    ("!", "not"),
    ("en", "and"),
    ("of", "or"),
    ("niet", "not"),
    ("anders", "else"),
    ("is", "=="),
];

/// Says that something cannot stand where it stands.
pub fn report_stray(at: Location, written: &str) -> Diagnostic {
    let message = match written.trim() {
        "" => Text::new("hier ontbreekt iets", "something is missing here"),
        "}}" | "%}" => Text::new(
            format!("voor `{written}` ontbreekt iets"),
            format!("something is missing before `{written}`"),
        ),
        written => {
            Text::new(format!("`{written}` kan hier niet staan"), format!("`{written}` cannot stand here"))
        }
    };
    let told = Diagnostic::new(&KIND, at, message);
    match STRAY.iter().find(|(stray, _)| *stray == written) {
        Some((_, meant)) => told.remedy(format!("schrijf `{meant}`"), format!("write `{meant}`")),
        None if written.starts_with(|c: char| ('\u{2018}'..='\u{201f}').contains(&c)) => {
            told.remedy("schrijf een recht aanhalingsteken: `\"`", "write a straight quote: `\"`")
        }
        None if written.starts_with(char::is_alphabetic) => told.remedy(
            "tussen twee woorden staat een punt, zoals in `complaint.number`, of een `|`",
            "between two words stands a dot, as in `complaint.number`, or a `|`",
        ),
        None => told,
    }
}

/// Says why a message cannot be filled in.
pub fn report(at: Location, why: Text) -> Diagnostic {
    Diagnostic::new(&KIND, at, why)
}

/// Adds where the message is sent from, to what has no other remedy.
pub fn sent_from(found: Diagnostic, place: &str) -> Diagnostic {
    if found.remedy.is_some() {
        return found;
    }
    found.remedy(format!("het wordt verstuurd vanuit {place}"), format!("sent from {place}"))
}
