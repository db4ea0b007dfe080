//! R725: a field that a message shows in one language only.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A field that a message shows in one language only.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R725",
    slug: "unlike-languages",
    severity: Severity::Warning,
    meaning: Words::new(
        "Wie het bericht in de andere taal krijgt, leest dit gegeven niet.",
        "Whoever gets the message in the other language does not read this field.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{{ complaint.subject }}\n",
        mended: "---\nsubject: s\n---\nx\n",
    },
};

/// Says that a field is not shown in the other language, whose file is `other`.
pub fn report(at: Location, path: &str, other: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{path}` staat hier, en niet in {other}"),
        format!("`{path}` stands here, and not in {other}"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("zet het daar ook, of haal het hier weg", "put it there as well, or take it out here")
}
