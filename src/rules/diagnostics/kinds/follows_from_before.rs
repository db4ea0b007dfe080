//! R721: a part of a condition that follows from what stands before it.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A part of a condition that follows from what stands before it.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R721",
    slug: "follows-from-before",
    severity: Severity::Warning,
    meaning: Words::new(
        "Als geldt wat hiervoor staat, geldt dit ook. Het deel kan weg, of er is iets anders bedoeld.",
        "When what stands before it holds, this holds as well. Leave it out, or write what was meant.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.state == "arrived" && complaint.state != "answered" then { enter("answered"); }"#,
        mended: r#"rule "r" when complaint.state == "arrived" then { enter("answered"); }"#,
    },
};

/// Says that a part adds nothing.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new("dit volgt al uit wat ervoor staat", "this follows from what stands before it");
    Diagnostic::new(&KIND, at, message)
}
