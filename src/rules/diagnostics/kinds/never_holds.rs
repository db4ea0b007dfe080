//! R707: a rule that can never hold.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A rule that can never hold.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R707",
    slug: "never-holds",
    severity: Severity::Warning,
    meaning: Words::new(
        "De delen van de voorwaarde gaan nooit samen, dus deze regel doet nooit iets.",
        "The parts of the condition never go together, so this rule never does anything.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open && complaint.state == "answered" then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.is_open && complaint.state == "arrived" then { remark("x"); }"#,
    },
};

/// Says why a rule can never hold.
pub fn report(at: Location, rule: &str, why: &Text) -> Diagnostic {
    let message = Text::new(
        format!("regel \"{rule}\" kan nooit gelden: {}", why.nl),
        format!("rule \"{rule}\" can never hold: {}", why.en),
    );
    Diagnostic::new(&KIND, at, message)
}
