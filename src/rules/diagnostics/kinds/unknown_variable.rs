//! R203: a bare name that means nothing here.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A bare name that means nothing here.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R203",
    slug: "unknown-variable",
    severity: Severity::Error,
    meaning: Words::new(
        "Deze naam betekent hier niets. Is het een tekst, zet hem dan tussen aanhalingstekens; is het een gegeven van de klacht, schrijf er dan `complaint.` voor.",
        "This name means nothing here. If it is a text, put it in quotes; if it is a fact of the complaint, write `complaint.` before it.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when LATE then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that a bare name is unknown.
pub fn report<'a>(at: Location, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let message = Text::new(format!("de naam `{name}` is onbekend"), format!("unknown name `{name}`"));
    Diagnostic::new(&KIND, at, message).nearest(name, known)
}
