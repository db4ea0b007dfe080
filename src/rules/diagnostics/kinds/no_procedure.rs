//! R004: a ruleset without `procedure.toml`.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A ruleset without `procedure.toml`.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R004",
    slug: "no-procedure",
    severity: Severity::Error,
    meaning: Words::new(
        "Elke procedure heeft een bestand procedure.toml, waarin haar namen staan: statussen, rollen, termijnen.",
        "Every procedure has a file procedure.toml, which holds its names: states, roles, deadlines.",
    ),
    example: Example::Missing { name: "procedure.toml" },
};

/// Says that the file is missing.
pub fn report(file: &str) -> Diagnostic {
    let message = Text::new("dit bestand ontbreekt", "this file is missing");
    Diagnostic::new(&KIND, Location::file(file), message)
}
