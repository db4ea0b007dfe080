//! R405: a placeholder with a brace too few.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A placeholder with a brace too few.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R405",
    slug: "single-brace",
    severity: Severity::Error,
    meaning: Words::new(
        "Een gegeven staat tussen twee accolades aan beide kanten: {{ complaint.number }}.",
        "A field stands between two braces on either side: {{ complaint.number }}.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{ complaint.subject }\n",
        mended: "---\nsubject: s\n---\n{{ complaint.subject }}\n",
    },
};

/// Says that braces are missing; `meant` is what was probably meant.
pub fn report(at: Location, written: &str, meant: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{written}` wordt niet ingevuld: er ontbreekt een accolade"),
        format!("`{written}` is not filled in: a brace is missing"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("schrijf {meant}"), format!("write {meant}"))
        .replaced_by(meant)
}
