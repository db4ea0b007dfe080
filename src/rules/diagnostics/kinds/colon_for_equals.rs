//! R506: a colon between a key and its value.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A colon between a key and its value.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R506",
    slug: "colon-for-equals",
    severity: Severity::Error,
    meaning: Words::new(
        "In procedure.toml staat tussen een sleutel en zijn waarde een `=`, geen dubbele punt.",
        "In procedure.toml a `=` stands between a key and its value, not a colon.",
    ),
    example: Example::Edit {
        name: "procedure.toml",
        wrong: r#"faults_to: "clerk""#,
        mended: r#"faults_to = "clerk""#,
    },
};

/// Says that a colon stands where `=` does.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new(
        "tussen een sleutel en zijn waarde staat hier `=`, geen dubbele punt",
        "a `=` stands between a key and its value here, not a colon",
    );
    Diagnostic::new(&KIND, at, message).remedy("schrijf `=`", "write `=`")
}
