//! R311: a field that only Redress fills.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A field that only Redress fills.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R311",
    slug: "fixed-field",
    severity: Severity::Error,
    meaning: Words::new(
        "Dit gegeven houdt Redress zelf bij; een regel kan het alleen lezen. De status verandert met enter(…), het nummer komt met register().",
        "Redress keeps this field itself; a rule can only read it. The state changes with enter(…), the number comes with register().",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { complaint.state = "answered"; }"#,
        mended: r#"rule "r" when complaint.is_open then { enter("answered"); }"#,
    },
};

/// Says that a field cannot be assigned.
pub fn report(at: Location, field: &str) -> Diagnostic {
    let message = Text::new(
        format!("complaint.{field} wordt door Redress gezet; een regel kan het niet veranderen"),
        format!("complaint.{field} is set by Redress and cannot be assigned"),
    );
    Diagnostic::new(&KIND, at, message)
}
