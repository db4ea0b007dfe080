//! R720: a part of a condition that is always so.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A part of a condition that is always so.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R720",
    slug: "always-holds",
    severity: Severity::Warning,
    meaning: Words::new(
        "Dit deel is altijd waar, dus het maakt geen verschil of het er staat.",
        "This part is always true, so it makes no difference whether it stands here.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open && now >= complaint.received_at then { enter("answered"); }"#,
        mended: r#"rule "r" when complaint.is_open && now >= complaint.received_at + days(1) then { enter("answered"); }"#,
    },
};

/// Says that a part is always so.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new("dit is altijd zo", "this is always so");
    Diagnostic::new(&KIND, at, message)
}
