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

/// Says that a filter takes nothing in parentheses.
pub fn report_arguments(at: Location, filter: &str) -> Diagnostic {
    let message = Text::new(
        format!("achter `|{filter}` staat niets tussen haakjes"),
        format!("nothing stands in parentheses behind `|{filter}`"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("schrijf alleen `|{filter}`"), format!("write `|{filter}` alone"))
}

/// Says that a filter cannot take a field; `kind` is what the field is, and `fits` the filter that can take it.
pub fn report(at: Location, filter: &str, of: &str, kind: Words, fits: Option<&str>) -> Diagnostic {
    let message = Text::new(
        format!("`{of}` is {}, en `|{filter}` kan daar niets mee", kind.nl),
        format!("`{of}` is {}, which `|{filter}` cannot write", kind.en),
    );
    let told = Diagnostic::new(&KIND, at, message);
    match fits {
        Some(fits) => told.remedy(format!("schrijf `{of}|{fits}`"), format!("write `{of}|{fits}`")),
        None => told.remedy(format!("laat `|{filter}` weg"), format!("leave `|{filter}` out")),
    }
}
