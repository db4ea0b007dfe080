//! R315: an action whose roles are no list.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An action whose roles are no list.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R315",
    slug: "roles-list",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Achter `by` staat een lijst met rollen, tussen vierkante haken: by ["clerk"]."#,
        r#"A list of roles stands after `by`, in square brackets: by ["clerk"]."#,
    ),
    example: Example::Script {
        wrong: r#"action a "A" by clerk when true then { remark("x"); }"#,
        mended: r#"action a "A" by ["clerk"] when true then { remark("x"); }"#,
    },
};

/// Says how roles are written, with a role that there is.
pub fn report(at: Location, role: &str) -> Diagnostic {
    let message = Text::new(
        format!("achter `by` staat een lijst met rollen: by [\"{role}\"]"),
        format!("`by` takes a list of role names: by [\"{role}\"]"),
    );
    Diagnostic::new(&KIND, at, message)
}
