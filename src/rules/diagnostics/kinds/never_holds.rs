//! R707: a part of a condition that is never so.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A part of a condition that is never so.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R707",
    slug: "never-holds",
    severity: Severity::Warning,
    meaning: Words::new(
        "Dit deel gaat nooit samen met wat ervoor staat, of gebeurt nooit: de status wordt niet ingegaan, de termijn gaat niet lopen, de brief wordt niet verstuurd.",
        "This part never goes together with what stands before it, or never happens: the state is not entered, the deadline not armed, the letter not sent.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open && complaint.state == "answered" then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.is_open && complaint.state == "arrived" then { remark("x"); }"#,
    },
};

/// Says that a part is never so.
pub fn report(at: Location) -> Diagnostic {
    Diagnostic::new(&KIND, at, Text::new("dit is nooit zo", "this is never so"))
}
