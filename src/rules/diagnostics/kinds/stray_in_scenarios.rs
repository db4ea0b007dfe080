//! R601: something else than a scenario among the scenarios.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// Something else than a scenario among the scenarios.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R601",
    slug: "stray-in-scenarios",
    severity: Severity::Error,
    meaning: Words::new(
        "In de bestanden van de map tests staan alleen scenario's en functies.",
        "The files of the folder tests hold scenarios and functions only.",
    ),
    example: Example::File {
        name: "tests/10.rhai",
        wrong: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
        mended: r#"scenario "s" { at("2026-11-23 10:00"); }"#,
    },
};

/// Says that a statement of a rule file stands among scenarios.
pub fn report_statement(at: Location, keyword: &str) -> Diagnostic {
    let message = Text::new(
        format!("een `{keyword}` hoort in een bestand met regels"),
        format!("`{keyword}` stands in a rule file"),
    );
    Diagnostic::new(&KIND, at, message)
}

/// Says that something else stands among scenarios.
pub fn report(at: Location) -> Diagnostic {
    let message =
        Text::new("hier staan alleen scenario's en functies", "only scenarios and functions stand here");
    Diagnostic::new(&KIND, at, message)
}
