//! R306: a schedule that speaks of a complaint.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A schedule that speaks of a complaint.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R306",
    slug: "no-complaint",
    severity: Severity::Error,
    meaning: Words::new(
        "Een planning gaat over de procedure als geheel. Er is geen klacht bij; ze kan alleen berichten sturen.",
        "A schedule is about the procedure as a whole. It has no complaint, and can only send messages.",
    ),
    example: Example::Script {
        wrong: r#"schedule "s" cron "0 0 9 * * MON" then { notify("clerk", "note"); enter("answered"); }"#,
        mended: r#"schedule "s" cron "0 0 9 * * MON" then { notify("clerk", "note"); }"#,
    },
};

/// Says that a schedule has nothing of the kind.
pub fn report(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("bij een planning hoort geen klacht, dus geen `{name}`; ze kan alleen berichten sturen"),
        format!("a schedule has no complaint, so no `{name}`; it can only notify"),
    );
    Diagnostic::new(&KIND, at, message)
}
