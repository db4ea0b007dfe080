//! R312: a name that cannot get another value.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A name that cannot get another value.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R312",
    slug: "fixed-name",
    severity: Severity::Error,
    meaning: Words::new(
        "Dit is een vaste naam en geen gegeven dat een regel kan veranderen.",
        "This name is fixed, and is nothing that a rule can change.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { today = 3; }"#,
        mended: r#"rule "r" when complaint.is_open then { let days_open = 3; remark(`${days_open}`); }"#,
    },
};

/// Says that a name cannot be assigned to.
pub fn report(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{name}` kan geen andere waarde krijgen"),
        format!("`{name}` cannot be assigned to"),
    );
    Diagnostic::new(&KIND, at, message)
}
