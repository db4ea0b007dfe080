//! R121: a bracket that is never closed.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A bracket that is never closed.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R121",
    slug: "unclosed-bracket",
    severity: Severity::Error,
    meaning: Words::new(
        "Elk haakje dat opengaat, gaat ook weer dicht: ( met ), [ met ], { met }.",
        "Every bracket that opens closes again: ( with ), [ with ], { with }.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { remark("x");"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that a bracket is never closed; `statement` is what it stands in, as people name it.
pub fn report(at: Location, open: &str, close: &str, statement: &str) -> Diagnostic {
    let message = Text::new(
        format!("deze `{open}` gaat nergens dicht (in {statement})"),
        format!("this `{open}` is never closed (in {statement})"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("zet `{close}` waar dit deel ophoudt"), format!("put `{close}` where this part ends"))
}
