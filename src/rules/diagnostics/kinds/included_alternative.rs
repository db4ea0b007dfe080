//! R722: an alternative that an earlier one includes.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An alternative that an earlier one includes.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R722",
    slug: "included-alternative",
    severity: Severity::Warning,
    meaning: Words::new(
        "Als dit geldt, geldt ook al wat er voor || staat. Het deel kan weg, of er is iets anders bedoeld.",
        "When this holds, what stands before || holds as well. Leave it out, or write what was meant.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open || (complaint.is_open && known("number")) then { enter("answered"); }"#,
        mended: r#"rule "r" when complaint.is_open || known("number") then { enter("answered"); }"#,
    },
};

/// Says that an alternative adds nothing.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new("dit zit al in wat ervoor staat", "what stands before it includes this");
    Diagnostic::new(&KIND, at, message)
}
