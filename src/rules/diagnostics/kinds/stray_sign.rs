//! R130: a colon, comma or semicolon where a part begins or ends.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A colon, comma or semicolon where a part begins or ends.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R130",
    slug: "stray-sign",
    severity: Severity::Error,
    meaning: Words::new(
        "Tussen de onderdelen van een regel staat geen leesteken: when … then { … }.",
        "No punctuation stands between the parts of a rule: when … then { … }.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open; then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that a sign stands between two parts.
pub fn report(at: Location, sign: &str) -> Diagnostic {
    let message = Text::new(
        format!("tussen de onderdelen van een regel staat geen `{sign}`"),
        format!("no `{sign}` stands between the parts of a rule"),
    );
    Diagnostic::new(&KIND, at, message).remedy(format!("haal `{sign}` weg"), format!("delete `{sign}`"))
}
