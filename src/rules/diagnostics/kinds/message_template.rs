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

/// Says what is wrong with a message.
pub fn report(at: Location, why: Text) -> Diagnostic {
    Diagnostic::new(&KIND, at, why)
}

/// Adds where the message is sent from.
pub fn sent_from(found: Diagnostic, place: &str) -> Diagnostic {
    found.remedy(format!("het wordt verstuurd vanuit {place}"), format!("sent from {place}"))
}
