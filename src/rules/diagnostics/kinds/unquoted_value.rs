//! R504: a value without quotes in the file of names.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A value without quotes in the file of names.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R504",
    slug: "unquoted-value",
    severity: Severity::Error,
    meaning: Words::new(
        "Elke tekst in procedure.toml staat tussen rechte dubbele aanhalingstekens.",
        "Every text in procedure.toml stands in straight double quotes.",
    ),
    example: Example::Edit {
        name: "procedure.toml",
        wrong: "initial = arrived",
        mended: r#"initial = "arrived""#,
    },
};

/// Says that a text stands without quotes; `written` is the text as it should be.
pub fn report(at: Location, written: &str) -> Diagnostic {
    let message = Text::new("deze tekst hoort tussen aanhalingstekens", "this text belongs in quotes");
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{written}`"), format!("write `{written}`"))
}
