//! R409: a word behind `|` that does not fit the field.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A word behind `|` that does not fit the field.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R409",
    slug: "wrong-filter",
    severity: Severity::Error,
    meaning: Words::new(
        "`date` schrijft een dag, `moment` een dag met een tijd, en `term` een duur zoals 6 weken.",
        "`date` writes a day, `moment` a day with a time, and `term` a span such as 6 weeks.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{{ complaint.subject|date }}\n",
        mended: "---\nsubject: s\n---\n{{ complaint.received_at|date }}\n",
    },
};

/// Says that a filter cannot take a field; `kind` is what the field is.
pub fn report(at: Location, filter: &str, of: &str, kind: Words) -> Diagnostic {
    let message = Text::new(
        format!("`{of}` is {}, en `|{filter}` kan daar niets mee", kind.nl),
        format!("`{of}` is {}, which `|{filter}` cannot write", kind.en),
    );
    Diagnostic::new(&KIND, at, message)
}
