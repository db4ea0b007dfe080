//! R408: a word behind `|` that does not exist.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A word behind `|` that does not exist.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R408",
    slug: "unknown-filter",
    severity: Severity::Error,
    meaning: Words::new(
        "Achter | staan woorden als `date`, `moment` en `term`, die zeggen hoe een gegeven wordt geschreven.",
        "Behind | stand words such as `date`, `moment` and `term`, which say how a field is written.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{{ complaint.received_at|datum }}\n",
        mended: "---\nsubject: s\n---\n{{ complaint.received_at|date }}\n",
    },
};

/// The filters that people use.
const KNOWN: [&str; 6] = ["date", "moment", "term", "default", "upper", "lower"];

/// Says that there is no such filter.
pub fn report(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(format!("`|{name}` bestaat niet"), format!("`|{name}` does not exist"));
    let told = Diagnostic::new(&KIND, at, message).nearest(name, KNOWN.iter().copied());
    if told.remedy.is_some() {
        return told;
    }
    let known = KNOWN.map(|name| format!("`{name}`")).join(", ");
    told.remedy(format!("wat u zoekt is een van {known}"), format!("what you look for is one of {known}"))
}
