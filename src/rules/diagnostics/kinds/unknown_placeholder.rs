//! R407: a field of a message that does not exist.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A field of a message that does not exist.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R407",
    slug: "unknown-placeholder",
    severity: Severity::Error,
    meaning: Words::new(
        "Dit gegeven bestaat niet, of het wordt niet meegegeven waar het bericht wordt verstuurd.",
        "This field does not exist, or is not handed along where the message is sent.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{{ complaint.nmber }}\n",
        mended: "---\nsubject: s\n---\n{{ complaint.subject }}\n",
    },
};

/// Says that a name is not there; `of` is what it is looked for in, empty at the top.
pub fn report<'a>(
    at: Location,
    of: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let path = if of.is_empty() { name.to_owned() } else { format!("{of}.{name}") };
    let message = Text::new(format!("`{path}` bestaat hier niet"), format!("`{path}` does not exist here"));
    Diagnostic::new(&KIND, at, message).nearest(name, known)
}
