//! R103: a scenario in a rule file.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A scenario in a rule file.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R103",
    slug: "scenario-among-rules",
    severity: Severity::Error,
    meaning: Words::new(
        "Scenario's staan in de map tests; bij de regels zelf horen ze niet.",
        "Scenarios stand in the folder tests, not among the rules.",
    ),
    example: Example::Script {
        wrong: r#"scenario "s" { at("2026-11-23 10:00"); }"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that a scenario stands in a rule file.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new(
        "een `scenario` hoort in rules/tests/, niet bij de regels",
        "`scenario` stands in rules/tests/, not in a rule file",
    );
    Diagnostic::new(&KIND, at, message)
}
