//! R142: a declared name without quotes.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A declared name without quotes.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R142",
    slug: "missing-quotes",
    severity: Severity::Error,
    meaning: Words::new(
        r#"De naam van een stand, rol, termijn of bericht staat altijd tussen aanhalingstekens: "clerk"."#,
        r#"The name of a state, role, deadline or message always stands in quotes: "clerk"."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.state == arrived then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.state == "arrived" then { remark("x"); }"#,
    },
};

/// Says that a declared name stands without quotes.
pub fn report(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("de naam `{name}` hoort tussen aanhalingstekens"),
        format!("the name `{name}` belongs in quotes"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("schrijf `\"{name}\"`"), format!("write `\"{name}\"`"))
        .replaced_by(format!("\"{name}\""))
}
