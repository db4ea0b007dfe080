//! R127: two things without a comma between them.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// Two things without a comma between them.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R127",
    slug: "missing-comma",
    severity: Severity::Error,
    meaning: Words::new(
        "Tussen de onderdelen van een lijst, en tussen wat er tussen de haakjes van een woord staat, staan komma’s.",
        "The items of a list, and what stands in the parentheses of a word, have commas between them.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { deadline("response" now + days(3), "clerk"); }"#,
        mended: r#"rule "r" when complaint.is_open then { deadline("response", now + days(3), "clerk"); }"#,
    },
};

/// Says that a comma is missing after something.
pub fn report(at: Location, before: &str, after: &str) -> Diagnostic {
    let message = Text::new(
        format!("tussen `{before}` en `{after}` ontbreekt een komma"),
        format!("a comma is missing between `{before}` and `{after}`"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("schrijf `{before}, {after}`"), format!("write `{before}, {after}`"))
}
